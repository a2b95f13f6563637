"""Programs that play and record in the session: told, and put where they belong."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import pytest

from bridge.connectors.desktop.protocol.messages import StreamGone, StreamSeen
from bridge.connectors.desktop.protocol.requests import Start
from tests.bridge.connectors.desktop.agent.running import Agent
from tests.peers.programs import Program, program_path

pytestmark = pytest.mark.real


@pytest.fixture
async def agent(tmp_path: Path) -> AsyncIterator[Agent]:
    async with Agent(tmp_path) as agent:
        yield agent


@asynccontextmanager
async def pacat(agent: Agent, *words: str, to: Path = Path("/dev/zero")) -> AsyncIterator[None]:
    """It plays silence, or records it."""
    program = Program("pacat", agent.directory)
    await program.spawn(program_path("pacat"), *words, str(to), env=environment(agent))
    try:
        yield
    finally:
        await program.end()


def environment(agent: Agent) -> dict[str, str]:
    return {
        "HOME": str(agent.home),
        "PULSE_SERVER": f"unix:{agent.run}/pulse.sock",
        "PULSE_COOKIE": f"{agent.run}/pulse.cookie",
    }


async def pactl(agent: Agent, *words: str) -> str:
    asked = await asyncio.create_subprocess_exec(
        *(program_path("pactl"), *words),
        env=environment(agent),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await asked.communicate()
    return said.decode()


async def device_of(agent: Agent, stream: StreamSeen) -> str:
    """The name of the device that it is on."""
    devices, streams = ("sinks", "sink-inputs")
    if stream.stream == "records":
        devices, streams = ("sources", "source-outputs")
    place = next(row[1] for row in await rows(agent, streams) if row[0] == str(stream.index))
    return next(row[1] for row in await rows(agent, devices) if row[0] == place)


async def rows(agent: Agent, kind: str) -> list[list[str]]:
    listed = await pactl(agent, "list", "short", kind)
    return [row.split("\t") for row in listed.splitlines()]


async def test_who_plays_is_told_until_he_stops(agent: Agent) -> None:
    async with pacat(agent, "--playback"):
        seen = await agent.told(StreamSeen)
        assert (seen.stream, seen.program, seen.corked) == ("plays", "pacat", False)
    assert await agent.told(StreamGone) == StreamGone(stream="plays", index=seen.index)


async def test_who_records_is_told_until_he_stops(agent: Agent) -> None:
    async with pacat(agent, "--record"):
        seen = await agent.told(StreamSeen)
        assert (seen.stream, seen.program) == ("records", "pacat")
    assert await agent.told(StreamGone) == StreamGone(stream="records", index=seen.index)


async def test_neither_the_card_nor_the_agent_itself_is_told(agent: Agent) -> None:
    async with pacat(agent, "--playback"):
        await agent.told(StreamSeen)
        assert {one.program for one in agent.all_told(StreamSeen)} == {"pacat"}


async def test_who_plays_into_the_microphone_is_moved_to_the_speaker(agent: Agent) -> None:
    async with pacat(agent, "--playback", "--device=microphone"):
        seen = await agent.told(StreamSeen)
        assert await device_of(agent, seen) == "speaker"


async def test_who_records_what_others_play_is_moved_to_the_microphone(agent: Agent) -> None:
    async with pacat(agent, "--record", "--device=speaker.monitor"):
        seen = await agent.told(StreamSeen)
        assert await device_of(agent, seen) == "mic"


async def test_nobody_loads_or_unloads_what_the_card_is_made_of(agent: Agent) -> None:
    sinks = await pactl(agent, "list", "short", "sinks")
    await pactl(agent, "unload-module", "module-null-sink")
    await pactl(agent, "load-module", "module-null-sink", "sink_name=another")
    assert await pactl(agent, "list", "short", "sinks") == sinks
    assert "speaker" in sinks and "microphone" in sinks


async def test_a_microphone_that_is_wanted_late_gives_nothing_before(agent: Agent) -> None:
    """Each time that it is opened."""
    await agent.ask(Start(argv=("sleep", "60"), microphone_after_ms=700))
    for number in (1, 2):
        recording = agent.directory / f"recording-{number}"
        async with pacat(agent, "--record", "--latency-msec=20", to=recording):
            await agent.until(partial(has_told, agent, StreamSeen, number), "it to be seen")
            opened = time.monotonic()
            await agent.until(partial(is_written, recording), "its first samples")
            assert 0.6 < time.monotonic() - opened < 5
        await agent.until(partial(has_told, agent, StreamGone, number), "its end")


def has_told(agent: Agent, kind: type[StreamSeen | StreamGone], times: int) -> bool:
    return len({one.index for one in agent.all_told(kind)}) == times


def is_written(file: Path) -> bool:
    return file.exists() and file.stat().st_size > 0
