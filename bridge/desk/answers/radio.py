"""A user's stations and programmes."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from bridge import schedules
from bridge.api.commands import radio as commands
from bridge.api.listening_views import ProgrammeView, Times
from bridge.desk.command_registry import CommandRegistry, answers, reads, writes
from bridge.errors import BadInput
from bridge.schedules.reading import CalendarReader
from bridge.store.engine.addresses import web_address
from bridge.store.listening import programmes, stations
from bridge.store.people import users

_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Planned:
    """A programme with its station, and its user's zone; detached."""

    row: stations.Programme
    station: stations.Station
    zone: ZoneInfo


@answers(commands.AddProgramme)
async def add_programme(desk: CommandRegistry, asked: commands.AddProgramme) -> ProgrammeView:
    address = asked.calendar_address
    if address:
        address = web_address(address.replace("webcal://", "https://", 1), "bad_calendar")

    calendar = asked.calendar.encode(errors="replace") if asked.calendar else None
    fields = {**_fields(asked), "calendar": calendar, "calendar_address": address}

    def add(db: Session, now: datetime) -> Planned:
        row = programmes.add(db, **fields, now=now)
        if calendar is None:
            schedules.of_programme(row)  # or it is not added
        return _planned(db, asked.user, row.id)

    async with CalendarReader() as calendars:
        if calendar is not None:
            await calendars.check(calendar)
        return await _view(await desk.store.run(add, desk.now), calendars, desk.now)


@answers(commands.ListProgrammes)
async def list_programmes(
    desk: CommandRegistry, asked: commands.ListProgrammes
) -> list[ProgrammeView]:
    found = await desk.store.read(_all_planned, asked.user)
    async with CalendarReader() as calendars:
        views = [await _view(one, calendars, desk.now) for one in found]
    return sorted(views, key=lambda one: one.next or _NEVER)


@answers(commands.ChangeProgramme)
async def change_programme(desk: CommandRegistry, asked: commands.ChangeProgramme) -> ProgrammeView:
    def change(db: Session) -> Planned:
        programmes.change(db, **_fields(asked))
        return _planned(db, asked.user, asked.programme)

    changed = await desk.store.run(change)
    async with CalendarReader() as calendars:
        return await _view(changed, calendars, desk.now)


def _fields(asked: commands.AddProgramme | commands.ChangeProgramme) -> dict[str, Any]:
    """As the store takes them."""
    fields = dict(asked)
    times = fields.pop("times")
    return {**fields, "weekdays": times.weekdays, "at": times.at} if times else fields


def _all_planned(db: Session, user: UUID) -> list[Planned]:
    zone = ZoneInfo(users.get(db, user).time_zone)
    return [Planned(row, station, zone) for row, station in programmes.of_user(db, user)]


def _planned(db: Session, user: UUID, programme: UUID) -> Planned:
    row = programmes.get(db, user, programme)
    zone = ZoneInfo(users.get(db, user).time_zone)
    return Planned(row, stations.get(db, user, row.station_id), zone)


async def _view(one: Planned, calendars: CalendarReader, now: datetime) -> ProgrammeView:
    row = one.row
    return ProgrammeView.of(
        row,
        station=one.station,
        times=Times.of(row) if row.at is not None else None,
        calendar=row.calendar is not None,
        next=await _next(one, calendars, now),
    )


async def _next(one: Planned, calendars: CalendarReader, now: datetime) -> datetime | None:
    """Nothing is due for one that is switched off."""
    try:
        return await calendars.following(one.row, one.zone, now) if one.row.enabled else None
    except BadInput:
        return None  # it could be read when it was added


writes(commands.AddStation, stations.add)
reads(commands.ListStations, stations.of_user)
writes(commands.RenameStation, stations.rename)
writes(commands.RemoveStation, stations.remove)
writes(commands.RemoveProgramme, programmes.remove)
