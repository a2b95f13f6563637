"""When quiet hours end, by the clock on the user's wall."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bridge.api.views import QuietHoursView
from bridge.schedules.quiet_hours import is_quiet, quiet_until

BERLIN = ZoneInfo("Europe/Berlin")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")
EVERY_DAY = frozenset(range(7))
NIGHT = QuietHoursView(start=time(22), end=time(7))
NOON_NAP = QuietHoursView(start=time(13), end=time(15))


def berlin(*when: int) -> datetime:
    return datetime(*when, tzinfo=BERLIN).astimezone(UTC)  # type: ignore[arg-type, misc]


def test_what_is_not_quiet_is_loud_now() -> None:
    now = berlin(2026, 3, 4, 12)
    assert quiet_until((NIGHT, NOON_NAP), now, BERLIN) == now == quiet_until((), now, BERLIN)


@pytest.mark.parametrize(
    ("now", "end"),
    [
        (berlin(2026, 3, 4, 23), berlin(2026, 3, 5, 7)),
        (berlin(2026, 3, 5, 0), berlin(2026, 3, 5, 7)),
        (berlin(2026, 3, 5, 6, 59), berlin(2026, 3, 5, 7)),
        (berlin(2026, 3, 5, 13), berlin(2026, 3, 5, 15)),
        (berlin(2026, 3, 28, 23), berlin(2026, 3, 29, 7)),  # seven hours long
        (berlin(2026, 10, 24, 23), berlin(2026, 10, 25, 7)),  # nine
    ],
)
def test_they_end_by_the_clock_on_the_wall(now: datetime, end: datetime) -> None:
    assert quiet_until((NIGHT, NOON_NAP), now, BERLIN) == end


def test_ranges_that_touch_are_one() -> None:
    hours = (NIGHT, QuietHoursView(start=time(7), end=time(9)), NOON_NAP)
    assert quiet_until(hours, berlin(2026, 3, 4, 23), BERLIN) == berlin(2026, 3, 5, 9)


def test_a_weekend_may_be_quiet_as_a_whole() -> None:
    weekend = QuietHoursView(weekdays=frozenset({4, 5, 6}), start=time(18), end=time(17, 59))
    minute = QuietHoursView(weekdays=frozenset({5, 6}), start=time(17, 59), end=time(18))
    friday = berlin(2026, 3, 6, 20)
    assert quiet_until((weekend, minute), friday, BERLIN) == berlin(2026, 3, 9, 17, 59)


def test_who_wants_to_be_called_never_is_told_so() -> None:
    halves = (
        QuietHoursView(start=time(0), end=time(12)),
        QuietHoursView(start=time(12), end=time(0)),
    )
    assert quiet_until(halves, berlin(2026, 3, 4, 12), BERLIN) is None


def test_an_end_that_the_spring_skips_comes_with_the_change() -> None:
    early = QuietHoursView(start=time(22), end=time(2, 30))
    end = quiet_until((early,), berlin(2026, 3, 29, 1), BERLIN)
    assert end == berlin(2026, 3, 29, 3)


def test_an_end_that_comes_twice_in_autumn_ends_them_twice() -> None:
    early = QuietHoursView(start=time(22), end=time(2, 30))
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert quiet_until((early,), first - timedelta(hours=1), BERLIN) == first
    again = first + timedelta(minutes=45)  # it is a quarter past two once more
    assert quiet_until((early,), again, BERLIN) == first + timedelta(hours=1)


times = some.builds(time, some.integers(0, 23), some.sampled_from([0, 15, 30, 59]))
hours = some.builds(
    QuietHoursView,
    weekdays=some.frozensets(some.integers(0, 6), min_size=1),
    start=times,
    end=times,
).filter(lambda one: one.start != one.end)
instants = some.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=some.just(UTC))
changes = some.sampled_from(
    [
        datetime(2026, *day, tzinfo=UTC)
        for day in ((3, 28, 23), (4, 4, 12), (10, 3, 12), (10, 24, 23))
    ]
)


@given(
    some.lists(hours, min_size=1, max_size=4),
    instants
    | some.builds(lambda at, s: at + timedelta(seconds=s), changes, some.integers(0, 14400)),
    some.sampled_from([BERLIN, LORD_HOWE]),
)
def test_the_end_is_not_quiet_and_all_before_is_unless_the_clocks_change(
    chosen: list[QuietHoursView], now: datetime, zone: ZoneInfo
) -> None:
    end = quiet_until(chosen, now, zone)
    if end is None:
        assert is_quiet(chosen, now, zone)
        return
    assert end >= now and not is_quiet(chosen, end, zone)
    if now.astimezone(zone).utcoffset() == end.astimezone(zone).utcoffset():
        between = [now + (end - now) * part / 16 for part in range(16)]
        assert end == now or all(is_quiet(chosen, at, zone) for at in between)
