"""Stations and the programmes for which the phone rings."""

from collections.abc import Callable
from datetime import date, time
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from bridge.errors import BadInput, NotAllowed, UnknownTarget
from bridge.store import Store
from bridge.store.listening import next_times, programmes, stations
from bridge.store.listening.due_jobs import DueJob
from bridge.terms import DueJobState
from tests.bridge.store.conftest import NOW

WEEKDAYS = frozenset(range(5))
MORNING = {"weekdays": WEEKDAYS, "at": time(7, 0)}


def tune(store: Store, user: UUID, name: str = "Radio Eins", address: str = "eins.example") -> UUID:
    with store.begin() as db:
        return stations.add(db, user, name, address, NOW).id


def plan(store: Store, user: UUID, station: UUID, **how: Any) -> UUID:
    with store.begin() as db:
        return programmes.add(db, user, station, now=NOW, **(how or MORNING)).id


def due(store: Store, user: UUID, source: UUID, state: DueJobState = DueJobState.PENDING) -> None:
    with store.begin() as db:
        today = date(2026, 11, 23)
        job = DueJob(user_id=user, source_id=source, local_date=today, key=state, due=NOW)
        job.state, job.changed = state, NOW
        db.add(job)


def jobs(store: Store) -> list[DueJobState]:
    with store.reading() as db:
        return list(db.scalars(select(DueJob.state).order_by(DueJob.key)))


def test_stations_are_listed_by_name(store: Store, ada: UUID, bob: UUID) -> None:
    tune(store, ada, "rbb", "rbb.example/x")
    tune(store, ada, "Ö1", "oe1.example")
    tune(store, ada, "BBC", "HTTP://BBC.Example:80")
    tune(store, bob, "His", "rbb.example/x")
    with store.reading() as db:
        listed = [(row.name, row.address) for row in stations.of_user(db, ada)]
    assert listed == [
        ("BBC", "http://bbc.example/"),
        ("rbb", "https://rbb.example/x"),
        ("Ö1", "https://oe1.example/"),
    ]


def test_a_station_that_is_there_may_get_another_name(store: Store, ada: UUID) -> None:
    first = tune(store, ada)
    assert tune(store, ada, "Eins", "https://EINS.example/") == first
    with store.begin() as db:
        assert stations.rename(db, ada, first, "One").name == "One"
        assert stations.rename(db, ada, first, " ").name == "https://eins.example/"


def test_what_is_no_address_is_no_station(store: Store, ada: UUID) -> None:
    with pytest.raises(BadInput, match="bad_stream_address"):
        tune(store, ada, "Radio", "my radio")


def test_there_is_room_for_so_many(store: Store, ada: UUID) -> None:
    for number in range(stations.MOST):
        station = tune(store, ada, address=f"eins.example/{number}")
    with pytest.raises(NotAllowed, match="too_many_stations"):
        tune(store, ada, address="eins.example/more")
    for _ in range(programmes.MOST):
        plan(store, ada, station)
    with pytest.raises(NotAllowed, match="too_many_programmes"):
        plan(store, ada, station)


@pytest.mark.parametrize(
    "how",
    [
        {"weekdays": WEEKDAYS},
        {"cron": "0 7 * * *", **MORNING},
        {"cron": "0 7 * * *", "calendar": b"BEGIN:VCALENDAR"},
        {"calendar": b"BEGIN:VCALENDAR", "calendar_address": "https://x.example/"},
        {"weekdays": frozenset(), "at": time(7)},
        {"weekdays": frozenset({7}), "at": time(7)},
    ],
)
def test_a_programme_has_one_schedule(store: Store, ada: UUID, how: dict[str, Any]) -> None:
    station = tune(store, ada)
    with pytest.raises(BadInput, match="bad_schedule"):
        plan(store, ada, station, **how)


def test_programmes_are_kept_as_they_are_planned(store: Store, ada: UUID) -> None:
    station = tune(store, ada)
    weekly = plan(store, ada, station, title="News", minutes=15, **MORNING)
    plan(store, ada, station, cron="5 11 * * 0")
    filed = plan(store, ada, station, calendar=b"BEGIN:VCALENDAR")
    fetched = plan(store, ada, station, calendar_address="https://x.example/")
    with store.reading() as db:
        listed = programmes.of_user(db, ada)
        assert {(row.cron, row.calendar) for row, _ in listed} == {
            ("", None),
            ("5 11 * * 0", None),
            ("", b"BEGIN:VCALENDAR"),
        }
        row = programmes.get(db, ada, weekly)
        assert (row.title, row.weekdays, row.at, row.minutes) == ("News", WEEKDAYS, time(7), 15)
        assert [row.id for row in programmes.to_fetch(db)] == [fetched]
        assert len(next_times.open_sources(db, NOW)) == 4
    with store.begin() as db:
        for programme in (filed, fetched):
            programmes.set_calendar(db, programme, b"BEGIN:VCALENDAR new")
        with pytest.raises(BadInput, match="bad_calendar"):
            programmes.set_calendar(db, fetched, b"x" * (stations.CALENDAR + 1))
    with store.reading() as db:
        assert programmes.get(db, ada, fetched).calendar == b"BEGIN:VCALENDAR new"
        assert programmes.get(db, ada, filed).calendar == b"BEGIN:VCALENDAR"


def test_only_what_is_given_changes(store: Store, ada: UUID) -> None:
    programme = plan(store, ada, tune(store, ada), title="News", minutes=15, cron="0 7 * * *")
    with store.begin() as db:
        row = programmes.change(db, ada, programme, minutes=0)
        assert (row.title, row.minutes, row.cron, row.enabled) == ("News", None, "0 7 * * *", True)
        row = programmes.change(db, ada, programme, **MORNING)
        assert (row.cron, row.at, row.weekdays) == ("", time(7), WEEKDAYS)
        with pytest.raises(BadInput, match="bad_schedule"):
            programmes.change(db, ada, programme, at=time(8), weekdays=frozenset())


def test_what_is_switched_off_or_moved_is_not_due_any_more(store: Store, ada: UUID) -> None:
    programme = plan(store, ada, tune(store, ada))
    changes: list[dict[str, Any]] = [MORNING, {"enabled": False}]
    for change in changes:
        due(store, ada, programme)
        with store.begin() as db:
            programmes.change(db, ada, programme, title="Still due")
        assert jobs(store) == [DueJobState.PENDING]
        with store.begin() as db:
            programmes.change(db, ada, programme, **change)
        assert jobs(store) == []
    with store.reading() as db:
        assert next_times.open_sources(db, NOW) == []


def test_programmes_go_with_their_station(store: Store, ada: UUID) -> None:
    station = tune(store, ada)
    programme = plan(store, ada, station)
    other = plan(store, ada, tune(store, ada, "Zwei", "zwei.example"))
    for source in (programme, other):
        due(store, ada, source)
        due(store, ada, source, DueJobState.DONE)
    with store.begin() as db:
        stations.remove(db, ada, station)
        assert [row.id for row, _ in programmes.of_user(db, ada)] == [other]
        programmes.remove(db, ada, other)
    assert jobs(store) == [DueJobState.DONE, DueJobState.DONE]


def test_nobody_reaches_another_ones(store: Store, ada: UUID, bob: UUID) -> None:
    station = tune(store, ada)
    programme = plan(store, ada, station)
    tries: list[Callable[..., object]] = [
        lambda db: stations.get(db, bob, station),
        lambda db: stations.rename(db, bob, station, "Mine"),
        lambda db: stations.remove(db, bob, station),
        lambda db: programmes.add(db, bob, station, cron="0 7 * * *", now=NOW),
        lambda db: programmes.get(db, bob, programme),
        lambda db: programmes.change(db, bob, programme, enabled=False),
        lambda db: programmes.remove(db, bob, programme),
    ]
    for attempt in tries:
        with pytest.raises(UnknownTarget, match="no_such_"), store.begin() as db:
            attempt(db)
