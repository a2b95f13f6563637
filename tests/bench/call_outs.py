"""A podcast that calls: how soon keys are heard on a real phone, from its key to the sound in its
ear, through the whole service.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

from bridge.api.commands.podcasts import AddPodcast, CallPodcast, ListEpisodes, MarkEpisode
from tests.bench.figure import Figure, Goal, Series
from tests.peers.ladder import encoded, ladder, pitch
from tests.peers.podcast import Podcast
from tests.peers.programs import until
from tests.peers.web import WebServer
from tests.real.household import Household, picks_up
from tests.real.listening import is_silent, just_heard

ROUNDS, QUICK_ROUNDS = 20, 2
SECONDS = 75
WINDOW = 0.06
"""Seconds of sound that are looked at; they count in every figure."""
HIGH = 1200.0
"""Hz; every second of the ladder from the 27th on is higher."""
_GOALS = {
    "1": ("press 1 -> first sound in the ear", Goal("p95", 400)),
    "6": ("press 6 -> the sound from there", Goal("p95", 500)),
    "pause": ("press 1 (pause) -> silence", Goal("p95", 300)),
    "where": ("press 5 -> first word", Goal("p95", 300)),
}


async def measure(directory: Path, quick: bool) -> list[Figure]:
    took: dict[str, list[float]] = {key: [] for key in _GOALS}
    async with Household(directory, PRIVATE_HOSTS="127.0.0.1") as home, WebServer() as web:
        await home.rings("Desk")
        feed = Podcast(web, "Ladder")
        feed.publish("One", encoded(ladder(SECONDS), directory / "one.mp3"), SECONDS)
        podcast = await home.front_desk.ask(AddPodcast(user=home.owner, address=feed.address))
        episode = await _episode(home, podcast.id)
        for _ in range(QUICK_ROUNDS if quick else ROUNDS):
            asked = CallPodcast(user=home.owner, podcast=podcast.id, episode=episode)
            await home.front_desk.ask(asked)
            await _listen(home, took)
            again = MarkEpisode(user=home.owner, episode=episode, heard=False)
            await home.front_desk.ask(again)  # from its beginning
    return [
        Figure(name, "ms", Series(tuple(1000 * one for one in took[key])), goal)
        for key, (name, goal) in _GOALS.items()
    ]


async def _episode(home: Household, podcast: UUID) -> UUID:
    async def known() -> UUID | None:
        found = await home.front_desk.ask(ListEpisodes(user=home.owner, podcast=podcast))
        return found[0].id if found else None

    found: UUID = await until(known, "the feed to be read")
    return found


async def _listen(home: Household, took: dict[str, list[float]]) -> None:
    """One call, with a key at a time."""
    desk = home.desk
    await picks_up(desk)

    def loud() -> bool:
        return not is_silent(just_heard(desk, WINDOW))

    def silent() -> bool:
        return is_silent(just_heard(desk, WINDOW))

    async def pressed(key: str, effect: Callable[[], bool]) -> float:
        began = time.monotonic()
        await desk.press(key)
        await until(effect, f"the effect of key {key}", every=0.01)
        return time.monotonic() - began

    await until(lambda: not is_silent(just_heard(desk, 0.5)), "the announcement")
    await until(lambda: is_silent(just_heard(desk, 1.0)), "the end of the announcement", 15)
    took["1"].append(await pressed("1", loud))
    took["6"].append(await pressed("6", lambda: pitch(just_heard(desk, WINDOW)) > HIGH))
    took["pause"].append(await pressed("1", silent))
    took["where"].append(await pressed("5", loud))
    await desk.press("#")
    await desk.happens("closed")
    await home.record()
