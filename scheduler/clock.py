"""What the house does at a time. So far that is housekeeping; call-outs will join it."""

from datetime import datetime, timedelta
from typing import Protocol, Self, TypeVar
from zoneinfo import ZoneInfo

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger

from bridge.control.command import Command
from scheduler.housekeeping import sweep

R = TypeVar("R")

MISSED_BY = timedelta(hours=12)
"""A machine that slept through the night still does its work in the morning."""


class Desk(Protocol):
    """The front desk, as bridge.control.client.Client serves it."""

    async def ask(self, command: Command[R]) -> R: ...


class HouseClock:
    """Runs while it is entered. Nothing is kept here: what is due stands in the store."""

    def __init__(self, desk: Desk, zone: ZoneInfo) -> None:
        self._scheduler = AsyncIOScheduler(
            timezone=zone,
            job_defaults={
                "coalesce": True,
                "max_instances": 1,
                "misfire_grace_time": int(MISSED_BY.total_seconds()),
            },
        )
        # half past three exists on every day of the year in nearly all zones, and only once
        self._scheduler.add_job(
            sweep,
            CronTrigger(hour=3, minute=30, timezone=zone),
            args=[desk],
            id="housekeeping",
            next_run_time=datetime.now(zone),  # a house that is switched off at night, too
        )

    async def __aenter__(self) -> Self:
        self._scheduler.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._scheduler.shutdown(wait=False)
