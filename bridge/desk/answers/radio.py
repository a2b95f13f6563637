"""A user's stations and programmes."""

from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from bridge import schedules
from bridge.api.commands.radio import (
    AddProgramme,
    AddStation,
    ChangeProgramme,
    ListProgrammes,
    ListStations,
    RemoveProgramme,
    RemoveStation,
    RenameStation,
)
from bridge.api.listening_views import ProgrammeView, StationView
from bridge.desk.command_registry import CommandRegistry, answers
from bridge.errors import BadInput
from bridge.store.engine.addresses import web_address
from bridge.store.listening import programmes, stations
from bridge.store.people import users
from bridge.store.views import programme_view, station_view

_NEVER = datetime.max.replace(tzinfo=UTC)


@answers(AddStation)
async def add_station(desk: CommandRegistry, asked: AddStation) -> StationView:
    row = await desk.store.run(stations.add, asked.user, asked.name, asked.address, desk.now)
    return station_view(row)


@answers(ListStations)
async def list_stations(desk: CommandRegistry, asked: ListStations) -> list[StationView]:
    return [station_view(row) for row in await desk.store.read(stations.of_user, asked.user)]


@answers(RenameStation)
async def rename_station(desk: CommandRegistry, asked: RenameStation) -> StationView:
    return station_view(
        await desk.store.run(stations.rename, asked.user, asked.station, asked.name)
    )


@answers(RemoveStation)
async def remove_station(desk: CommandRegistry, asked: RemoveStation) -> None:
    await desk.store.run(stations.remove, asked.user, asked.station)


@answers(AddProgramme)
async def add_programme(desk: CommandRegistry, asked: AddProgramme) -> ProgrammeView:
    address = asked.calendar_address
    if address:
        address = web_address(address.replace("webcal://", "https://", 1), "bad_calendar")

    def add(db: Session, now: datetime) -> ProgrammeView:
        row = programmes.add(
            db,
            asked.user,
            asked.station,
            title=asked.title,
            weekdays=asked.times.weekdays if asked.times else None,
            at=asked.times.at if asked.times else None,
            cron=asked.cron,
            calendar=asked.calendar.encode(errors="replace") if asked.calendar else None,
            calendar_address=address,
            minutes=asked.minutes,
            now=now,
        )
        schedules.of_programme(row)  # or it is not added
        return _view(db, asked.user, row.id, now)

    return await desk.store.run(add, desk.now)


@answers(ListProgrammes)
async def list_programmes(desk: CommandRegistry, asked: ListProgrammes) -> list[ProgrammeView]:
    found = await desk.store.read(_views, asked.user, desk.now)
    return sorted(found, key=lambda one: one.next or _NEVER)


@answers(ChangeProgramme)
async def change_programme(desk: CommandRegistry, asked: ChangeProgramme) -> ProgrammeView:
    def change(db: Session, now: datetime) -> ProgrammeView:
        programmes.change(
            db,
            asked.user,
            asked.programme,
            title=asked.title,
            weekdays=asked.times.weekdays if asked.times else None,
            at=asked.times.at if asked.times else None,
            minutes=asked.minutes,
            enabled=asked.enabled,
        )
        return _view(db, asked.user, asked.programme, now)

    return await desk.store.run(change, desk.now)


@answers(RemoveProgramme)
async def remove_programme(desk: CommandRegistry, asked: RemoveProgramme) -> None:
    await desk.store.run(programmes.remove, asked.user, asked.programme)


def _views(db: Session, user: UUID, now: datetime) -> list[ProgrammeView]:
    zone = ZoneInfo(users.get(db, user).time_zone)
    return [
        programme_view(row, station, _next(row, zone, now))
        for row, station in programmes.of_user(db, user)
    ]


def _view(db: Session, user: UUID, programme: UUID, now: datetime) -> ProgrammeView:
    row = programmes.get(db, user, programme)
    zone = ZoneInfo(users.get(db, user).time_zone)
    return programme_view(row, stations.get(db, user, row.station_id), _next(row, zone, now))


def _next(row: stations.Programme, zone: ZoneInfo, now: datetime) -> datetime | None:
    """Nothing is due for one that is switched off."""
    try:
        schedule = schedules.of_programme(row)
        return schedules.following(schedule, zone, now) if row.enabled else None
    except BadInput:
        return None  # it could be read when it was added
