"""Real schedulers, houses and workers, killed at any moment: no phone is rung twice.

Only the telephone engine is a stand-in: it writes down what is dialled.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Self
from uuid import UUID, uuid4

import psutil
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge import files
from bridge.settings import Settings
from bridge.store import Store, key_ring
from bridge.store.listening import downloads, due_jobs
from bridge.store.listening.due_jobs import DueJob
from bridge.store.people import accounts, phones, users
from bridge.terms import DueJobState
from tests.bridge.store.publisher import episode_of, item, publish, subscribe
from tests.fresh_database import lay_out
from tests.peers.programs import until

pytestmark = [pytest.mark.real, pytest.mark.timeout(300)]  # leases run out in it

USERS, KILLS = 10, 5
"""Each kill finds the jobs of ten users in as many states."""
SPREAD = 4.0
"""Seconds over which the jobs become due."""
OVER = {DueJobState.DONE, DueJobState.FAILED, DueJobState.MISSED}


class Program:
    """One that can be killed and started again."""

    def __init__(self, module: str, settings: Settings) -> None:
        self._module = module
        self._log = (settings.data_dir / f"{module}.log").open("ab")
        self._environment = {**os.environ, "DATA_DIR": str(settings.data_dir), "LOG_LEVEL": "ERROR"}

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.kill()
        self._log.close()

    async def start(self) -> None:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            self._module,
            env=self._environment,
            stdin=asyncio.subprocess.PIPE,
            stdout=self._log,
            stderr=self._log,
        )

    async def kill(self) -> None:
        """With all its children: a machine that loses its power asks nobody."""
        assert self._process.returncode is None, f"it died by itself: {self._log.name}"
        family = psutil.Process(self._process.pid).children(recursive=True)
        self._process.kill()
        for child in family:
            if child.is_running():
                child.kill()
        await self._process.wait()

    def workers(self) -> list[psutil.Process]:
        """The leaves of the family: what a fork server made."""
        family = psutil.Process(self._process.pid).children(recursive=True)
        return [child for child in family if not child.children() and _is_worker(child)]


def _is_worker(process: psutil.Process) -> bool:
    parent = process.parent()
    return parent is not None and any("forkserver" in word for word in parent.cmdline())


class Town:
    """Some people with a podcast each, and the programs that serve them."""

    def __init__(self, settings: Settings, store: Store) -> None:
        self.settings, self.store = settings, store
        self.house = Program("tests.scheduler.kills.lone_house", settings)
        self.clock = Program("tests.scheduler.kills.wakeful", settings)
        self.people: list[tuple[UUID, UUID, UUID]] = []
        """User, subscription, episode."""

    def move_in(self, number: int) -> None:
        now = datetime.now(UTC)
        with self.store.begin() as db:
            user = users.add(
                db, 9000 + number, f"P{number}", language="en", time_zone="Europe/Berlin", now=now
            ).id
            accounts.keep(db, user, "sip", f"p{number}", options={}, secrets={}, now=now)
            phone = phones.add(db, user, "Desk", f"sip:p{number}@house")
            phones.verified(db, user, phone.id, now)
        address = f"https://pods.example/{number}.xml"
        podcast, feed = subscribe(self.store, user, address, now)
        publish(self.store, feed, item(0), now=now)
        episode = episode_of(self.store, feed, "Episode 0").id
        files.episode(self.settings.data_dir, episode).write_bytes(b"sound")
        with self.store.begin() as db:
            downloads.stored(db, episode, size=5, now=now)
        self.people.append((user, podcast, episode))

    async def asks(self, person: tuple[UUID, UUID, UUID]) -> UUID:
        """Somebody wants to be called: a job that is due now."""
        user, podcast, episode = person

        def add(db: Session) -> UUID:
            now = datetime.now(UTC)
            row = due_jobs.add(
                db,
                user,
                podcast,
                now.date(),
                f"asked {uuid4().hex[:8]}",
                due=now,
                now=now,
                episode=episode,
            )
            assert row is not None
            return row.id

        return await self.store.run(add)

    async def states(self, some: list[UUID]) -> dict[UUID, tuple[DueJobState, int]]:
        def read(db: Session) -> dict[UUID, tuple[DueJobState, int]]:
            rows = db.scalars(select(DueJob).where(DueJob.id.in_(some)))
            return {row.id: (row.state, row.tries) for row in rows}

        return await self.store.read(read)

    async def rings(self, some: list[UUID]) -> bool:
        """Whether a phone rings for one of these jobs now."""
        states = (await self.states(some)).values()
        return any(state is DueJobState.DIALLING for state, _ in states)

    def rung(self) -> list[UUID]:
        path = self.settings.data_dir / "rung"
        return [UUID(line) for line in path.read_text().split()] if path.exists() else []


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    async with _town(tmp_path) as town:
        yield town


@asynccontextmanager
async def _town(directory: Path) -> AsyncIterator[Town]:
    settings = Settings(_env_file=None, data_dir=directory)
    await asyncio.to_thread(lay_out, settings.database)
    async with AsyncExitStack() as programs:
        store = programs.enter_context(Store.open(settings.database, key_ring(settings)))
        town = Town(settings, store)
        for number in range(USERS):
            town.move_in(number)
        await programs.enter_async_context(town.house)
        await programs.enter_async_context(town.clock)
        yield town


async def test_whoever_is_killed_no_phone_rings_twice(town: Town) -> None:
    chance = random.Random(20061123)
    asked: list[UUID] = []
    seen: set[DueJobState] = set()
    for number in range(KILLS):
        some = []
        for person in town.people:
            some.append(await town.asks(person))
            await asyncio.sleep(chance.uniform(0, 2 * SPREAD / USERS))
        if number % 2:
            some.append(await town.asks(town.people[0]))  # it still waits for the clock's tick
        else:
            await until(partial(town.rings, some), f"a phone to ring before kill {number}", 60)
        seen |= {state for state, _ in (await town.states(some)).values()}
        match number % 3:
            case 0:
                await town.clock.kill()
                await town.clock.start()
            case 1:
                await town.house.kill()
                await town.house.start()
            case 2:
                for worker in town.house.workers():
                    worker.send_signal(signal.SIGKILL)

        async def over(some: list[UUID] = some) -> bool:
            states = (await town.states(some)).values()
            return all(state in OVER or tries for state, tries in states)

        await until(over, f"every call to be over after kill {number}", 90)
        asked += some
    states = await town.states(asked)
    rung = town.rung()
    assert len(rung) == len(set(rung))

    def dialled(db: Session) -> set[UUID | None]:
        return set(db.scalars(select(DueJob.call_id).where(DueJob.id.in_(asked))))

    # a job that was dialled twice would have forgotten its first call
    assert set(rung) <= await town.store.read(dialled)
    done = sum(state is DueJobState.DONE for state, _ in states.values())
    assert done >= USERS * KILLS / 2, states
    assert {DueJobState.PENDING, DueJobState.DIALLING} <= seen
