"""A reading in real time: what happens though nothing is told any more."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest

from bridge.connectors.desktop.protocol.messages import ProgramStarted, StreamGone, StreamSeen, Told
from bridge.connectors.desktop.reading.following import happenings
from bridge.connectors.desktop.reading.happening import Ended, Happening, InCall, SignedIn
from bridge.connectors.desktop.reading.reading import Reading
from bridge.connectors.desktop.recipe.recipe_store import RecipeStore
from bridge.errors import NetworkDown
from tests.fake_clock import FakeClockLoop


@pytest.fixture
def clock() -> Iterator[asyncio.Runner]:
    with asyncio.Runner(loop_factory=FakeClockLoop) as runner:
        yield runner


class Agent:
    """Tells what it is given, at its time (seconds), then fails like a session that is lost."""

    def __init__(self, *facts: tuple[float, Told], lasts: float = 60.0) -> None:
        self.facts = facts
        self.lasts = lasts

    async def told(self) -> AsyncIterator[Told]:
        clock = asyncio.get_running_loop().time
        for time, fact in self.facts:
            await asyncio.sleep(time - clock())
            yield fact
        await asyncio.sleep(self.lasts)
        raise NetworkDown("desktop_lost")


async def followed(agent: Agent) -> list[tuple[float, Happening]]:
    loop = asyncio.get_running_loop()
    reading, happened = Reading(RecipeStore().recipe("linphone"), loop.time), []
    reading.dialled()
    with pytest.raises(NetworkDown):
        async for one in happenings(agent.told(), reading):
            happened.append((loop.time(), one))
    return happened


def test_the_end_of_a_call_comes_by_the_clock(clock: asyncio.Runner) -> None:
    records = StreamSeen(stream="records", index=1, program="linphone")
    agent = Agent(
        (1.0, ProgramStarted(pid=7)), (2.0, records), (9.0, StreamGone(stream="records", index=1))
    )
    assert clock.run(followed(agent)) == [(1.5, SignedIn()), (2.0, InCall()), (9.5, Ended())]


def test_a_session_that_is_lost_is_told_as_it_is(clock: asyncio.Runner) -> None:
    assert clock.run(followed(Agent(lasts=1.0))) == []


def test_whoever_stops_following_leaves_nothing_behind(clock: asyncio.Runner) -> None:
    async def stop() -> None:
        reading = Reading(RecipeStore().recipe("linphone"), asyncio.get_running_loop().time)
        following = happenings(Agent((1.0, ProgramStarted(pid=7))).told(), reading)
        assert await anext(following) == SignedIn()
        await following.aclose()
        assert asyncio.all_tasks() == {asyncio.current_task()}

    clock.run(stop())
