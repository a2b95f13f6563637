"""Calendars are read in another process: what they say, and what they cost, is up to strangers."""

import asyncio
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, TypeAdapter

from bridge import schedules
from bridge.children.kinds import CALENDARS, ChildKind
from bridge.children.reader import Reader, ReadingRefused
from bridge.errors import BadInput
from bridge.schedules.schedule import MOST_A_DAY, Occurrence, Scheduled, Upcoming

WITHIN = 30.0
"""Seconds for one look at one of them."""
_NOTHING: TypeAdapter[None] = TypeAdapter(None)
_INSTANT: TypeAdapter[AwareDatetime | None] = TypeAdapter(AwareDatetime | None)
_TIMES: TypeAdapter[tuple[list[Occurrence], AwareDatetime]] = TypeAdapter(
    tuple[list[Occurrence], AwareDatetime]
)


class CalendarReader(Reader):
    """What `upcoming` and `following` say, of schedules of all kinds. BadInput for what cannot be
    read, or takes more time or memory than any honest calendar.
    """

    def __init__(self, kind: ChildKind = CALENDARS) -> None:
        super().__init__(kind, WITHIN)

    async def check(self, calendar: bytes) -> None:
        """That it can be read."""
        try:
            await self.ask(_NOTHING, calendar)
        except ReadingRefused:
            raise BadInput("bad_calendar") from None

    async def upcoming(
        self,
        source: Scheduled,
        zone: ZoneInfo,
        after: datetime,
        until: datetime,
        horizon: timedelta,
    ) -> Upcoming:
        if source.calendar is None:
            schedule = schedules.of_programme(source)
            return await asyncio.to_thread(
                schedules.upcoming, schedule, zone, after, until, horizon
            )
        try:
            times, coming = await self.ask(
                *(_TIMES, source.calendar),
                zone=zone.key,
                after=after.isoformat(),
                until=until.isoformat(),
                horizon=horizon.total_seconds(),
            )
        except ReadingRefused:
            raise BadInput("bad_calendar") from None
        most = MOST_A_DAY * ((until - after).days + 2)
        honest = len(times) <= most and all(after < one.at <= until for one in times)
        if not honest or not until < coming <= until + horizon:
            raise BadInput("bad_calendar")
        return times, coming

    async def following(
        self, source: Scheduled, zone: ZoneInfo, after: datetime
    ) -> datetime | None:
        if source.calendar is None:
            return schedules.following(schedules.of_programme(source), zone, after)
        try:
            return await self.ask(_INSTANT, source.calendar, zone=zone.key, after=after.isoformat())
        except ReadingRefused:
            raise BadInput("bad_calendar") from None
