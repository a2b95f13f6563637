"""When a feed is asked again: as often as it has news, as seldom as it wants, never all at once."""

import random
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

from tenacity import wait_exponential

from bridge.backoff import Backoff

LEAST = timedelta(minutes=15)
LONGEST = timedelta(hours=24)
PATIENCE = 40
JITTER = 0.1
LOOKED_AT = 20
"""So many of the newest episodes tell how often there is one."""
SHARE = 0.02
"""Of the usual gap between two episodes, or of the time since the last one if that is longer: a
daily feed is asked every half hour, a weekly one every three and a half hours."""
UNKNOWN = timedelta(hours=1)


def interval(
    published: Iterable[datetime], now: datetime, max_age: float = 0.0, ttl_minutes: int = 0
) -> timedelta:
    """LEAST to LONGEST, from the dates of its episodes (dates may lie: those of the future do not
    count). Not less than what the server (Cache-Control: max-age, in seconds) and the feed (ttl)
    want.
    """
    newest = sorted((date for date in published if date <= now), reverse=True)[:LOOKED_AT]
    gaps = [(later - earlier).total_seconds() for later, earlier in pairwise(newest)]
    own = UNKNOWN
    if len(gaps) >= 2:
        own = SHARE * max(timedelta(seconds=median(gaps)), now - newest[0])
    return _within(max(own, _wished(max_age, ttl_minutes)))


def when_unchanged(known: timedelta, changed: datetime | None, now: datetime) -> timedelta:
    """A feed that has stopped is asked less and less."""
    return _within(max(known, SHARE * (now - changed)) if changed else known)


def after_failures(failures: int) -> timedelta:
    """LEAST after the first one in a row, then twice as long each time, up to a quarter of a day: a
    feed that is back shall be noticed. One that stays away for PATIENCE failures is asked daily.
    """
    if failures > PATIENCE:
        return LONGEST
    pauses = Backoff(wait_exponential(LEAST.total_seconds(), max=LONGEST.total_seconds() / 4))
    for _ in range(failures - 1):
        pauses.pause()
    return timedelta(seconds=pauses.pause())


def next_poll(
    now: datetime,
    pause: timedelta,
    skip_hours: Sequence[int] = (),
    chance: random.Random | None = None,
) -> datetime:
    """`pause` from now with JITTER on it, then out of the hours (UTC) that the feed wants to be
    left alone in, unless it names them all.
    """
    spread = (chance or random.SystemRandom()).uniform(1 - JITTER, 1 + JITTER)
    at = now + spread * pause
    if len(set(skip_hours)) < 24:
        while at.hour in skip_hours:
            at = at.replace(minute=at.minute % 10, second=0) + timedelta(hours=1)
    return at


def at_least(pause: timedelta, seconds: float) -> timedelta:
    """Not before a server's `seconds` have passed, however many they are, up to LONGEST."""
    return max(pause, min(timedelta(seconds=seconds), LONGEST))


def _wished(max_age: float, ttl_minutes: int) -> timedelta:
    return timedelta(seconds=min(max(max_age, ttl_minutes * 60.0), LONGEST.total_seconds()))


def _within(pause: timedelta) -> timedelta:
    return min(max(pause, LEAST), LONGEST)
