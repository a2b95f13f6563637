"""Who plays along when phones are rung: the front desk with a worker behind it, and the people."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, time, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select

from bridge import files
from bridge.api.commands.call_outs import PlaceCallOut
from bridge.api.events import EVENT, CallOutMissed
from bridge.errors import UnknownTarget
from bridge.store import Store
from bridge.store.calls.outbox import OutboxEvent
from bridge.store.listening import downloads, due_jobs, programmes, stations
from bridge.store.listening.due_jobs import DueJob
from bridge.store.people import users
from bridge.terms import DueJobState
from scheduler.leading import Leading
from scheduler.ringing import Ringer
from tests.bridge.store.conftest import NOW
from tests.bridge.store.publisher import episode_of, item, publish, subscribe
from tests.fake_clock import FakeClock

EVERY_DAY = frozenset(range(7))
_chats = count(8001)


class FakeDesk:
    """Dials what it may dial. The next asks fail with `faults`, one each; `listened` is how a call
    goes, None for one that lasts.
    """

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self.asked: list[UUID] = []
        self.rung: list[UUID] = []
        self.faults: list[Exception] = []
        self.listened: bool | None = True
        self.slow: dict[UUID, float] = {}
        """Seconds that the worker of a user needs."""
        self._store, self._now = store, now

    async def ask(self, command: Any) -> Any:
        assert isinstance(command, PlaceCallOut)
        self.asked.append(command.job)
        await asyncio.sleep(self.slow.get(command.user, 0))
        if self.faults:
            raise self.faults.pop(0)
        await self.dial(command)

    async def dial(self, command: PlaceCallOut) -> None:
        if not await self._store.run(
            due_jobs.dialling, command.user, command.job, uuid4(), self._now()
        ):
            raise UnknownTarget("job_over")
        self.rung.append(command.job)
        if self.listened is not None:
            await self._store.run(
                due_jobs.settle,
                command.user,
                command.job,
                listened=self.listened,
                reason="" if self.listened else "not_accepted",
                now=self._now(),
            )


class FakeFetching:
    """Runs until it is cancelled, or ends with `faults`, one each."""

    def __init__(self) -> None:
        self.begun: list[float] = []
        self.running = 0
        self.faults: list[Exception] = []

    async def __call__(self) -> None:
        self.begun.append(asyncio.get_running_loop().time())
        self.running += 1
        try:
            if self.faults:
                raise self.faults.pop(0)
            await asyncio.Event().wait()
        finally:
            self.running -= 1


class Scheduler:
    """One of perhaps several on a database."""

    def __init__(self, store: Store, desk: FakeDesk, data_dir: Path, clock: FakeClock) -> None:
        self.fetching = FakeFetching()
        self.ringer = Ringer(store, desk, data_dir, clock.now)
        self.leading = Leading(store, self.ringer, self.fetching, clock.now)

    async def tick(self) -> None:
        await self.leading.tick()
        await self.ringer.settled()


class Scene:
    def __init__(self, store: Store, data_dir: Path) -> None:
        self.store, self.data_dir = store, data_dir
        self.clock = FakeClock(NOW)
        self.desk = FakeDesk(store, self.clock.now)
        self.schedulers: list[Scheduler] = []

    def start(self) -> Scheduler:
        fresh = Scheduler(self.store, self.desk, self.data_dir, self.clock)
        self.schedulers.append(fresh)
        return fresh

    async def close(self) -> None:
        for one in self.schedulers:
            await one.leading.stop()

    async def tick(self, **passed: float) -> None:
        """After some time; nobody ticked meanwhile."""
        await asyncio.sleep(timedelta(**passed).total_seconds())
        for one in self.schedulers:
            await one.tick()

    async def tick_at(self, instant: datetime) -> None:
        await self.tick(seconds=(instant - self.clock.now()).total_seconds())

    def person(self, name: str = "Ada", zone: str = "Europe/Berlin") -> UUID:
        with self.store.begin() as db:
            chat = next(_chats)
            return users.add(db, chat, name, language="en", time_zone=zone, now=NOW).id

    def programme(self, user: UUID, at: time | None = None, **when: Any) -> UUID:
        """Every day, if nothing else is said."""
        if at is not None:
            when = {"weekdays": EVERY_DAY, "at": at, **when}
        with self.store.begin() as db:
            address = "https://radio.example/live"
            station = stations.add(db, user, "Radio", address, self.clock.now())
            row = programmes.add(db, user, station.id, title="News", now=self.clock.now(), **when)
            return row.id

    def podcast(self, user: UUID, **chosen: Any) -> tuple[UUID, UUID]:
        """(subscription, feed), of which one old episode is known."""
        now = self.clock.now()
        subscription, feed = subscribe(self.store, user, now=now, **chosen)
        publish(self.store, feed, item(99, published=now - timedelta(days=99)), now=now)
        return subscription, feed

    def publish(self, feed: UUID, *numbers: int, stored: bool = True) -> list[UUID]:
        """The episodes, each a minute younger than the one before."""
        now, found = self.clock.now(), []
        for ago, number in enumerate(reversed(numbers)):
            fresh = item(number, published=now - timedelta(minutes=ago))
            publish(self.store, feed, fresh, now=now)
            found.insert(0, episode_of(self.store, feed, f"Episode {number}").id)
            if stored:
                self.bring(found[0])
        return found

    def bring(self, episode: UUID) -> None:
        """Its sound is here."""
        files.episode(self.data_dir, episode).write_bytes(b"sound")
        with self.store.begin() as db:
            downloads.stored(db, episode, size=5, now=self.clock.now())

    def ask_for(self, user: UUID, podcast: UUID, episode: UUID) -> None:
        """In the chat."""
        now, key = self.clock.now(), f"asked {uuid4().hex[:8]}"
        with self.store.begin() as db:
            due_jobs.add(db, user, podcast, now.date(), key, due=now, now=now, episode=episode)

    def jobs(self) -> list[DueJob]:
        with self.store.reading() as db:
            return list(db.scalars(select(DueJob).order_by(DueJob.due, DueJob.key)))

    def states(self) -> list[DueJobState]:
        return [row.state for row in self.jobs()]

    def told(self) -> list[CallOutMissed]:
        with self.store.reading() as db:
            rows = db.scalars(select(OutboxEvent).order_by(OutboxEvent.number))
            events = [EVENT.validate_python(row.body) for row in rows]
        assert all(isinstance(event, CallOutMissed) for event in events)
        return events  # type: ignore[return-value]

    def run(self, work: Callable[..., Any], *args: Any, **options: Any) -> Any:
        with self.store.begin() as db:
            return work(db, *args, **options)
