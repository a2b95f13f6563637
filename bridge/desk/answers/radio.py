"""A user's stations and programmes."""

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
from bridge.store.engine.addresses import web_address
from bridge.store.listening import programmes, stations
from bridge.store.people import users

_NEVER = datetime.max.replace(tzinfo=UTC)


@answers(commands.AddProgramme)
async def add_programme(desk: CommandRegistry, asked: commands.AddProgramme) -> ProgrammeView:
    address = asked.calendar_address
    if address:
        address = web_address(address.replace("webcal://", "https://", 1), "bad_calendar")

    calendar = asked.calendar.encode(errors="replace") if asked.calendar else None
    fields = {**_fields(asked), "calendar": calendar, "calendar_address": address}

    def add(db: Session, now: datetime) -> ProgrammeView:
        row = programmes.add(db, **fields, now=now)
        schedules.of_programme(row)  # or it is not added
        return _view(db, asked.user, row.id, now)

    return await desk.store.run(add, desk.now)


@answers(commands.ListProgrammes)
async def list_programmes(
    desk: CommandRegistry, asked: commands.ListProgrammes
) -> list[ProgrammeView]:
    found = await desk.store.read(_views, asked.user, desk.now)
    return sorted(found, key=lambda one: one.next or _NEVER)


@answers(commands.ChangeProgramme)
async def change_programme(desk: CommandRegistry, asked: commands.ChangeProgramme) -> ProgrammeView:
    def change(db: Session, now: datetime) -> ProgrammeView:
        programmes.change(db, **_fields(asked))
        return _view(db, asked.user, asked.programme, now)

    return await desk.store.run(change, desk.now)


def _fields(asked: commands.AddProgramme | commands.ChangeProgramme) -> dict[str, Any]:
    """As the store takes them."""
    fields = dict(asked)
    times = fields.pop("times")
    return {**fields, "weekdays": times.weekdays, "at": times.at} if times else fields


def _views(db: Session, user: UUID, now: datetime) -> list[ProgrammeView]:
    zone = ZoneInfo(users.get(db, user).time_zone)
    found = programmes.of_user(db, user)
    return [_of(row, station, zone, now) for row, station in found]


def _view(db: Session, user: UUID, programme: UUID, now: datetime) -> ProgrammeView:
    row = programmes.get(db, user, programme)
    zone = ZoneInfo(users.get(db, user).time_zone)
    return _of(row, stations.get(db, user, row.station_id), zone, now)


def _of(
    row: stations.Programme, station: stations.Station, zone: ZoneInfo, now: datetime
) -> ProgrammeView:
    return ProgrammeView.of(
        row,
        station=station,
        times=Times.of(row) if row.at is not None else None,
        calendar=row.calendar is not None,
        next=_next(row, zone, now),
    )


def _next(row: stations.Programme, zone: ZoneInfo, now: datetime) -> datetime | None:
    """Nothing is due for one that is switched off."""
    try:
        schedule = schedules.of_programme(row)
        return schedules.following(schedule, zone, now) if row.enabled else None
    except BadInput:
        return None  # it could be read when it was added


writes(commands.AddStation, stations.add)
reads(commands.ListStations, stations.of_user)
writes(commands.RenameStation, stations.rename)
writes(commands.RemoveStation, stations.remove)
writes(commands.RemoveProgramme, programmes.remove)
