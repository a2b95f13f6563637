"""Calendars come from anywhere: what they cost is bounded, and they break nothing."""

from collections.abc import Callable
from datetime import timedelta
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.errors import BadInput
from bridge.schedules import Schedule, between, following
from bridge.schedules.calendars import calendar as of_calendar
from bridge.store.listening.stations import CALENDAR
from tests.bridge.schedules.asking import BERLIN, events, rung, utc

NOW = utc("2027-06-01 00:00")
DEAREST = 20.0
"""Seconds of CPU, on a slow and busy machine; measured is 1. A bomb takes minutes."""

EVERY_HOUR = ",".join(map(str, range(24)))
ALL_HOURS = f"FREQ=YEARLY;BYHOUR={EVERY_HOUR};BYDAY=MO,TU,WE,TH,FR,SA,SU;BYSETPOS=366"
NEVER = "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"


def repeated(rule: str, times: int) -> Schedule:
    return events(*(f"UID:{one}|DTSTART:20200101T070000|RRULE:{rule}" for one in range(times)))


def moments(count: int) -> str:
    """One a minute."""
    begun = utc("2027-01-01 00:00")
    found = (begun + timedelta(minutes=one) for one in range(count))
    return ",".join(f"{one:%Y%m%dT%H%M%SZ}" for one in found)


def zone(changes: int) -> str:
    """Its clocks never change, after long thought."""
    change = "DTSTART:19700101T000000|TZOFFSETFROM:+0100|TZOFFSETTO:+0200"
    each = f"BEGIN:STANDARD|{change}|RRULE:{NEVER}|END:STANDARD|"
    return f"BEGIN:VTIMEZONE|TZID:Odd|{each * changes}END:VTIMEZONE|"


def in_all_years(changes: int) -> Schedule:
    dates = ",".join(f"{year}0101T000000" for year in range(1601, 2199))
    event = f"DTSTART;TZID=Odd:20270101T070000|RRULE:FREQ=DAILY|EXDATE;TZID=Odd:{dates}"
    return events(event, before=zone(changes))


DEAR = {
    "thousands of events": lambda: events(*["DTSTART:20270601T070000"] * 3000),
    "many that have begun long ago": lambda: repeated("FREQ=DAILY", 490),
    "many that never come": lambda: repeated(NEVER, 490),
    "many that are looked for all year": lambda: repeated(
        "FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYSETPOS=366", 490
    ),
    "some that are looked for in all hours": lambda: repeated(ALL_HOURS, 20),
    "one that is counted for long": lambda: repeated("FREQ=DAILY;COUNT=36000", 7),
    "one that is counted and looked for": lambda: repeated(
        "FREQ=YEARLY;COUNT=99999;BYDAY=MO,TU;BYSETPOS=366", 7
    ),
    "thousands of dates": lambda: events(f"DTSTART:20270101T070000Z|RDATE:{moments(11_000)}"),
    "thousands of exceptions": lambda: events(
        f"DTSTART:20270101T070000Z|RRULE:FREQ=DAILY|EXDATE:{moments(11_000)}"
    ),
    "a zone of many changes": lambda: events(
        "DTSTART;TZID=Odd:20270101T070000|RRULE:FREQ=DAILY", before=zone(80)
    ),
    "a long line": lambda: events("X:" + "a" * CALENDAR),
    "a line of parameters": lambda: events("X" + ";A=B" * (CALENDAR // 4) + ":c"),
    "a line that is folded": lambda: events("X:" + "a| " * (CALENDAR // 4)),
}


@pytest.mark.parametrize("dear", DEAR.values(), ids=DEAR.keys())
def test_what_costs_much_costs_seconds(dear: Callable[[], Schedule]) -> None:
    begun = process_time()
    schedule = dear()
    following(schedule, BERLIN, NOW)
    between(schedule, BERLIN, NOW, NOW + timedelta(minutes=1))
    assert process_time() - begun < DEAREST


BOMBS = {
    "every second": lambda: repeated("FREQ=SECONDLY", 1),
    "every second of an hour": lambda: repeated(
        f"FREQ=DAILY;BYSECOND={','.join(map(str, range(60)))}", 1
    ),
    "many times a day": lambda: repeated(f"FREQ=DAILY;BYHOUR={EVERY_HOUR};BYMINUTE=0,30", 1),
    "many that are looked for in all hours": lambda: repeated(ALL_HOURS, 490),
    "counted in all hours": lambda: repeated(f"{ALL_HOURS};COUNT=99999", 7),
    "counted for ever": lambda: repeated(f"{NEVER};COUNT=1", 9),
    "more rules than anybody has": lambda: repeated("FREQ=DAILY", 600),
    "a zone for all the years": lambda: in_all_years(20),
    "boxes in boxes": lambda: events("BEGIN:A|" * 20_000),
    "a line of quotes": lambda: events('DTSTART;A="' + "x;" * (CALENDAR // 2)),
}


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS.keys())
def test_a_bomb_is_refused_in_time(bomb: Callable[[], Schedule]) -> None:
    begun = process_time()
    with pytest.raises(BadInput, match="bad_calendar"):
        bomb()
    assert process_time() - begun < DEAREST


def test_a_calendar_that_rings_all_day_rings_as_often_as_there_are_hours() -> None:
    minutes = events(f"DTSTART:20270101T000000Z|RDATE:{moments(3000)}")
    found = rung(minutes, BERLIN, "2027-01-02 00:00", "2027-01-02 23:59")
    # the first ones of the day; the very first belongs to the stretch before
    assert found == [f"2027-01-01 23:{minute:02}" for minute in range(1, 24)]


PIECES = st.sampled_from(
    [
        "BEGIN:VCALENDAR", "END:VCALENDAR", "BEGIN:VEVENT", "END:VEVENT", "BEGIN:VTIMEZONE",
        "END:VTIMEZONE", "BEGIN:STANDARD", "END:STANDARD", "TZID:Odd", "TZOFFSETFROM:+0100",
        "TZOFFSETTO:", "TZOFFSETTO:-0200", "DTSTART;TZID=Odd:20270101T070000", "DTSTART:",
        "DTSTART;TZID=/:20270101T070000", "DTSTART;TZID=../../etc:20270101T070000",
        "DTSTART;VALUE=DATE:20270101", "DTSTART:20270101T070000Z,", "RRULE:FREQ=DAILY",
        "RRULE:FREQ=YEARLY;BYWEEKNO=53;BYSETPOS=-1", "RRULE:FREQ=WEEKLY;UNTIL=20270201T000000Z",
        "RRULE:;", "RRULE", "EXDATE:20270105T070000Z", "RECURRENCE-ID:20270105T070000Z", "UID:1",
        "RDATE;VALUE=PERIOD:20270105T070000Z/PT1H", "SEQUENCE:²", "SEQUENCE:1e9",
        "SEQUENCE:1234567890x", "STATUS:", ";", ":", "\x00", "\ud7ff", " folded",
        "DTSTART;TZID=\"", "DTSTART;=:x", "BEGIN", "END:",
    ]
)  # fmt: skip
INSIDE = st.lists(PIECES, max_size=12).map(
    lambda lines: "\r\n".join(
        ["BEGIN:VCALENDAR", "BEGIN:VEVENT", *lines, "END:VEVENT", "END:VCALENDAR", ""]
    ).encode()
)


@given(
    st.one_of(st.binary(max_size=200), INSIDE, st.lists(PIECES).map("\r\n".join).map(str.encode))
)
def test_whatever_comes_is_read_or_refused(written: bytes) -> None:
    try:
        schedule = of_calendar(written)
    except BadInput as why:
        assert why.code == "bad_calendar"
    else:
        between(schedule, BERLIN, NOW - timedelta(days=150), NOW)
