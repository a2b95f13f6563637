"""What the house does at a time: call-outs and housekeeping."""

from datetime import datetime, timedelta
from functools import partial
from typing import Self

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from bridge.api.front_desk import FrontDesk
from bridge.settings import Settings
from bridge.store import Store
from scheduler.fetching import fetch
from scheduler.housekeeping import sweep
from scheduler.leading import Leading
from scheduler.ringing import Ringer

TICKS_EVERY = 2
"""Seconds."""
MISSED_BY = timedelta(hours=12)
"""A machine that slept through the night still does its work in the morning."""


class HouseClock:
    """Runs while it is entered. Nothing is kept here: what is due stands in the store."""

    def __init__(self, store: Store, desk: FrontDesk, settings: Settings) -> None:
        zone = settings.zone
        ringer = Ringer(store, desk, settings.data_dir)
        self._leading = Leading(store, ringer, partial(fetch, store, desk, settings))
        self._scheduler = AsyncIOScheduler(
            timezone=zone,
            job_defaults={
                "coalesce": True,
                "max_instances": 1,
                "misfire_grace_time": int(MISSED_BY.total_seconds()),
            },
        )
        now = datetime.now(zone)  # a house that is switched off at night, too
        self._scheduler.add_job(
            self._leading.tick, IntervalTrigger(seconds=TICKS_EVERY), id="tick", next_run_time=now
        )
        # half past three exists on every day of the year in nearly all zones, and only once
        self._scheduler.add_job(
            sweep,
            CronTrigger(hour=3, minute=30, timezone=zone),
            args=[desk],
            id="housekeeping",
            next_run_time=now,
        )

    async def __aenter__(self) -> Self:
        self._scheduler.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._scheduler.shutdown(wait=False)
        await self._leading.stop()
