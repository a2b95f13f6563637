"""Calendars at an address, fetched from a real server into a real store."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, time, timedelta
from uuid import UUID

import pytest

from bridge.store import Store
from bridge.store.listening import programmes, stations
from bridge.store.listening.stations import CALENDAR
from scheduler.calendars import NEW_FOR, keep_fetched, refetch
from scheduler.web import Web
from tests.peers.hostile_web import breaks_off, says
from tests.peers.programs import until
from tests.peers.web import WebServer
from tests.scheduler.feeds.conftest import server, store, web
from tests.scheduler.feeds.stage import Clock, person

__all__ = ["server", "store", "web"]

NOW = datetime(2027, 6, 1, 12, tzinfo=UTC)
DAILY = (
    b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART:20270101T070000\r\n"
    b"RRULE:FREQ=DAILY\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)
LATER = DAILY.replace(b"T07", b"T08")


def programme(store: Store, address: str, *, created: datetime = NOW) -> UUID:
    """Of a user of its own, whose calendar is at `address`."""
    user = person(store)
    with store.begin() as db:
        station = stations.add(db, user, "Eins", "https://eins.example/x", created).id
        return programmes.add(db, user, station, calendar_address=address, now=created).id


def known(store: Store, programme: UUID) -> bytes | None:
    with store.reading() as db:
        return db.get_one(stations.Programme, programme).calendar


async def test_a_new_calendar_is_fetched_once(store: Store, server: WebServer, web: Web) -> None:
    mine = programme(store, server.put("/a.ics", DAILY, "text/calendar"))
    await refetch(store, web, NOW, only_new=True)
    assert known(store, mine) == DAILY
    await refetch(store, web, NOW + timedelta(minutes=1), only_new=True)
    assert server.times("/a.ics") == 1


async def test_every_day_a_calendar_is_fetched_anew(
    store: Store, server: WebServer, web: Web
) -> None:
    mine = programme(store, server.put("/a.ics", DAILY))
    await refetch(store, web, NOW)
    server.put("/a.ics", LATER)
    await refetch(store, web, NOW + timedelta(days=1))
    assert known(store, mine) == LATER


async def test_an_address_is_asked_once_for_all_who_go_by_it(
    store: Store, server: WebServer, web: Web
) -> None:
    address = server.put("/a.ics", DAILY)
    both = [programme(store, address), programme(store, address)]
    await refetch(store, web, NOW)
    assert [known(store, one) for one in both] == [DAILY, DAILY]
    assert server.times("/a.ics") == 1


@pytest.mark.parametrize(
    "answer",
    [
        says(200, b"<html>Please sign in</html>"),
        says(200, DAILY.replace(b"FREQ=DAILY", b"FREQ=SECONDLY")),
        says(200, DAILY + b" " * CALENDAR),
        says(200),
        says(404, b"nothing here"),
        says(410),
        says(503, Retry_After="3600"),
        breaks_off(LATER, 100),
    ],
    ids=["page", "bomb", "too large", "empty", "not found", "gone", "busy", "cut off"],
)
async def test_what_cannot_be_read_leaves_the_calendar_that_is_known(
    store: Store, server: WebServer, web: Web, caplog: pytest.LogCaptureFixture, answer: object
) -> None:
    mine = programme(store, server.put("/a.ics?key=sesame", DAILY))
    await refetch(store, web, NOW)
    server.pages["/a.ics?key=sesame"] = answer  # type: ignore[assignment]
    with caplog.at_level(logging.WARNING, "scheduler.calendars"):
        await refetch(store, web, NOW + timedelta(days=1))
    assert known(store, mine) == DAILY
    (word,) = [one.getMessage() for one in caplog.records if one.name == "scheduler.calendars"]
    assert str(mine) in word
    assert "sesame" not in word


async def test_a_bad_address_does_not_hold_up_the_others(
    store: Store, server: WebServer, web: Web
) -> None:
    bad = programme(store, server.address("/nowhere.ics"))
    private = programme(store, "http://10.0.0.1/a.ics")
    good = programme(store, server.put("/a.ics", DAILY))
    await refetch(store, web, NOW)
    assert [known(store, one) for one in (bad, private, good)] == [None, None, DAILY]


async def test_a_new_calendar_that_cannot_be_read_is_asked_for_until_it_is_old(
    store: Store, server: WebServer, web: Web
) -> None:
    mine = programme(store, server.address("/a.ics"))
    for minute in range(3):
        await refetch(store, web, NOW + timedelta(minutes=minute), only_new=True)
    assert server.times("/a.ics") == 3
    server.put("/a.ics", DAILY)
    await refetch(store, web, NOW + NEW_FOR, only_new=True)
    assert server.times("/a.ics") == 3
    await refetch(store, web, NOW + timedelta(days=1))
    assert known(store, mine) == DAILY


async def test_what_is_switched_off_or_changed_meanwhile_keeps_what_it_has(
    store: Store, server: WebServer, web: Web
) -> None:
    off, changed = (programme(store, server.put("/a.ics", DAILY)) for _ in range(2))
    with store.begin() as db:
        for one, what in (
            (off, {"enabled": False}),
            (changed, {"weekdays": frozenset({0}), "at": time(7)}),
        ):
            user = db.get_one(stations.Programme, one).user_id
            programmes.change(db, user, one, **what)  # type: ignore[arg-type]
    await refetch(store, web, NOW)
    assert (known(store, off), known(store, changed)) == (None, None)
    assert server.asked == []


@asynccontextmanager
async def kept(store: Store, web: Web, clock: Clock) -> AsyncIterator[None]:
    fetching = asyncio.create_task(keep_fetched(store, web, clock, looks_every=0.01))
    try:
        yield
    finally:
        fetching.cancel()
        with suppress(asyncio.CancelledError):
            await fetching


async def test_calendars_are_kept_fetched_while_the_scheduler_leads(
    store: Store, server: WebServer, web: Web
) -> None:
    clock = Clock()
    old = programme(store, server.put("/old.ics", DAILY), created=clock.at - timedelta(days=9))
    async with kept(store, web, clock):
        await until(lambda: known(store, old), "the old one to be read")
        new = programme(store, server.put("/new.ics", DAILY), created=clock.at)
        await until(lambda: known(store, new), "the new one to be read")
        assert server.times("/old.ics") == 1

        server.put("/old.ics", LATER)
        clock.passes(days=1)
        await until(lambda: known(store, old) == LATER, "the old one to be read anew")
        await until(lambda: server.times("/new.ics") == 2, "the new one to be read anew")
        assert server.times("/old.ics") == 2
