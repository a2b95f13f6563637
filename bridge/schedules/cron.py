"""Cron expressions: five fields, as in crontab(5)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

from bridge.errors import BadInput
from bridge.schedules.schedule import MOST_A_DAY
from bridge.schedules.wall import instant

_FIELDS = 5
# the last day, the n-th weekday, and steps from one number on: other crons read them, crontab(5)
# does not say what they mean (the library takes 3-3/2 for 3/2)
_BEYOND = re.compile(r"\b\d*lw?\b|#|(?<![-\w])(\w+)(-\1)?/", re.IGNORECASE)
_SOME_TIME = datetime(2000, 1, 1)
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Cron:
    expression: str

    def starts(self, zone: ZoneInfo, first: date, last: date) -> Iterator[datetime]:
        # by the clock on the wall: the library's own nights of changed clocks are other ones
        for wall in CronSim(self.expression, datetime.combine(first, time()) - _SECOND):
            if wall.date() > last:
                return
            yield instant(wall, zone)


def cron(expression: str) -> Cron:
    """BadInput("bad_cron") for what is none, for a day that never comes (30 February), and for
    more than MOST_A_DAY times a day: "* 7 * * *" rings sixty times, and is always a mistake.
    """
    if len(expression.split()) != _FIELDS or _BEYOND.search(expression):
        raise BadInput("bad_cron")
    try:
        found = CronSim(expression, _SOME_TIME)
    except (CronSimError, ValueError):  # of int: too many digits
        raise BadInput("bad_cron") from None
    if len(found.minutes) * len(found.hours) > MOST_A_DAY:
        raise BadInput("bad_cron")
    return Cron(expression)
