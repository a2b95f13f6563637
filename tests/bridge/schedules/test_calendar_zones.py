"""The zones of a calendar, and the nights when their clocks change."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bridge.errors import BadInput
from bridge.schedules import between, following
from tests.bridge.schedules.asking import (
    BERLIN,
    KATHMANDU,
    LIMA,
    LORD_HOWE,
    by_minutes,
    clocks,
    events,
    rung,
    utc,
)


@pytest.mark.parametrize(
    ("start", "rings"),
    [
        ("DTSTART:20270601T070000Z", "2027-06-01 07:00"),
        ("DTSTART;TZID=Europe/Berlin:20270601T070000", "2027-06-01 05:00"),
        ("DTSTART;TZID=Asia/Kathmandu:20270601T070000", "2027-06-01 01:15"),
        ("DTSTART;TZID=W. Europe Standard Time:20270601T070000", "2027-06-01 05:00"),
        ("DTSTART;TZID=/example.org/2007/Europe/Berlin:20270601T070000", "2027-06-01 05:00"),
        ('DTSTART;TZID="Europe/Berlin";VALUE=DATE-TIME:20270601T070000', "2027-06-01 05:00"),
        # it floats: the user is in Lima
        ("DTSTART:20270601T070000", "2027-06-01 12:00"),
        ("DTSTART;TZID=Nowhere:20270601T070000", "2027-06-01 12:00"),
    ],
)
def test_a_time_is_by_the_zone_that_is_named(start: str, rings: str) -> None:
    assert rung(events(start), LIMA, "2027-05-30 00:00", "2027-06-03 00:00") == [rings]


ODD = (
    "BEGIN:VTIMEZONE|TZID:Odd|"
    "BEGIN:STANDARD|DTSTART:20001029T030000|TZOFFSETFROM:+0615|TZOFFSETTO:+0515|"
    "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU|END:STANDARD|"
    "BEGIN:DAYLIGHT|DTSTART:20000326T020000|TZOFFSETFROM:+0515|TZOFFSETTO:+0615|"
    "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU|END:DAYLIGHT|"
    "END:VTIMEZONE|"
)


def test_a_zone_that_only_the_calendar_knows_is_as_it_says() -> None:
    odd = events("DTSTART;TZID=Odd:20270101T070000|RRULE:FREQ=DAILY", before=ODD)
    winter, summer = utc("2027-01-10 00:00"), utc("2027-07-10 00:00")
    assert following(odd, LIMA, winter) == utc("2027-01-10 01:45")
    assert following(odd, LIMA, summer) == utc("2027-07-10 00:45")


@pytest.mark.parametrize(
    ("clock", "stretch", "rings"),
    [
        # skipped in spring, on 28 March; twice in autumn, on 31 October
        ("0230", ("2027-03-27 12:00", "2027-03-28 12:00"), ["2027-03-27 20:45"]),
        ("0230", ("2027-10-30 12:00", "2027-10-31 12:00"), ["2027-10-30 20:15"]),
        ("0330", ("2027-10-30 12:00", "2027-10-31 12:00"), ["2027-10-30 22:15"]),
    ],
)
def test_the_nights_of_a_zone_that_only_the_calendar_knows_ring_once(
    clock: str, stretch: tuple[str, str], rings: list[str]
) -> None:
    start = f"DTSTART;TZID=Odd:20270101T{clock}00"
    odd = events(f"{start}|RRULE:FREQ=DAILY", before=ODD)
    assert rung(odd, KATHMANDU, *stretch) == rings


@pytest.mark.parametrize(
    ("zone", "clock", "night", "rings"),
    [
        (BERLIN, "0230", "2027-03-28", ["2027-03-28 01:00"]),
        (BERLIN, "0230", "2027-10-31", ["2027-10-31 00:30"]),
        (LORD_HOWE, "0215", "2027-10-03", ["2027-10-02 15:30"]),
        (LORD_HOWE, "0145", "2027-04-04", ["2027-04-03 14:45"]),
        (LIMA, "0230", "2027-03-28", ["2027-03-28 07:30"]),
        (KATHMANDU, "0230", "2027-10-31", ["2027-10-30 20:45"]),
    ],
)
@pytest.mark.parametrize("named", [True, False], ids=["in its zone", "floating"])
def test_the_nights_when_clocks_change_ring_once(
    zone: ZoneInfo, clock: str, night: str, rings: list[str], named: bool
) -> None:
    zoned = f";TZID={zone.key}" if named else ""
    schedule = events(f"DTSTART{zoned}:20260101T{clock}00|RRULE:FREQ=DAILY")
    stretch = f"{night} 00:00", f"{night} 12:00"
    assert rung(schedule, zone, *stretch) == rings
    assert by_minutes(schedule, zone, *stretch) == rings


def test_an_hour_that_comes_twice_rings_once_even_for_a_calendar_in_utc() -> None:
    hourly = events("DTSTART:20271031T003000Z|RDATE:20271031T013000Z")
    assert clocks(hourly, BERLIN, "2027-10-31 00:00", "2027-10-31 12:00") == ["2027-10-31 02:30"]
    assert by_minutes(hourly, BERLIN, "2027-10-31 00:00", "2027-10-31 12:00") == [
        "2027-10-31 00:30"
    ]


def test_a_zone_may_say_where_it_is() -> None:
    zone = ODD.replace("TZID:Odd|", "TZID:Odd|X-LIC-LOCATION:Europe/Berlin|")
    schedule = events("DTSTART;TZID=Odd:20270601T070000", before=zone)
    assert following(schedule, LIMA, utc("2027-05-31 00:00")) == utc("2027-06-01 05:00")


def test_clocks_that_are_set_back_to_the_day_before_lose_no_call() -> None:
    # one past midnight of 29 October became one past eleven of 28 October
    newfoundland = ZoneInfo("America/St_Johns")
    late = events("DTSTART:20061029T030000Z")
    night = "2006-10-28 20:00", "2006-10-29 02:00"
    assert by_minutes(late, newfoundland, *night) == ["2006-10-29 03:00"]
    twice = events("DTSTART:20061029T020000Z|RDATE:20061029T030000Z")
    assert by_minutes(twice, newfoundland, *night) == ["2006-10-29 02:00"]
    past_midnight = utc("2006-10-29 02:30:30")
    assert between(twice, newfoundland, past_midnight, utc("2006-10-29 03:30")) == []


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Kathmandu"])
@pytest.mark.parametrize("clock", ["0000", "1200", "2359"])
def test_however_far_away_its_zone_is_no_day_is_lost(zone: str, clock: str) -> None:
    begun = datetime(2027, 1, 1)
    moments = [f"{begun + timedelta(days=one):%Y%m%d}T{clock}00" for one in range(100)]
    by_rule = f"DTSTART;TZID={zone}:{moments[0]}|RRULE:FREQ=DAILY;COUNT=100"
    by_dates = f"DTSTART;TZID={zone}:{moments[0]}|RDATE;TZID={zone}:{','.join(moments)}"
    for lines in (by_rule, by_dates):
        found = rung(events(lines), LIMA, "2026-12-01 00:00", "2027-06-01 00:00")
        assert len(found) == 100


def test_a_user_who_moves_takes_floating_times_along_and_leaves_the_others() -> None:
    now = utc("2027-01-03 00:00")
    floating = events("DTSTART:20270101T070000|RRULE:FREQ=DAILY")
    assert following(floating, BERLIN, now) == utc("2027-01-03 06:00")
    assert following(floating, LIMA, now) == utc("2027-01-03 12:00")
    zoned = events("DTSTART;TZID=Europe/Berlin:20270101T070000|RRULE:FREQ=DAILY")
    assert following(zoned, BERLIN, now) == following(zoned, LIMA, now) == utc("2027-01-03 06:00")


@pytest.mark.parametrize("offset", ["+9900", "0100", "+01", "-0160x", ""])
def test_a_zone_whose_clocks_show_no_time_is_refused(offset: str) -> None:
    zone = ODD.replace("TZOFFSETTO:+0515", f"TZOFFSETTO:{offset}")
    with pytest.raises(BadInput, match="bad_calendar"):
        events("DTSTART;TZID=Odd:20270101T070000", before=zone)
