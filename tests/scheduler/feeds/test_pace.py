import random
from datetime import UTC, datetime, timedelta

import pytest

from scheduler.feeds import pace

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def every(gap: timedelta, episodes: int = 30, silent: timedelta = timedelta()) -> list[datetime]:
    return [NOW - silent - number * gap for number in range(episodes)]


@pytest.mark.parametrize(
    ("gap", "expected"),
    [
        (10 * MINUTE, 15 * MINUTE),
        (HOUR, 15 * MINUTE),
        (DAY, 28.8 * MINUTE),
        (7 * DAY, 3.36 * HOUR),
        (30 * DAY, 14.4 * HOUR),
        (365 * DAY, 24 * HOUR),
    ],
)
def test_a_feed_is_asked_as_often_as_it_has_news(gap: timedelta, expected: timedelta) -> None:
    assert pace.interval(every(gap), NOW) == expected


def test_one_that_has_stopped_is_asked_less_and_less() -> None:
    pauses = [pace.interval(every(DAY, silent=days * DAY), NOW) for days in (0, 10, 40, 400)]
    assert pauses == sorted(pauses)
    assert pauses[-1] == pace.LONGEST


@pytest.mark.parametrize("episodes", [0, 1, 2])
def test_without_a_rhythm_it_is_an_hour(episodes: int) -> None:
    assert pace.interval(every(DAY, episodes), NOW) == HOUR


def test_dates_of_the_future_do_not_count() -> None:
    lies = [NOW + days * 100 * DAY for days in range(1, 30)]
    assert pace.interval([*lies, *every(DAY)], NOW) == pace.interval(every(DAY), NOW)


def test_one_old_episode_published_anew_does_not_change_the_rhythm() -> None:
    assert pace.interval([*every(DAY), NOW - 3000 * DAY], NOW) == pace.interval(every(DAY), NOW)


@pytest.mark.parametrize(
    ("max_age", "ttl", "expected"),
    [(7200, 0, 2 * HOUR), (0, 120, 2 * HOUR), (60, 1, 28.8 * MINUTE), (1e9, 0, 24 * HOUR)],
)
def test_server_and_feed_may_want_to_be_asked_less(
    max_age: float, ttl: int, expected: timedelta
) -> None:
    assert pace.interval(every(DAY), NOW, max_age, ttl) == expected


def test_an_unchanged_feed_keeps_its_interval_until_it_has_been_silent_for_long() -> None:
    assert pace.when_unchanged(HOUR, NOW - DAY, NOW) == HOUR
    assert pace.when_unchanged(HOUR, NOW - 10 * DAY, NOW) == 4.8 * HOUR
    assert pace.when_unchanged(HOUR, None, NOW) == HOUR


def test_failures_are_waited_out_twice_as_long_each_time() -> None:
    pauses = [pace.after_failures(number) for number in range(1, 12)]
    assert pauses[:7] == [15 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR, 6 * HOUR, 6 * HOUR]
    assert pace.after_failures(pace.PATIENCE + 1) == pace.LONGEST


def test_a_wish_for_a_pause_is_granted_up_to_a_day() -> None:
    assert pace.at_least(15 * MINUTE, 7200) == 2 * HOUR
    assert pace.at_least(15 * MINUTE, 60) == 15 * MINUTE
    assert pace.at_least(15 * MINUTE, 1e9) == 24 * HOUR


def test_not_everybody_comes_at_once() -> None:
    chance = random.Random(1)
    pauses = [pace.next_poll(NOW, HOUR, chance=chance) - NOW for _ in range(1000)]
    assert min(pauses) >= 0.9 * HOUR and max(pauses) <= 1.1 * HOUR
    assert max(pauses) - min(pauses) > 0.19 * HOUR


def test_hours_in_which_nothing_comes_are_left_out() -> None:
    for _ in range(50):
        assert pace.next_poll(NOW, HOUR, skip_hours=(12, 13, 14)).hour == 15
    assert pace.next_poll(NOW, HOUR, skip_hours=tuple(range(24))) < NOW + 2 * HOUR
    late = NOW.replace(hour=22)
    assert pace.next_poll(late, HOUR, skip_hours=(22, 23, 0, 1)).hour == 2
