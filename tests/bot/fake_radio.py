"""The part of the house in memory that knows stations and programmes."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from bridge import schedules
from bridge.api.command import UserCommand
from bridge.api.commands.radio import (
    AddProgramme,
    AddStation,
    CallStation,
    ChangeProgramme,
    ListProgrammes,
    ListStations,
    RemoveProgramme,
    RemoveStation,
    RenameStation,
)
from bridge.api.listening_views import ProgrammeView, StationView, Times
from bridge.errors import BadInput, NotAllowed
from bridge.store.engine.addresses import web_address
from bridge.store.listening import programmes, stations
from bridge.text import clean_text
from tests.bot.fake_home import found, given
from tests.bot.fake_shelf import FakeShelves, Timetable, sensible, to_the_minute

FAR = datetime.max.replace(tzinfo=UTC)


class FakeRadio(FakeShelves):
    def _AddStation(self, q: AddStation) -> StationView:
        kept, name = self.shelf(q.user).stations, clean_text(q.name)
        address = web_address(q.address, "bad_stream_address")
        for known in kept:
            if known.address == address:
                return self._renamed(q.user, known, name or known.name)
        if len(kept) >= stations.MOST:
            raise NotAllowed("too_many_stations", limit=str(stations.MOST))
        return self.shelf(q.user).station(name or clean_text(address), address)

    def _ListStations(self, q: ListStations) -> list[StationView]:
        return sorted(self.shelf(q.user).stations, key=lambda one: one.name.casefold())

    def _RenameStation(self, q: RenameStation) -> StationView:
        known = found(self.shelf(q.user).stations, q.station, "no_such_station")
        return self._renamed(q.user, known, clean_text(q.name) or clean_text(known.address))

    def _renamed(self, user: UUID, known: StationView, name: str) -> StationView:
        kept = self.shelf(user).stations
        changed = known.model_copy(update={"name": name})
        kept[kept.index(known)] = changed
        return changed

    def _RemoveStation(self, q: RemoveStation) -> None:
        shelf = self.shelf(q.user)
        shelf.stations.remove(found(shelf.stations, q.station, "no_such_station"))
        shelf.programmes = [each for each in shelf.programmes if each.station.id != q.station]

    def _CallStation(self, q: CallStation) -> None:
        found(self.shelf(q.user).stations, q.station, "no_such_station")
        self.rings(q)

    def _AddProgramme(self, q: AddProgramme) -> ProgrammeView:
        shelf, address = self.shelf(q.user), q.calendar_address
        if address:
            address = web_address(address.replace("webcal://", "https://", 1), "bad_calendar")
        station = found(shelf.stations, q.station, "no_such_station")
        if [q.times is not None, *map(bool, (q.cron, q.calendar, address))].count(True) != 1:
            raise BadInput("bad_schedule")
        times, cron = _checked(q.times), clean_text(q.cron)
        if len(shelf.programmes) >= programmes.MOST:
            raise NotAllowed("too_many_programmes", limit=str(programmes.MOST))
        timetable = Timetable(
            weekdays=times.weekdays if times else None,
            at=times.at if times else None,
            calendar=q.calendar.encode() if q.calendar else None,
            calendar_address=address,
            cron=cron,
        )
        schedules.of_programme(timetable)
        programme = ProgrammeView(
            id=uuid4(),
            station=station,
            title=clean_text(q.title),
            times=times,
            cron=cron,
            calendar=bool(q.calendar),
            calendar_address=address,
            minutes=q.minutes,
            enabled=True,
        )
        shelf.timetables[programme.id] = timetable
        shelf.programmes.append(programme)
        return self._programme(q, programme)

    def _ListProgrammes(self, q: ListProgrammes) -> list[ProgrammeView]:
        shown = [self._programme(q, each) for each in self.shelf(q.user).programmes]
        return sorted(shown, key=lambda one: one.next or FAR)

    def _ChangeProgramme(self, q: ChangeProgramme) -> ProgrammeView:
        shelf, changes = self.shelf(q.user), given(q, "programme")
        known = found(shelf.programmes, q.programme, "no_such_programme")
        if q.minutes is not None:
            changes["minutes"] = q.minutes or None
        if q.title is not None:
            changes["title"] = clean_text(q.title)
        times = _checked(q.times)
        if times is not None:
            changes |= {"times": times, "cron": "", "calendar": False, "calendar_address": ""}
            shelf.timetables[known.id] = Timetable(times.weekdays, times.at)
        changed = known.model_copy(update=changes)
        shelf.programmes[shelf.programmes.index(known)] = changed
        return self._programme(q, changed)

    def _RemoveProgramme(self, q: RemoveProgramme) -> None:
        owned = self.shelf(q.user).programmes
        owned.remove(found(owned, q.programme, "no_such_programme"))

    def _programme(self, q: UserCommand[Any], known: ProgrammeView) -> ProgrammeView:
        """With when it is due; one that a test has made stays due when the test says."""
        shelf, zone = self.shelf(q.user), ZoneInfo(self.home_of(q).user.time_zone)
        shown: dict[str, Any] = {
            "station": next(one for one in shelf.stations if one.id == known.station.id)
        }
        if known.id in shelf.timetables:
            schedule = schedules.of_programme(shelf.timetables[known.id])
            shown["next"] = schedules.following(schedule, zone, datetime.now(UTC))
        if not known.enabled:
            shown["next"] = None
        return known.model_copy(update=shown)


def _checked(times: Times | None) -> Times | None:
    if times is not None and not sensible(times):
        raise BadInput("bad_schedule")
    return None if times is None else to_the_minute(times)
