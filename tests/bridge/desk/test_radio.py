"""Stations and programmes by the front desk."""

from datetime import UTC, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from bridge.api.commands.access import WhoIs
from bridge.api.commands.preferences import ChangeSettings
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
from bridge.api.listening_views import StationView, Times
from bridge.errors import BadInput
from bridge.store.calls import outbox
from bridge.store.listening import programmes
from tests.bridge.desk.conftest import Office

SUNDAYS = Times(weekdays=frozenset({6}), at=time(11, 5))


@pytest.fixture
async def ada(office: Office) -> UUID:
    return (await office.member(1, "Ada")).id


def calendar(*lines: str) -> str:
    """Of one event."""
    event = "BEGIN:VEVENT", *lines, "END:VEVENT"
    return "\r\n".join(["BEGIN:VCALENDAR", *event, "END:VCALENDAR", ""])


async def tuned(office: Office, ada: UUID) -> StationView:
    return await office.client.ask(AddStation(user=ada, name="Eins", address="eins.example/x"))


async def test_a_station_is_added_renamed_and_removed(office: Office, ada: UUID) -> None:
    ask = office.client.ask
    station = await tuned(office, ada)
    assert (station.name, station.address) == ("Eins", "https://eins.example/x")
    renamed = await ask(RenameStation(user=ada, station=station.id, name="One"))
    assert await ask(ListStations(user=ada)) == [renamed]
    assert renamed == station.model_copy(update={"name": "One"})
    await ask(AddProgramme(user=ada, station=station.id, times=SUNDAYS))
    await ask(RemoveStation(user=ada, station=station.id))
    assert await ask(ListStations(user=ada)) == []
    assert await ask(ListProgrammes(user=ada)) == []
    with pytest.raises(BadInput, match="bad_stream_address"):
        await ask(AddStation(user=ada, name="Radio", address="radio"))


async def test_a_programme_is_added_changed_and_removed(office: Office, ada: UUID) -> None:
    ask = office.client.ask
    station = await tuned(office, ada)
    added = await ask(
        AddProgramme(user=ada, station=station.id, title="Mass", times=SUNDAYS, minutes=60)
    )
    assert (added.station, added.title, added.times) == (station, "Mass", SUNDAYS)
    assert (added.minutes, added.enabled, added.cron, added.calendar) == (60, True, "", False)
    assert await ask(ListProgrammes(user=ada)) == [added]
    change = ChangeProgramme(user=ada, programme=added.id, minutes=0, enabled=False)
    changed = await ask(change)
    assert (changed.title, changed.minutes, changed.enabled) == ("Mass", None, False)
    await ask(RemoveProgramme(user=ada, programme=added.id))
    assert await ask(ListProgrammes(user=ada)) == []


async def test_an_address_of_a_calendar_may_be_a_webcal(office: Office, ada: UUID) -> None:
    station = (await tuned(office, ada)).id
    address = "webcal://cal.example/a.ics"
    added = await office.client.ask(
        AddProgramme(user=ada, station=station, calendar_address=address)
    )
    assert (added.calendar_address, added.calendar) == ("https://cal.example/a.ics", False)
    with pytest.raises(BadInput, match="bad_calendar"):
        await office.client.ask(
            AddProgramme(user=ada, station=station, calendar_address="file:///etc/passwd")
        )


async def test_a_programme_has_one_schedule(office: Office, ada: UUID) -> None:
    station = (await tuned(office, ada)).id
    for asked in (
        AddProgramme(user=ada, station=station),
        AddProgramme(user=ada, station=station, times=SUNDAYS, cron="5 11 * * 0"),
    ):
        with pytest.raises(BadInput, match="bad_schedule"):
            await office.client.ask(asked)


@pytest.mark.parametrize(
    ("schedule", "code"),
    [
        ({"cron": "seven o'clock"}, "bad_cron"),
        ({"cron": "* 7 * * *"}, "bad_cron"),
        ({"cron": "0 7 30 2 *"}, "bad_cron"),
        ({"cron": "   "}, "bad_cron"),
        ({"calendar": "Dear Ada, the mass is at eleven."}, "bad_calendar"),
        ({"calendar": calendar("DTSTART:20270101T070000", "RRULE:FREQ=SECONDLY")}, "bad_calendar"),
        ({"calendar": calendar("DTSTART:tomorrow")}, "bad_calendar"),
        ({"calendar": calendar("X:" + "ä" * 150_000)}, "bad_calendar"),
    ],
)
async def test_a_schedule_that_cannot_be_read_is_refused_and_not_kept(
    office: Office, ada: UUID, schedule: dict[str, str], code: str
) -> None:
    station = (await tuned(office, ada)).id
    with pytest.raises(BadInput, match=code):
        await office.client.ask(AddProgramme(user=ada, station=station, **schedule))
    assert await office.client.ask(ListProgrammes(user=ada)) == []


async def test_a_programme_says_when_it_is_next(office: Office, ada: UUID) -> None:
    ask, now = office.client.ask, datetime.now(UTC)
    station = (await tuned(office, ada)).id
    zone = ZoneInfo((await ask(WhoIs(chat=1))).time_zone)
    tomorrow = now.replace(microsecond=0) + timedelta(days=1)
    new_year = datetime(now.astimezone(zone).year + 1, 1, 1, tzinfo=zone).astimezone(UTC)

    def add(**schedule: object) -> AddProgramme:
        return AddProgramme(user=ada, station=station, **schedule)

    by_cron = await ask(add(cron="0 0 1 1 *"))
    once = await ask(add(calendar=calendar(f"DTSTART:{tomorrow:%Y%m%dT%H%M%SZ}")))
    over = await ask(add(calendar=calendar("DTSTART:20200101T070000Z")))
    unread = await ask(add(calendar_address="cal.example/a.ics"))
    assert (by_cron.next, once.next, over.next, unread.next) == (new_year, tomorrow, None, None)
    assert (once.calendar, unread.calendar) == (True, False)
    due = sorted([by_cron, once], key=lambda one: one.next)
    assert await ask(ListProgrammes(user=ada)) == [*due, over, unread]


async def test_nothing_is_next_for_a_programme_that_is_switched_off(
    office: Office, ada: UUID
) -> None:
    ask = office.client.ask
    station = (await tuned(office, ada)).id
    on = await ask(AddProgramme(user=ada, station=station, cron="0 7 * * *"))
    off = await ask(ChangeProgramme(user=ada, programme=on.id, enabled=False))
    again = await ask(ChangeProgramme(user=ada, programme=on.id, enabled=True))
    assert (off.next, again.next) == (None, on.next)
    assert on.next is not None


async def test_who_moves_sees_the_times_of_the_new_zone(office: Office, ada: UUID) -> None:
    ask = office.client.ask
    station = (await tuned(office, ada)).id
    await ask(AddProgramme(user=ada, station=station, cron="0 7 * * *"))
    for name in ("America/Lima", "Asia/Kathmandu"):
        await ask(ChangeSettings(user=ada, time_zone=name))
        (shown,) = await ask(ListProgrammes(user=ada))
        assert shown.next.astimezone(ZoneInfo(name)).time() == time(7)


async def test_a_calendar_that_cannot_be_read_any_more_hides_no_other_programme(
    office: Office, ada: UUID
) -> None:
    ask = office.client.ask
    station = (await tuned(office, ada)).id
    await ask(AddProgramme(user=ada, station=station, cron="0 7 * * *"))
    broken = await ask(
        AddProgramme(user=ada, station=station, calendar_address="cal.example/a.ics")
    )
    await office.store.run(programmes.set_calendar, broken.id, b"no longer a calendar")
    first, last = await ask(ListProgrammes(user=ada))
    assert (first.cron, last.id, last.next) == ("0 7 * * *", broken.id, None)


async def test_the_scheduler_hears_of_what_may_be_due_earlier(office: Office, ada: UUID) -> None:
    station = await tuned(office, ada)
    await office.relay.attend("scheduler")
    await office.client.ask(AddProgramme(user=ada, station=station.id, times=SUNDAYS))
    await office.client.ask(ListProgrammes(user=ada))
    await office.client.ask(ChangeSettings(user=ada, time_zone="Europe/London"))
    await office.relay.emptied()
    found = await office.store.read(outbox.after, "scheduler")
    assert [row.body["kind"] for row in found] == ["schedule_changed"] * 2
