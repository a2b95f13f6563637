"""The samples of a session, through a real PulseAudio daemon."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import numpy as np
import pytest

from bridge.connectors.desktop.agent.sound.sound import MICROPHONE, SPEAKER, SessionSound
from tests.bridge.connectors.desktop.pulse import RATE, Pulse, Telephone, best_match
from tests.peers.programs import until
from tests.peers.speech import Sound as Spoken
from tests.peers.speech import say

pytestmark = pytest.mark.real

MINE = say("The boat left the harbour before sunrise.")
YOURS = say("Please bring the two blue chairs.")
HEARD = 0.6
"""Of the correlation: a busy machine is late with a frame now and then."""


@pytest.fixture
async def pulse(tmp_path: Path) -> AsyncIterator[Pulse]:
    async with Pulse(tmp_path) as pulse:
        yield pulse


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with ours, theirs:
        yield ours, theirs


@pytest.fixture
async def sound(
    pulse: Pulse, ends: tuple[socket.socket, socket.socket]
) -> AsyncIterator[SessionSound]:
    async with SessionSound(ends[1], RATE, pulse.server) as sound:
        yield sound


@pytest.fixture
def telephone(
    sound: SessionSound, ends: tuple[socket.socket, socket.socket]
) -> Iterator[Telephone]:
    with Telephone.on(ends[0]) as telephone:
        yield telephone


def tone(seconds: float) -> Spoken:
    """A ring tone."""
    return Spoken(0.3 * np.sin(2 * np.pi * 440 * np.arange(round(seconds * RATE)) / RATE), RATE)


async def test_speech_passes_both_ways(
    pulse: Pulse, sound: SessionSound, telephone: Telephone
) -> None:
    sound.flow(True)
    async with pulse.recorder() as program:
        telephone.say(YOURS)
        async with pulse.player(MINE) as player:
            await player.ended()
        await until(lambda: program.heard().seconds > YOURS.seconds + 0.5, "all of it")
    assert best_match(MINE, telephone.heard()).correlation > HEARD
    assert best_match(YOURS, program.heard()).correlation > HEARD


async def test_a_ring_tone_before_the_call_is_not_heard(
    pulse: Pulse, sound: SessionSound, telephone: Telephone
) -> None:
    async with pulse.player(tone(1.0)) as player, pulse.recorder("speaker.monitor") as witness:
        await player.ended()
        await until(lambda: not witness.heard().after(0.5).samples[-RATE // 50 :].any(), "its end")
        assert witness.heard().samples.any()
    assert not telephone.heard().samples.any()
    sound.flow(True)
    before = telephone.seconds
    await until(lambda: telephone.seconds > before + 0.5, "what comes then")
    assert not telephone.heard().samples.any()


async def test_a_ring_tone_that_ends_as_the_call_begins_has_no_tail(
    pulse: Pulse, sound: SessionSound, telephone: Telephone
) -> None:
    """What PulseAudio has recorded but not yet handed over is left out."""
    async with pulse.player(tone(30.0)) as player, pulse.recorder("speaker.monitor") as witness:
        await until(lambda: witness.heard().samples.any(), "the tone")
        await player.kill()
        sound.flow(True)
        before = telephone.seconds
        await until(lambda: telephone.seconds > before + 0.5, "what comes then")
    assert not telephone.heard().samples.any()


async def test_nothing_leaves_after_the_flow_was_stopped(
    pulse: Pulse, sound: SessionSound, telephone: Telephone
) -> None:
    sound.flow(True)
    async with pulse.player(tone(5.0)):
        await until(lambda: telephone.heard().samples.any(), "the tone")
        sound.flow(False)
        stopped = telephone.seconds
        await until(lambda: telephone.seconds > stopped + 0.5, "half a second more")
    # what was on its way within the house
    assert not telephone.heard(stopped + 0.1).samples.any()
    sound.flow(True)
    again = telephone.seconds
    await until(lambda: telephone.seconds > again + 0.5, "half a second more")
    assert not telephone.heard(again).samples.any()


async def test_silence_enters_after_the_flow_was_stopped(
    pulse: Pulse, sound: SessionSound, telephone: Telephone
) -> None:
    sound.flow(True)
    async with pulse.recorder() as program:
        telephone.say(tone(30.0))
        await until(lambda: program.heard().samples.any(), "the tone")
        sound.flow(False)
        stopped = program.heard().seconds
        await until(lambda: program.heard().seconds > stopped + 0.7, "half a second more")
        # what the sink and the program's own buffer held
        assert not program.heard().after(stopped + 0.2).samples.any()


async def test_the_microphone_is_never_heard_by_the_phone(
    pulse: Pulse, sound: SessionSound, telephone: Telephone
) -> None:
    sound.flow(True)
    async with pulse.recorder() as program:
        telephone.say(YOURS)
        await until(lambda: program.heard().seconds > YOURS.seconds + 0.5, "all of it")
    assert best_match(YOURS, program.heard()).correlation > 0.9
    assert not telephone.heard().samples.any()


async def test_a_program_cannot_put_the_microphone_in_the_speakers_place(
    pulse: Pulse, sound: SessionSound, telephone: Telephone
) -> None:
    """PulseAudio gives the listeners of a sink that goes away another source."""
    sound.flow(True)
    await pulse.ask("unload-module", "module-null-sink")
    async with pulse.recorder() as program:
        telephone.say(tone(1.0))
        await until(lambda: program.heard().samples.any(), "the microphone to go on")
        since = telephone.seconds
        await until(lambda: telephone.seconds > since + 0.5, "half a second more")
    assert not telephone.heard().samples.any()


async def test_pulseaudio_that_dies_is_told(pulse: Pulse, sound: SessionSound) -> None:
    lost = asyncio.create_task(sound.lost())
    await pulse.kill()
    await asyncio.wait_for(lost, 2)


async def test_a_worker_that_is_gone_is_told(
    sound: SessionSound, ends: tuple[socket.socket, socket.socket]
) -> None:
    ends[0].close()
    await asyncio.wait_for(sound.lost(), 2)


@pytest.mark.parametrize("sink", [SPEAKER, MICROPHONE])
async def test_a_sink_that_is_not_there_is_told(
    tmp_path: Path, ends: tuple[socket.socket, socket.socket], sink: str
) -> None:
    async with Pulse(tmp_path, sinks=(sink,)) as pulse:
        with pytest.raises(OSError, match="No such entity"):
            await SessionSound(ends[1], RATE, pulse.server).__aenter__()


async def test_nobody_at_the_address_is_told(
    tmp_path: Path, ends: tuple[socket.socket, socket.socket]
) -> None:
    with pytest.raises(OSError, match="Connection refused"):
        await SessionSound(ends[1], RATE, f"unix:{tmp_path}/nobody").__aenter__()
