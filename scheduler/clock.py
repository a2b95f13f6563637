"""What the house does at a time: call-outs and housekeeping. It sleeps until one is due."""

import asyncio
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Self

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.date import DateTrigger

from bridge.api.front_desk import FrontDesk
from bridge.settings import Settings
from bridge.store import Store
from scheduler.bell import ScheduleBell, hear
from scheduler.fetching import fetch
from scheduler.housekeeping import sweep
from scheduler.leading import AWAKE, Leading
from scheduler.ringing import Ringer

MISSED_BY = timedelta(hours=12)
"""A machine that slept through the night still does its work in the morning."""


class HouseClock:
    """Runs while it is entered. Nothing is kept here: what is due stands in the store."""

    def __init__(self, store: Store, desk: FrontDesk, settings: Settings) -> None:
        zone = settings.zone
        ringer = Ringer(store, desk, settings.data_dir)
        self._bell = ScheduleBell()
        self._leading = Leading(store, ringer, partial(fetch, store, desk, settings, self._bell))
        self._desk = desk
        self._hearing: list[asyncio.Task[None]] = []
        self._scheduler = AsyncIOScheduler(
            timezone=zone,
            job_defaults={
                "coalesce": True,
                "max_instances": 1,
                "misfire_grace_time": int(MISSED_BY.total_seconds()),
            },
        )
        now = datetime.now(zone)  # a house that is switched off at night, too
        self._tick_at(now)
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
        waking = self._wake(), hear(self._desk, self._bell)
        self._hearing = [asyncio.create_task(one) for one in waking]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._scheduler.shutdown(wait=False)
        for task in self._hearing:
            task.cancel()
        await asyncio.gather(*self._hearing, return_exceptions=True)
        await self._leading.stop()

    async def _tick(self) -> None:
        heard, following = self._bell.rung, datetime.now(UTC) + AWAKE
        try:
            following = await self._leading.tick()
        finally:
            self._tick_at(following if self._bell.rung == heard else datetime.now(UTC))

    def _tick_at(self, at: datetime) -> None:
        # two: the one that asks for the next has not quite ended when that begins
        self._scheduler.add_job(
            self._tick, DateTrigger(at), id="tick", replace_existing=True, max_instances=2
        )

    async def _wake(self) -> None:
        while True:
            await self._bell.sleep(None)
            if self._scheduler.get_job("tick") is not None:  # else it ticks, and will see
                self._tick_at(datetime.now(UTC))
