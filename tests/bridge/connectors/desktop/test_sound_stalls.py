"""Something stands still for a second, and sound goes on as it was before: nothing stays late.

The telephone hears its own voice: a program in the session plays what it records. It is a new one
each time, so that what it has kept itself is not counted.
"""

import asyncio
import os
import signal
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bridge.connectors.desktop.agent.sound.sound import SessionSound
from bridge.connectors.desktop.protocol.messages import SoundDrifted
from tests.bridge.connectors.desktop.pulse import (
    RATE,
    Pulse,
    Telephone,
    agent,
    best_match,
    echo,
)
from tests.peers.programs import until
from tests.peers.speech import say

pytestmark = pytest.mark.real

SAID = say("Please bring the two blue chairs.")
STALL = 1.0
MORE_LATE = 0.1
"""Seconds. Measured: the program's own buffers differ by up to 0.06 from one time to the next."""


async def round_trip(pulse: Pulse, telephone: Telephone) -> float:
    """Seconds; the sentence comes back well, or it is an error."""
    with echo(pulse.server):
        began = telephone.seconds
        telephone.say(SAID)  # until it has begun to echo
        await until(lambda: telephone.heard(began).samples.any(), "any echo")
        telephone.say(SAID.silence(1))
        await until(lambda: telephone.is_quiet(0.4), "its end")
        began = telephone.seconds
        telephone.say(SAID)
        await until(lambda: telephone.seconds > began + SAID.seconds + 0.5, "the echo")
    heard = await asyncio.to_thread(best_match, SAID, telephone.heard(began))
    assert heard.correlation > 0.8
    return heard.delay


@pytest.fixture
async def pulse(tmp_path: Path) -> AsyncIterator[Pulse]:
    async with Pulse(tmp_path) as pulse:
        yield pulse


@pytest.fixture
async def telephone_and_agent(pulse: Pulse) -> AsyncIterator[tuple[Telephone, int]]:
    """And the agent's pid."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with ours, theirs, Telephone.on(ours) as telephone:
        async with agent(pulse.server, theirs) as pid:
            theirs.close()
            async with pulse.player(SAID):
                await until(lambda: telephone.heard().samples.any(), "the agent to be there")
            await until(lambda: telephone.is_quiet(0.4), "the end of it")
            yield telephone, pid


async def stopped(pid: int, telephone: Telephone) -> None:
    """For STALL seconds, by the telephone's clock."""
    began = telephone.seconds
    os.kill(pid, signal.SIGSTOP)
    try:
        await until(lambda: telephone.seconds > began + STALL, "the time to pass")
    finally:
        os.kill(pid, signal.SIGCONT)


async def test_an_agent_that_stood_still(
    pulse: Pulse, telephone_and_agent: tuple[Telephone, int]
) -> None:
    telephone, pid = telephone_and_agent
    before = await round_trip(pulse, telephone)
    await stopped(pid, telephone)
    assert await round_trip(pulse, telephone) < before + MORE_LATE


async def test_a_worker_that_stood_still(
    pulse: Pulse, telephone_and_agent: tuple[Telephone, int]
) -> None:
    telephone, _ = telephone_and_agent
    before = await round_trip(pulse, telephone)
    await telephone.stall(STALL)
    assert await round_trip(pulse, telephone) < before + MORE_LATE


async def test_the_agent_tells_that_the_microphone_ran_dry(pulse: Pulse) -> None:
    """And nothing of the time before sound was let pass, or of silence that was meant."""
    told: list[SoundDrifted] = []
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with ours, theirs:
        async with SessionSound(theirs, RATE, pulse.server, told.append) as sound:
            with Telephone.on(ours) as telephone:
                await until(lambda: telephone.seconds > 0.3, "a moment of silence")
                assert told == []
                sound.flow(True)
                await until(lambda: telephone.seconds > 0.6, "a moment of sound")
                told.clear()  # a busy machine may have been late
                await telephone.stall(STALL)
                await until(lambda: sum(one.underruns for one in told), "the gap to be told")
                sound.flow(False)


async def test_pulseaudio_that_stood_still(
    pulse: Pulse, telephone_and_agent: tuple[Telephone, int]
) -> None:
    telephone, _ = telephone_and_agent
    before = await round_trip(pulse, telephone)
    await stopped(pulse.pid, telephone)
    # it makes up for the time at once, and the next program shall not keep that for itself
    await until(lambda: telephone.stream.overruns, "what had piled up")
    done = telephone.seconds
    await until(lambda: telephone.seconds > done + 0.3, "the time after it")
    assert await round_trip(pulse, telephone) < before + MORE_LATE
