"""From an address in the chat to an episode on this machine."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from bridge import files
from bridge.settings import Settings
from bridge.store import Store
from bridge.store.listening import programmes, stations
from bridge.store.listening.feeds import Episode, Feed
from scheduler.bell import ScheduleBell
from scheduler.fetching import fetch
from tests.peers.ladder import encoded, ladder
from tests.peers.programs import until
from tests.peers.web import WebServer
from tests.scheduler.feeds import shapes
from tests.scheduler.feeds.stage import FakeDesk, person, subscribed


async def test_a_new_episode_is_found_and_brought_here(
    store: Store, desk: FakeDesk, tmp_path: Path
) -> None:
    encoded(ladder(2), tmp_path / "new.mp3")
    settings = Settings(data_dir=tmp_path / "house", private_hosts=("127.0.0.1",))
    async with WebServer(tmp_path) as server:
        mine = server.put("/feed.xml", shapes.rss(shapes.item(1)))
        subscribed(store, person(store), mine)
        bell = ScheduleBell()
        fetching = asyncio.create_task(fetch(store, desk, settings, bell))
        await until(lambda: desk.told, "the podcast to be in the list", 20)

        today = shapes.item(1001, datetime.now(UTC) - timedelta(minutes=1))
        sound = today.replace("https://cdn.example/1001.mp3", server.address("/new.mp3"))
        server.put("/feed.xml", shapes.rss(sound, shapes.item(1)))
        with store.begin() as db:  # "look for news"
            db.scalars(select(Feed)).one().next_poll = datetime.now(UTC)
        bell.ring()  # as the scheduler does when it is told of that

        def stored() -> list[Episode]:
            with store.reading() as db:
                return list(db.scalars(select(Episode).where(Episode.stored.is_not(None))))

        (row,) = await until(stored, "the episode to be here", 20)
        fetching.cancel()
        with suppress(asyncio.CancelledError):
            await fetching
    assert row.title == "Episode 1001"
    assert files.episode(settings.data_dir, row.id).is_file()


async def test_a_calendar_is_brought_here(store: Store, desk: FakeDesk, tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "house", private_hosts=("127.0.0.1",))
    calendar = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"
    async with WebServer() as server:
        address, user, now = server.put("/a.ics", calendar), person(store), datetime.now(UTC)
        with store.begin() as db:
            station = stations.add(db, user, "Eins", "https://eins.example/x", now).id
            mine = programmes.add(db, user, station, calendar_address=address, now=now).id
        fetching = asyncio.create_task(fetch(store, desk, settings, ScheduleBell()))

        def known() -> bytes | None:
            with store.reading() as db:
                return programmes.get(db, user, mine).calendar

        assert await until(known, "the calendar to be here", 20) == calendar
        fetching.cancel()
        with suppress(asyncio.CancelledError):
            await fetching
