"""Stations and programmes of a user."""

from datetime import UTC, datetime, time
from typing import Any
from uuid import UUID, uuid4

import pytest

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
from bridge.api.listening_views import Times
from bridge.errors import BadInput, NotAllowed, UnknownTarget
from tests.contracts.desk.world import DeskContract, DeskWorld, covers

NO_STATION = UnknownTarget("no_such_station")
NO_PROGRAMME = UnknownTarget("no_such_programme")
DAILY = Times(at=time(7))
CALENDAR = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1\r\n"
    "DTSTAMP:20260101T000000Z\r\nDTSTART:20260101T180000\r\nRRULE:FREQ=DAILY\r\n"
    "END:VEVENT\r\nEND:VCALENDAR\r\n"
)


class RadioContract(DeskContract):
    async def station(self, desk: DeskWorld, user: UUID, name: str = "Radio One") -> UUID:
        address = f"https://radio.example/{name.replace(' ', '')}"
        return (await desk.ask(AddStation(user=user, name=name, address=address))).id

    @covers(AddStation, ListStations)
    async def test_stations_by_name(self, desk: DeskWorld, ada: UUID, ben: UUID) -> None:
        two = AddStation(user=ada, name="radio Two", address="Radio.example:443/two#x")
        added = await desk.ask(two)
        assert (added.name, added.address) == ("radio Two", "https://radio.example/two")
        await self.station(desk, ada)
        bare = await desk.ask(AddStation(user=ada, name="\0", address="radio.example/a"))
        assert bare.name == "https://radio.example/a"
        listed = await desk.ask(ListStations(user=ada))
        assert [one.name for one in listed] == [bare.name, "Radio One", "radio Two"]
        assert await desk.ask(ListStations(user=ben)) == []

    @covers(AddStation)
    async def test_a_station_that_is_there_gets_the_name(self, desk: DeskWorld, ada: UUID) -> None:
        first = await desk.ask(AddStation(user=ada, name="One", address="radio.example/one"))
        again = AddStation(user=ada, name="Uno", address="https://radio.example/one")
        renamed = await desk.ask(again)
        assert renamed == first.model_copy(update={"name": "Uno"})
        assert await desk.ask(again.model_copy(update={"name": ""})) == renamed

    @covers(AddStation, RenameStation)
    async def test_a_long_address_is_cut_for_a_name(self, desk: DeskWorld, ada: UUID) -> None:
        address = "https://radio.example/" + "x" * 300
        added = await desk.ask(AddStation(user=ada, name="", address=address))
        assert (added.name, added.address) == (address[:200], address)
        await desk.ask(RenameStation(user=ada, station=added.id, name="One"))
        bare = await desk.ask(RenameStation(user=ada, station=added.id, name=""))
        assert bare == added

    @pytest.mark.parametrize("address", ["", "radio", "ftp://radio.example", "radio one.example"])
    @covers(AddStation)
    async def test_what_is_no_stream(self, desk: DeskWorld, ada: UUID, address: str) -> None:
        asked = AddStation(user=ada, name="One", address=address)
        await desk.refuses(asked, BadInput("bad_stream_address"))

    @covers(AddStation)
    async def test_a_hundred_are_enough(self, desk: DeskWorld, ada: UUID) -> None:
        for number in range(100):
            await self.station(desk, ada, str(number))
        more = AddStation(user=ada, name="One", address="radio.example/one")
        await desk.refuses(more, NotAllowed("too_many_stations", limit="100"))

    @covers(RenameStation)
    async def test_one_is_renamed(self, desk: DeskWorld, ada: UUID) -> None:
        station = await self.station(desk, ada)
        renamed = await desk.ask(RenameStation(user=ada, station=station, name="Uno\n"))
        assert (renamed.id, renamed.name) == (station, "Uno")
        bare = await desk.ask(RenameStation(user=ada, station=station, name=""))
        assert bare.name == bare.address

    @covers(RemoveStation, ListProgrammes, CallStation)
    async def test_with_a_station_its_programmes_go(self, desk: DeskWorld, ada: UUID) -> None:
        await desk.serves(ada)
        await desk.has_phone(ada)
        station, other = await self.station(desk, ada), await self.station(desk, ada, "Two")
        for each in (station, other):
            await desk.ask(AddProgramme(user=ada, station=each, times=DAILY))
        assert await desk.ask(CallStation(user=ada, station=station)) is None
        await desk.ask(RemoveStation(user=ada, station=station))
        left = await desk.ask(ListProgrammes(user=ada))
        assert [one.station.id for one in left] == [other]
        await desk.refuses(RemoveStation(user=ada, station=station), NO_STATION)

    @pytest.mark.parametrize(
        "schedule",
        [
            {"times": Times(weekdays=frozenset({0, 6}), at=time(7))},
            {"cron": "0 7 * * *"},
            {"calendar": CALENDAR},
        ],
    )
    @covers(AddProgramme, ListProgrammes)
    async def test_a_programme_by_each_kind_of_schedule(
        self, desk: DeskWorld, ada: UUID, schedule: dict[str, Any]
    ) -> None:
        station = await self.station(desk, ada)
        added = await desk.ask(
            AddProgramme(user=ada, station=station, title="News\n", minutes=30, **schedule)
        )
        assert (added.title, added.minutes, added.enabled) == ("News", 30, True)
        assert (added.station.id, added.calendar_address) == (station, "")
        assert added.times == schedule.get("times") and added.cron == schedule.get("cron", "")
        assert added.calendar is ("calendar" in schedule)
        assert added.next is not None and added.next > datetime.now(UTC)
        assert await desk.ask(ListProgrammes(user=ada)) == [added]

    @covers(AddProgramme)
    async def test_a_schedule_is_kept_without_blanks_around_it(
        self, desk: DeskWorld, ada: UUID
    ) -> None:
        station = await self.station(desk, ada)
        asked = AddProgramme(user=ada, station=station, cron=" 0  7 * * *\t")
        assert (await desk.ask(asked)).cron == "0 7 * * *"

    @covers(AddProgramme)
    async def test_a_calendar_that_is_somewhere(self, desk: DeskWorld, ada: UUID) -> None:
        """It is not due before it was fetched."""
        station = await self.station(desk, ada)
        where = "webcal://cal.example/x.ics"
        added = await desk.ask(AddProgramme(user=ada, station=station, calendar_address=where))
        assert (added.calendar_address, added.next) == ("https://cal.example/x.ics", None)

    @pytest.mark.parametrize(
        ("schedule", "code"),
        [
            ({}, "bad_schedule"),
            ({"times": DAILY, "cron": "0 7 * * *"}, "bad_schedule"),
            ({"times": Times(weekdays=frozenset(), at=time(7))}, "bad_schedule"),
            ({"times": Times(weekdays=frozenset({7}), at=time(7))}, "bad_schedule"),
            ({"times": Times(at=time.fromisoformat("07:00+01:00"))}, "bad_schedule"),
            ({"cron": "every day"}, "bad_cron"),
            ({"cron": "61 7 * * *"}, "bad_cron"),
            ({"calendar": "what"}, "bad_calendar"),
            ({"calendar_address": "what"}, "bad_calendar"),
        ],
    )
    @covers(AddProgramme)
    async def test_a_schedule_that_is_none(
        self, desk: DeskWorld, ada: UUID, schedule: dict[str, Any], code: str
    ) -> None:
        station = await self.station(desk, ada)
        await desk.refuses(AddProgramme(user=ada, station=station, **schedule), BadInput(code))
        assert await desk.ask(ListProgrammes(user=ada)) == []

    @covers(AddProgramme)
    async def test_a_hundred_programmes_are_enough(self, desk: DeskWorld, ada: UUID) -> None:
        asked = AddProgramme(user=ada, station=await self.station(desk, ada), times=DAILY)
        for _ in range(100):
            await desk.ask(asked)
        await desk.refuses(asked, NotAllowed("too_many_programmes", limit="100"))

    @covers(ChangeProgramme)
    async def test_only_what_is_given_changes_of_a_programme(
        self, desk: DeskWorld, ada: UUID
    ) -> None:
        station = await self.station(desk, ada)
        before = await desk.ask(AddProgramme(user=ada, station=station, cron="0 7 * * *"))
        for given, also in (
            ({"title": "News"}, {}),
            ({"minutes": 30}, {}),
            ({"minutes": 0}, {"minutes": None}),
            ({"enabled": False}, {"next": None}),
            ({"title": ""}, {}),
            ({"times": DAILY}, {"cron": ""}),
        ):
            asked = ChangeProgramme(user=ada, programme=before.id, **given)
            after = await desk.ask(asked)
            assert after == before.model_copy(update={**given, **also})
            before = after
        on = await desk.ask(ChangeProgramme(user=ada, programme=before.id, enabled=True))
        assert on.enabled and on.next is not None
        nothing = ChangeProgramme(user=ada, programme=on.id, title=None, minutes=None)
        assert await desk.ask(nothing) == on
        bad = Times(weekdays=frozenset(), at=time(7))
        await desk.refuses(
            ChangeProgramme(user=ada, programme=on.id, times=bad), BadInput("bad_schedule")
        )

    @covers(ListProgrammes)
    async def test_what_is_due_next_comes_first(self, desk: DeskWorld, ada: UUID) -> None:
        station = await self.station(desk, ada)
        where = "cal.example/x.ics"
        never = await desk.ask(AddProgramme(user=ada, station=station, calendar_address=where))
        later = await desk.ask(AddProgramme(user=ada, station=station, cron="0 7 1 1 *"))
        soon = await desk.ask(AddProgramme(user=ada, station=station, cron="0 * * * *"))
        listed = await desk.ask(ListProgrammes(user=ada))
        assert [one.id for one in listed] == [soon.id, later.id, never.id]

    @covers(RemoveProgramme)
    async def test_a_programme_is_removed(self, desk: DeskWorld, ada: UUID) -> None:
        station = await self.station(desk, ada)
        added = await desk.ask(AddProgramme(user=ada, station=station, times=DAILY))
        await desk.ask(RemoveProgramme(user=ada, programme=added.id))
        assert await desk.ask(ListProgrammes(user=ada)) == []
        await desk.refuses(RemoveProgramme(user=ada, programme=added.id), NO_PROGRAMME)

    @covers(RenameStation, RemoveStation, CallStation, AddProgramme)
    @covers(ChangeProgramme, RemoveProgramme)
    async def test_stations_and_programmes_of_others(
        self, desk: DeskWorld, ada: UUID, ben: UUID
    ) -> None:
        await desk.serves(ben)
        station = await self.station(desk, ada)
        programme = await desk.ask(AddProgramme(user=ada, station=station, times=DAILY))
        for which in (station, uuid4()):
            for asked in (
                RenameStation(user=ben, station=which, name="X"),
                RemoveStation(user=ben, station=which),
                CallStation(user=ben, station=which),
                AddProgramme(user=ben, station=which, times=DAILY),
            ):
                await desk.refuses(asked, NO_STATION)
        for which in (programme.id, uuid4()):
            await desk.refuses(ChangeProgramme(user=ben, programme=which), NO_PROGRAMME)
            await desk.refuses(RemoveProgramme(user=ben, programme=which), NO_PROGRAMME)
