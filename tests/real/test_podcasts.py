"""Podcasts ring a real phone: the right sound, the keys, going on; and never twice."""

import os
import signal
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest
import pytest_asyncio

from bridge.api.commands.podcasts import (
    AddPodcast,
    CallPodcast,
    ChangePodcast,
    ListEpisodes,
    ListPodcasts,
    LookAgain,
    RemovePodcast,
)
from bridge.api.listening_views import EpisodeView
from bridge.terms import Cause, Direction, RingRule
from tests.bench.cost import Processes
from tests.peers.ladder import encoded, ladder
from tests.peers.podcast import Podcast
from tests.peers.programs import until
from tests.peers.web import WebServer
from tests.real.household import Household, accepts, picks_up
from tests.real.listening import hears_second, hears_silence

pytestmark = pytest.mark.asyncio(loop_scope="package")

SECONDS = 75


@dataclass
class Show:
    """A podcast whose episodes are ladders, in the list of the owner, who is called at no time."""

    home: Household
    feed: Podcast
    sound: Path
    id: UUID

    def publish(self, title: str) -> None:
        self.feed.publish(title, self.sound, SECONDS)

    async def episode(self, title: str) -> EpisodeView:
        """As soon as it is known."""
        found: list[EpisodeView] = []

        async def known() -> bool:
            listed = ListEpisodes(user=self.home.owner, podcast=self.id)
            shown = await self.home.front_desk.ask(listed)
            found[:] = [one for one in shown if one.title == title]
            return bool(found)

        await until(known, f"{title} to be in the list")
        return found[0]

    async def is_read(self) -> None:
        """The feed has been looked at."""

        async def read() -> bool:
            shown = await self.home.front_desk.ask(ListPodcasts(user=self.home.owner))
            return any(one.id == self.id and one.title for one in shown)

        await until(read, "the feed to be read")

    async def brings(self, title: str) -> None:
        """A new episode appears, and the owner asks for news until it rings."""
        self.publish(title)
        desk = self.home.front_desk

        async def rings() -> bool:
            await desk.ask(LookAgain(user=self.home.owner, podcast=self.id))
            return not self.home.desk.is_quiet

        await until(rings, "the phone to ring for it", 60)

    async def rings_at_once(self) -> None:
        change = ChangePodcast(user=self.home.owner, podcast=self.id, rings=RingRule.AT_ONCE)
        await self.home.front_desk.ask(change)


@pytest_asyncio.fixture(loop_scope="package")
async def show(home: Household, tmp_path: Path) -> AsyncIterator[Show]:
    await home.rings("Desk")
    async with WebServer() as web:
        feed = Podcast(web, "Ladder")
        sound = encoded(ladder(SECONDS), tmp_path / "ladder.mp3")
        feed.publish("The first one", sound, SECONDS)
        added = await home.front_desk.ask(AddPodcast(user=home.owner, address=feed.address))
        never = ChangePodcast(user=home.owner, podcast=added.id, rings=RingRule.NEVER)
        await home.front_desk.ask(never)
        show = Show(home, feed, sound, added.id)
        await show.is_read()
        yield show
        if home.service.alive:
            await home.front_desk.ask(RemovePodcast(user=home.owner, podcast=added.id))


async def is_called(home: Household, show: Show, title: str) -> None:
    """The owner asks for an episode in the chat, and accepts it on the phone."""
    episode = await show.episode(title)
    asked = CallPodcast(user=home.owner, podcast=show.id, episode=episode.id)
    await home.front_desk.ask(asked)
    shown = await picks_up(home.desk)
    assert shown.display_name == show.feed.title
    await home.desk.press("1")


async def test_an_episode_is_heard_and_the_keys_do_what_they_say(
    home: Household, show: Show
) -> None:
    await is_called(home, show, "The first one")
    await hears_second(home.desk, range(0, 5))
    await home.desk.press("6")
    await hears_second(home.desk, range(30, 38))
    await home.desk.press("4")
    await hears_second(home.desk, range(0, 12))
    await home.desk.press("1")
    await hears_silence(home.desk)
    await home.desk.press("1")
    await hears_second(home.desk, range(0, 14))
    await home.desk.press("888")
    second, at = await hears_second(home.desk, range(2, 20)), time.monotonic()
    later = await hears_second(home.desk, range(second + 7, second + 8))
    assert (later - second) / (time.monotonic() - at) == pytest.approx(1.5, abs=0.25)
    await home.desk.press("#")
    await home.desk.happens("closed")
    call = await home.record()
    assert (call.direction, call.answered_on) == (Direction.CALL_OUT, "Desk")
    assert call.cause == Cause.NORMAL.word
    left = (await show.episode("The first one")).position
    assert left == pytest.approx(later, abs=2.5)

    await is_called(home, show, "The first one")
    again = round(left - 5)
    await hears_second(home.desk, range(again - 1, again + 3))
    await home.desk.hang_up()
    await home.record()


async def test_a_new_episode_rings_by_itself(home: Household, show: Show) -> None:
    await show.rings_at_once()
    await show.brings("Something new")
    told = home.service.told_since()
    await picks_up(home.desk)
    await home.desk.press("1")
    await hears_second(home.desk, range(0, 5))
    await home.desk.press("3")
    await home.desk.hears(await home.spoken("That was all. Goodbye."))
    await home.desk.happens("closed")
    await home.record()
    assert (await show.episode("Something new")).heard
    assert "Something new" in told()


async def test_a_podcast_that_nobody_takes_can_be_called_from_the_chat(
    home: Household, show: Show
) -> None:
    await show.rings_at_once()
    await show.brings("Nobody is there")
    await home.desk.happens("incoming")
    await home.desk.happens("closed")
    missed = await home.record()
    assert missed.cause == Cause.NO_ANSWER.word
    await home.service.sees("Call me now")
    await home.service.presses("Call me now")
    await home.desk.happens("incoming")
    await accepts(home.desk)
    await hears_second(home.desk, range(0, 5))
    await home.desk.hang_up()
    await home.record()


@pytest.mark.timeout(240)
async def test_a_house_that_is_killed_while_it_rings_does_not_ring_again(
    home: Household, show: Show
) -> None:
    await show.rings_at_once()
    await show.brings("A bad moment")
    await home.desk.happens("incoming")
    workers = Processes(home.service.pid).workers()
    home.service.signal(signal.SIGKILL)
    for worker in workers:  # with its supervisor gone it would say goodbye
        os.kill(worker, signal.SIGKILL)
    await until(lambda: not home.service.alive, "the house to be dead")
    await home.service.restart()
    await home.is_ready(60)  # the dead worker's lease must run out first
    await home.service.sees("I do not call a second time", 30)
    await home.desk.hang_up()  # nobody was left to tell it that it is over
    home.desk.forget()
    before = home.desk.calls_received
    await show.brings("A better one")  # what the scheduler finds due together rings together
    await picks_up(home.desk)
    await home.desk.press("1")
    await hears_second(home.desk, range(0, 5))
    await home.desk.hang_up()
    await home.is_quiet()
    assert home.desk.calls_received == before + 1
