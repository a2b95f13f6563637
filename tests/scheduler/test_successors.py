"""Real schedulers, killed while their calls stand in every state there is: the next one rings what
nobody dialled, once, and nothing else.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from enum import Enum, auto
from itertools import count
from pathlib import Path
from typing import Self
from uuid import UUID, uuid4

import pytest

from bridge.api.commands.call_outs import PlaceCallOut
from bridge.api.events import Numbered, ScheduleChanged
from bridge.store import Store
from bridge.store.leases import leadership
from bridge.store.leases.leadership import SCHEDULER
from bridge.store.leases.leases import NEVER
from bridge.store.listening import due_jobs, programmes, stations
from bridge.store.listening.due_jobs import DueJob
from bridge.terms import DueJobState
from scheduler.bell import ScheduleBell
from tests.bridge.store.conftest import (
    keys,
    person,
    postgres,
    postgres_database,
    postgres_migrated,
    sqlite_template,
    store,
    url,
)
from tests.peers.programs import until

__all__ = [
    "keys",
    "postgres",
    "postgres_database",
    "postgres_migrated",
    "sqlite_template",
    "store",
    "url",
]

pytestmark = pytest.mark.real

KILLS = 5
"""On each database; each finds a job in each state: fifty deaths in all."""


class Reached(Enum):
    """How far a call has come when its scheduler dies without an answer."""

    NOBODY = auto()
    """The command is lost."""
    LATE = auto()
    """The worker begins when the successor's command has been followed."""
    DIALLED = auto()
    HEARD = auto()
    IN_VAIN = auto()
    """Nobody listened: it is due once more, but later."""


UNBEGUN = {Reached.NOBODY, Reached.LATE}

AFTERWARDS = {
    Reached.NOBODY: DueJobState.DIALLING,
    Reached.LATE: DueJobState.DIALLING,
    Reached.DIALLED: DueJobState.DIALLING,
    Reached.HEARD: DueJobState.DONE,
    Reached.IN_VAIN: DueJobState.PENDING,
}


class Desk:
    """A front desk on its unix socket. It withholds its first answer about each job of `planned`;
    everything else is dialled and answered.
    """

    def __init__(self, store: Store) -> None:
        self.planned: dict[UUID, Reached] = {}
        self.asked: list[UUID] = []
        self.rung: list[UUID] = []
        self.changed = ScheduleBell()
        self._store = store
        self._late: list[PlaceCallOut] = []

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            fields = dict(line.lower().split(": ", 1) for line in head.split("\r\n")[1:-2])
            if head.startswith("GET /events"):
                await self._tell(writer)
            body = await reader.readexactly(int(fields["content-length"]))
            if not head.startswith(
                f"POST /commands/{PlaceCallOut.__name__} "
            ) or not await self._withheld(PlaceCallOut.model_validate_json(body)):
                writer.write(_answered(200, b"null"))
            else:
                await reader.read()  # until the scheduler is dead
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # killed while it asked
        finally:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()

    async def _tell(self, writer: asyncio.StreamWriter) -> None:
        """What has changed, until the scheduler is dead."""
        writer.write(b"HTTP/1.1 200 .\r\nConnection: close\r\n\r\n")
        for number in count(1):
            await self.changed.sleep(None, heard=number - 1)
            event = ScheduleChanged(user=uuid4())
            line = Numbered(number=number, event=event).model_dump_json()
            writer.write(line.encode() + b"\n")
            await writer.drain()

    async def late(self) -> None:
        """What was held up begins after all."""
        while self._late:
            await self._dial(self._late.pop())

    async def _withheld(self, command: PlaceCallOut) -> bool:
        first = command.job not in self.asked
        self.asked.append(command.job)
        reached = self.planned.get(command.job) if first else None
        if reached is Reached.LATE:
            self._late.append(command)
        if reached in UNBEGUN:
            return True
        await self._dial(command)
        if reached in (Reached.HEARD, Reached.IN_VAIN):
            with self._store.begin() as db:
                heard, now = reached is Reached.HEARD, datetime.now(UTC)
                due_jobs.settle(db, command.user, command.job, listened=heard, now=now)
        return reached is not None

    async def _dial(self, command: PlaceCallOut) -> None:
        with self._store.begin() as db:
            if due_jobs.dialling(db, command.user, command.job, uuid4(), datetime.now(UTC)):
                self.rung.append(command.job)


def _answered(status: int, body: bytes) -> bytes:
    head = f"HTTP/1.1 {status} .\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
    return f"{head}\r\nConnection: close\r\n\r\n".encode() + body


class Scheduler:
    """`python -m scheduler`, with the processes that it starts."""

    def __init__(self, data_dir: Path, url: str) -> None:
        self._log = data_dir / "scheduler.log"
        self._environment = {**os.environ, "DATA_DIR": str(data_dir), "DATABASE_URL": url}

    async def start(self) -> Self:
        with self._log.open("ab") as log:
            self._program = await asyncio.create_subprocess_exec(
                sys.executable,
                *("-m", "scheduler"),
                env=self._environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        return self

    async def kill(self) -> None:
        assert self._program.returncode is None, self._log.read_text()
        os.killpg(self._program.pid, signal.SIGKILL)
        await self._program.wait()


class Stage:
    def __init__(self, store: Store, desk: Desk, data_dir: Path, url: str) -> None:
        self.store, self.desk = store, desk
        self._data_dir, self._url = data_dir, url
        self.running: list[Scheduler] = []
        self.sources = [self._programme(reached.name) for reached in Reached]
        self.other = self._programme("other")

    async def start(self) -> None:
        self.running.append(await Scheduler(self._data_dir, self._url).start())

    async def replace_leader(self) -> None:
        """Killed; and its lease is over, for which nobody waits here."""
        await self.running.pop().kill()
        with self.store.begin() as db:
            db.get_one(leadership.Leadership, SCHEDULER).lease_until = NEVER
        await self.start()

    def due(self, of: tuple[UUID, UUID]) -> UUID:
        user, source = of
        now = datetime.now(UTC)
        with self.store.begin() as db:
            key = f"asked {uuid4().hex[:8]}"
            row = due_jobs.add(db, user, source, now.date(), key, due=now, now=now)
            assert row is not None
        self.desk.changed.ring()
        return row.id

    def state(self, job: UUID) -> DueJobState:
        with self.store.reading() as db:
            return db.get_one(DueJob, job).state

    def _programme(self, name: str) -> tuple[UUID, UUID]:
        user, now = person(self.store, name), datetime.now(UTC)
        past = frozenset({(now - timedelta(days=2)).weekday()})  # never due by itself
        with self.store.begin() as db:
            station = stations.add(db, user, "Eins", "https://eins.example/x", now).id
            at = now.time().replace(second=0, microsecond=0)
            programme = programmes.add(db, user, station, weekdays=past, at=at, now=now)
            return user, programme.id


@pytest.fixture
async def stage(store: Store, url: str, tmp_path: Path) -> AsyncIterator[Stage]:
    desk = Desk(store)
    server = await asyncio.start_unix_server(desk.answer, tmp_path / "control.sock")
    staged = Stage(store, desk, tmp_path, url)
    await staged.start()
    yield staged
    for scheduler in staged.running:
        await scheduler.kill()
    server.close()
    await server.wait_closed()


async def test_a_killed_scheduler_is_succeeded_by_one_that_rings_nothing_twice(
    stage: Stage,
) -> None:
    of_all = [job for _ in range(KILLS) for job in await _killed(stage)]
    assert sorted(stage.desk.rung) == sorted(of_all)


async def _killed(stage: Stage) -> list[UUID]:
    """One scheduler dies, and another one goes on; the jobs that were rung."""
    desk = stage.desk
    planned = {stage.due(of): reached for of, reached in zip(stage.sources, Reached, strict=True)}
    desk.planned |= planned
    begun = {job for job, reached in planned.items() if reached not in UNBEGUN}
    await until(lambda: planned.keys() <= set(desk.asked), "all calls to be asked for", 30)
    await until(lambda: begun <= set(desk.rung), "what is not held up to be dialled")
    await stage.replace_leader()
    await until(lambda: planned.keys() <= set(desk.rung), "all calls to be dialled", 30)
    await desk.late()
    probe = stage.due(stage.other)  # rung in a later round: what came twice has come by now
    await until(lambda: probe in desk.rung, "the successor to go on", 30)
    assert {planned[job]: stage.state(job) for job in planned} == AFTERWARDS
    for job, reached in planned.items():
        assert desk.asked.count(job) == (2 if reached in UNBEGUN else 1), reached
    return [*planned, probe]
