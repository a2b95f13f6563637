"""The times of a source, computed outside of transactions: what it says may come from strangers."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from bridge import schedules
from bridge.schedules import Occurrence, Scheduled, Upcoming
from bridge.store.listening.next_times import Source
from bridge.store.listening.stations import Programme

log = logging.getLogger(__name__)

LOOKS_BACK = timedelta(days=1)
"""What was missed before that is not spoken of."""
AHEAD = timedelta(days=8)
"""So far the next time is looked for: each weekly one is found, and no calendar costs much."""
BROKEN_FOR = timedelta(days=1)
"""What cannot be read is looked at again after that."""
_INSTANT = timedelta(microseconds=1)


class NextTimes(Protocol):
    """How the times of a cron expression or a calendar are computed."""

    async def __call__(
        self, source: Scheduled, zone: ZoneInfo, after: datetime, until: datetime
    ) -> Upcoming:
        """Those later than `after` and not later than `until`; and the first later than that, or
        the instant up to which there is none. BadInput for what cannot be read.
        """
        ...


@dataclass(frozen=True)
class SourceTimes:
    """A source as it was read by the clock of `zone`: its times that have come, and the next."""

    read: Source
    zone: str
    times: list[Occurrence]
    next_due: datetime

    @property
    def source(self) -> UUID:
        """What has the jobs."""
        return self.read.id if isinstance(self.read, Programme) else self.read.subscription_id


async def times_of(
    read: Source, zone: str, since: datetime, until: datetime, next_times: NextTimes
) -> SourceTimes:
    """Between `since`, or what was not looked at before, and `until`. Raises nothing."""
    after = since if read.next_due is None else min(since, read.next_due - _INSTANT)
    after = max(after, until - LOOKS_BACK)
    if isinstance(read, Programme) and read.created <= until:  # else by a clock that was wrong
        after = max(after, read.created)
    try:
        found, following = await _upcoming(read, ZoneInfo(zone), after, until, next_times)
    except Exception:  # calendars come from anywhere: the others' phones ring all the same
        log.exception("the times of %s cannot be read", read.id)
        return SourceTimes(read, zone, [], until + BROKEN_FOR)
    return SourceTimes(read, zone, found, following)


async def _upcoming(
    read: Source, zone: ZoneInfo, after: datetime, until: datetime, next_times: NextTimes
) -> Upcoming:
    if read.at is not None:
        weekly = schedules.weekly(read.weekdays or frozenset(), read.at)
        return schedules.upcoming(weekly, zone, after, until, AHEAD)
    assert isinstance(read, Programme), "ring times are weekly"
    return await next_times(read, zone, after, until)
