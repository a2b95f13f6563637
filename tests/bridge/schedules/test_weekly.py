"""Weekly times, on the nights when clocks change and on all others."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.schedules import Schedule, between, following, weekly
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

DAILY = frozenset(range(7))


def at(clock: str, *weekdays: int) -> Schedule:
    return weekly(frozenset(weekdays) or DAILY, time.fromisoformat(clock))


@pytest.mark.parametrize(
    ("zone", "clock", "night", "rings"),
    [
        # spring: 02:00 becomes 03:00, on Lord Howe 02:30
        (BERLIN, "01:59", "2027-03-28", "2027-03-28 00:59"),
        (BERLIN, "02:00", "2027-03-28", "2027-03-28 01:00"),
        (BERLIN, "02:30", "2027-03-28", "2027-03-28 01:00"),
        (BERLIN, "03:00", "2027-03-28", "2027-03-28 01:00"),
        (BERLIN, "07:00", "2027-03-28", "2027-03-28 05:00"),
        (LORD_HOWE, "02:15", "2027-10-03", "2027-10-02 15:30"),
        (LORD_HOWE, "02:30", "2027-10-03", "2027-10-02 15:30"),
        (LORD_HOWE, "07:00", "2027-10-03", "2027-10-02 20:00"),
        # autumn: 03:00 becomes 02:00, on Lord Howe 02:00 becomes 01:30
        (BERLIN, "02:30", "2027-10-31", "2027-10-31 00:30"),
        (BERLIN, "03:00", "2027-10-31", "2027-10-31 02:00"),
        (BERLIN, "07:00", "2027-10-31", "2027-10-31 06:00"),
        (LORD_HOWE, "01:45", "2027-04-04", "2027-04-03 14:45"),
        (LORD_HOWE, "02:00", "2027-04-04", "2027-04-03 15:30"),
        (LORD_HOWE, "07:00", "2027-04-04", "2027-04-03 20:30"),
        # clocks that never change
        (LIMA, "02:30", "2027-03-28", "2027-03-28 07:30"),
        (LIMA, "23:59", "2027-10-31", "2027-11-01 04:59"),
        (KATHMANDU, "02:30", "2027-03-28", "2027-03-27 20:45"),
        (KATHMANDU, "00:00", "2027-10-31", "2027-10-30 18:15"),
        # a midnight that does not exist, and one that comes twice
        (ZoneInfo("Asia/Beirut"), "00:30", "2027-03-28", "2027-03-27 22:00"),
        (ZoneInfo("America/Havana"), "00:30", "2027-11-07", "2027-11-07 04:30"),
    ],
)
def test_a_night_rings_once_and_at_its_time(
    zone: ZoneInfo, clock: str, night: str, rings: str
) -> None:
    schedule = at(clock)
    day = datetime.fromisoformat(night)
    before, after = str(day - timedelta(minutes=1)), str(day + timedelta(hours=23, minutes=59))
    assert rings in rung(schedule, zone, before, after)
    assert rung(schedule, zone, before, after) == by_minutes(schedule, zone, before, after)


def test_a_time_that_is_skipped_has_the_key_of_the_time_when_it_rings() -> None:
    assert clocks(at("02:30"), BERLIN, "2027-03-27 12:00", "2027-03-29 12:00") == [
        "2027-03-28 03:00",
        "2027-03-29 02:30",
    ]


def test_a_skipped_day_rings_with_the_next_one() -> None:
    assert clocks(
        at("07:00"), ZoneInfo("Pacific/Apia"), "2011-12-29 12:00", "2012-01-01 12:00"
    ) == ["2011-12-31 00:00", "2011-12-31 07:00", "2012-01-01 07:00"]


def test_only_its_weekdays_ring() -> None:
    found = clocks(at("07:00", 0, 6), BERLIN, "2027-01-01 00:00", "2027-01-12 00:00")
    assert found == ["2027-01-03 07:00", "2027-01-04 07:00", "2027-01-10 07:00", "2027-01-11 07:00"]


def test_a_leap_day_and_the_end_of_the_year_are_days_like_others() -> None:
    leap = clocks(at("00:00"), BERLIN, "2028-02-28 12:00", "2028-03-01 12:00")
    assert leap == ["2028-02-29 00:00", "2028-03-01 00:00"]
    year = clocks(at("23:59"), KATHMANDU, "2027-12-30 23:59", "2028-01-01 12:00")
    assert year == ["2027-12-31 23:59"]


def test_the_beginning_of_a_stretch_belongs_to_the_one_before() -> None:
    seven = utc("2027-01-04 06:00")
    moment = timedelta(microseconds=1)
    assert [one.at for one in between(at("07:00"), BERLIN, seven - moment, seven)] == [seven]
    assert between(at("07:00"), BERLIN, seven, seven + moment) == []


def test_who_changes_the_zone_is_called_by_the_new_clock() -> None:
    schedule, now = at("07:00"), utc("2027-06-01 10:00")
    assert following(schedule, BERLIN, now) == utc("2027-06-02 05:00")
    assert following(schedule, LIMA, now) == utc("2027-06-01 12:00")
    # it has rung on this date already, and is the same call by date and key: the store knows
    (berlin,) = between(schedule, BERLIN, utc("2027-06-01 04:00"), now)
    (lima,) = between(schedule, LIMA, now, utc("2027-06-01 13:00"))
    assert (berlin.local_date, berlin.key) == (lima.local_date, lima.key)


def test_no_weekday_is_never() -> None:
    assert following(weekly(frozenset(), time(7)), BERLIN, utc("2027-01-01 00:00")) is None


@given(
    zone=st.sampled_from([BERLIN, LIMA, KATHMANDU, LORD_HOWE, ZoneInfo("America/Havana")]),
    clock=st.times().map(lambda one: one.replace(second=0, microsecond=0)),
    weekdays=st.frozensets(st.integers(0, 6), min_size=1),
    begin=st.datetimes(datetime(2026, 1, 1), datetime(2029, 1, 1)),
    hours=st.lists(st.integers(1, 60), min_size=1, max_size=8),
)
def test_however_the_time_is_cut_each_date_rings_once(
    zone: ZoneInfo, clock: time, weekdays: frozenset[int], begin: datetime, hours: list[int]
) -> None:
    schedule = weekly(weekdays, clock)
    start = now = begin.replace(tzinfo=UTC)
    pieces = []
    for length in hours:
        now, before = now + timedelta(hours=length), now
        pieces += between(schedule, zone, before, now)
    assert pieces == between(schedule, zone, start, now)
    assert len({(one.local_date, one.key) for one in pieces}) == len(pieces)
    first = following(schedule, zone, start)
    assert first is not None
    assert [one.at for one in pieces[:1]] == ([first] if first <= now else [])
    assert first - start <= timedelta(days=7, hours=1)
    for one in pieces:
        local = one.at.astimezone(zone)
        assert (local.date(), f"{local:%H:%M}") == (one.local_date, one.key)
        assert local.fold == 0
