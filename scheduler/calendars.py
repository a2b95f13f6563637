"""The calendars of programmes that are at an address: fetched soon after they were added, and anew
once a day.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge.errors import HouseError
from bridge.schedules.reading import CalendarReader
from bridge.store import Store
from bridge.store.listening import programmes
from bridge.store.listening.stations import CALENDAR, Programme
from scheduler.bell import ScheduleBell
from scheduler.web import Web

log = logging.getLogger(__name__)

LOOKS_EVERY = 60.0
"""Seconds, while a new one has not been read; nobody looks for new ones more rarely than IDLE times
that.
"""
IDLE = 60
ANEW_AFTER = timedelta(days=1)
WITHIN = 30.0
"""Seconds for all of a calendar."""
NEW_FOR = timedelta(minutes=15)
"""So long one that was not there when it was added is asked for again and again."""
_ACCEPT = {"Accept": "text/calendar, */*;q=0.5"}


async def keep_fetched(
    store: Store,
    web: Web,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    looks_every: float = LOOKS_EVERY,
    bell: ScheduleBell | None = None,
) -> None:
    """Until it is cancelled; all of them when it begins."""
    bell = bell or ScheduleBell()
    renewed: datetime | None = None
    while True:
        at, heard = now(), bell.rung
        only_new = renewed is not None and at - renewed < ANEW_AFTER
        new = await refetch(store, web, at, only_new)
        if not only_new:
            renewed = at
        await bell.sleep(looks_every if new else looks_every * IDLE, heard)


async def refetch(store: Store, web: Web, now: datetime, only_new: bool = False) -> bool:
    """Once a day all of them, every minute the new ones that have never been read. Each address is
    asked once, however many programmes go by it. What cannot be fetched or read leaves the calendar
    that is known; it is logged and raises nothing. Whether new ones may be left.
    """
    try:
        rows = await store.read(_new, now) if only_new else await store.read(programmes.to_fetch)
    except HouseError as why:
        log.error("no calendar can be fetched at the moment: %s", why)
        return True
    async with CalendarReader() as reader, asyncio.TaskGroup() as visits:
        for address, own in _by_address(rows).items():
            visits.create_task(_renew(store, web, reader, address, own))
    return bool(rows) or not only_new


def _new(db: Session, now: datetime) -> list[Programme]:
    # those that are older wait for the next day: somebody else's server is no place to hammer at
    lately = Programme.created > now - NEW_FOR
    ids = set(db.scalars(select(Programme.id).where(Programme.calendar.is_(None), lately)))
    return [row for row in programmes.to_fetch(db) if row.id in ids]


def _by_address(rows: Iterable[Programme]) -> dict[str, list[UUID]]:
    found: dict[str, list[UUID]] = defaultdict(list)
    for row in rows:
        found[row.calendar_address].append(row.id)
    return found


async def _renew(
    store: Store, web: Web, reader: CalendarReader, address: str, own: list[UUID]
) -> None:
    try:
        _, body = await web.fetched(address, CALENDAR, WITHIN, _ACCEPT)
        await reader.check(body)  # or the known one stays
        for programme in own:
            await store.run(programmes.set_calendar, programme, body)
    except HouseError as why:
        # the address may be the key to a private calendar: it is not for the log
        log.warning("the calendar of programme %s stays as it was: %s", own[0], why)
    except Exception:  # a fault of ours: the others are fetched all the same
        log.exception("the calendar of programme %s could not be renewed", own[0])
