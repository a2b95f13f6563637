"""Cron expressions, as crontab(5) reads them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.errors import BadInput
from bridge.schedules import Schedule, between, following, of_programme
from bridge.store.listening.stations import Programme
from tests.bridge.schedules.asking import (
    BERLIN,
    KATHMANDU,
    LIMA,
    LORD_HOWE,
    by_minutes,
    clocks,
    rung,
    utc,
)


def cron(expression: str) -> Schedule:
    return of_programme(Programme(cron=expression))


def dates(expression: str, first: str, last: str) -> list[str]:
    """Local days in Berlin on which it rings."""
    found = clocks(cron(expression), BERLIN, f"{first} 00:00", f"{last} 23:59")
    return sorted({one.partition(" ")[0] for one in found})


@pytest.mark.parametrize(
    ("expression", "days"),
    [
        # 2027-01-03 is a Sunday
        ("0 7 * * 0", ["2027-01-03", "2027-01-10"]),
        ("0 7 * * 7", ["2027-01-03", "2027-01-10"]),
        ("0 7 * * sun", ["2027-01-03", "2027-01-10"]),
        ("0 7 * * 1", ["2027-01-04", "2027-01-11"]),
        ("0 7 * * MON", ["2027-01-04", "2027-01-11"]),
        ("0 7 * * 5-7", [f"2027-01-{day}" for day in ("02", "03", "08", "09", "10")]),
        ("0 7 * * 0-1", [f"2027-01-{day}" for day in ("03", "04", "10", "11")]),
        ("0 7 * * mon,wed", ["2027-01-04", "2027-01-06", "2027-01-11"]),
        ("0 7 * * */3", [f"2027-01-{day}" for day in ("02", "03", "06", "09", "10")]),
        ("0 7 2-9/3 * *", ["2027-01-02", "2027-01-05", "2027-01-08"]),
        # either of the two, if both are restricted; both, if one begins with a star
        ("0 7 5 * 0", ["2027-01-03", "2027-01-05", "2027-01-10"]),
        ("0 7 */2 * 0", ["2027-01-03"]),
        ("0 7 4-9 * */6", ["2027-01-09"]),
        ("0 7 * feb *", []),
    ],
)
def test_days_are_those_of_crontab(expression: str, days: list[str]) -> None:
    assert dates(expression, "2027-01-02", "2027-01-11") == days


def test_minutes_and_hours_are_lists_ranges_and_steps() -> None:
    found = clocks(cron("*/30,5 7,22-23 * * *"), LIMA, "2027-01-01 00:00", "2027-01-01 23:59")
    assert [one.partition(" ")[2] for one in found] == [
        f"{hour}:{minute}" for hour in ("07", "22", "23") for minute in ("00", "05", "30")
    ]


@pytest.mark.parametrize(
    "expression",
    [
        "", "0 7 * *", "0 7 * * * *", "@daily", "seven o'clock",
        "60 7 * * *", "0 24 * * *", "0 7 0 * *", "0 7 32 * *", "0 7 * 0 *", "0 7 * 13 *",
        "0 7 * * 8", "-1 7 * * *", "0 7 9-2 * *", "0 7 * * sat-sun", "0 7 */0 * *", "0 7 3/2 * *",
        "0 7 3-3/2 * *",
        "0 7 1, * *", "0 7 1- * *", "0 7 * mon *", "0 7 * * jan", "0 ٧ * * *", "0 7 ?? * *",
        "0 7 L * *", "0 7 * * 1#2", "0 7 30 2 *", "0 7 31 feb,apr,jun *",
        "* 7 * * *", "0,1 */1 * * *",
    ],
)  # fmt: skip
def test_what_is_none_or_rings_all_day_is_refused(expression: str) -> None:
    with pytest.raises(BadInput, match="bad_cron"):
        cron(expression)


def test_as_many_calls_a_day_as_there_are_hours_are_the_most() -> None:
    assert len(dates("0 * * * *", "2027-01-01", "2027-01-31")) == 31
    found = rung(cron("0 * * * *"), KATHMANDU, "2027-01-01 00:30", "2027-01-02 00:30")
    assert len(found) == 24


def test_a_leap_day_is_waited_for_as_long_as_a_year() -> None:
    leap = cron("0 7 29 2 *")
    assert following(leap, LIMA, utc("2027-06-01 00:00")) == utc("2028-02-29 12:00")
    assert following(leap, LIMA, utc("2028-03-01 00:00")) is None
    assert following(cron("0 7 30 2 1"), LIMA, utc("2028-02-01 00:00")) == utc("2028-02-07 12:00")


def test_the_end_of_the_year_is_that_of_the_user() -> None:
    year = cron("59 23 31 12 *")
    assert following(year, KATHMANDU, utc("2027-06-01 00:00")) == utc("2027-12-31 18:14")
    assert following(year, LIMA, utc("2027-06-01 00:00")) == utc("2028-01-01 04:59")
    assert following(cron("0 0 1 1 *"), LORD_HOWE, utc("2027-06-01 00:00")) == utc(
        "2027-12-31 13:00"
    )


@pytest.mark.parametrize(
    ("zone", "expression", "night", "rings"),
    [
        (BERLIN, "30 2 * * *", "2027-03-28", ["2027-03-28 01:00"]),
        (BERLIN, "0,30 2,3 * * *", "2027-03-28", ["2027-03-28 01:00", "2027-03-28 01:30"]),
        (BERLIN, "30 2 * * *", "2027-10-31", ["2027-10-31 00:30"]),
        (BERLIN, "0,30 2,3 * * *", "2027-10-31", [
            "2027-10-31 00:00", "2027-10-31 00:30", "2027-10-31 02:00", "2027-10-31 02:30",
        ]),
        (LORD_HOWE, "15 2 * * *", "2027-10-03", ["2027-10-02 15:30"]),
        (LORD_HOWE, "45 1 * * *", "2027-04-04", ["2027-04-03 14:45"]),
        (LIMA, "30 2 * * *", "2027-03-28", ["2027-03-28 07:30"]),
        (KATHMANDU, "30 2 * * *", "2027-10-31", ["2027-10-30 20:45"]),
    ],
)  # fmt: skip
def test_the_nights_when_clocks_change_ring_once_for_each_time(
    zone: ZoneInfo, expression: str, night: str, rings: list[str]
) -> None:
    stretch = f"{night} 00:00", f"{night} 12:00"
    assert rung(cron(expression), zone, *stretch) == rings
    assert by_minutes(cron(expression), zone, *stretch) == rings


@given(
    zone=st.sampled_from([BERLIN, LIMA, KATHMANDU, LORD_HOWE]),
    minute=st.integers(0, 59),
    step=st.integers(1, 23),
    day=st.sampled_from(["* * *", "1,15 * *", "* * 1-5", "*/3 2-11 *", "13 * 5"]),
    begin=st.datetimes(datetime(2026, 1, 1), datetime(2029, 1, 1)),
    hours=st.lists(st.integers(1, 100), min_size=1, max_size=8),
)
def test_however_the_time_is_cut_every_date_and_time_rings_once(
    zone: ZoneInfo, minute: int, step: int, day: str, begin: datetime, hours: list[int]
) -> None:
    schedule = cron(f"{minute} */{step} {day}")
    start = now = begin.replace(tzinfo=UTC)
    pieces = []
    for length in hours:
        now, before = now + timedelta(hours=length), now
        pieces += between(schedule, zone, before, now)
    assert pieces == between(schedule, zone, start, now)
    assert [one.at for one in pieces] == sorted({one.at for one in pieces})
    assert len({(one.local_date, one.key) for one in pieces}) == len(pieces)
    first = following(schedule, zone, start)
    assert first is not None
    assert [one.at for one in pieces[:1]] == ([first] if first <= now else [])
