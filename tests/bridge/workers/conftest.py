"""A worker pool over a real store: the workers are processes, their studios have no engine."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import psutil
import pytest
from sqlalchemy.orm import Session

from bridge import files
from bridge.api.events import Event
from bridge.settings import Settings
from bridge.store import Store, key_ring
from bridge.store.leases.leases import Lease
from bridge.store.people import accounts, phones, users
from bridge.terms import Health
from bridge.workers.media.media_stack import OpenMediaStack
from bridge.workers.supervisor.pool import WorkerPool
from bridge.workers.supervisor.supervision import WorkerLimits
from tests.bridge.workers.studios import paper
from tests.fresh_database import lay_out
from tests.peers.programs import until

QUICK = WorkerLimits(starts_within=20, ping_every=0.2, answers_within=1.0, leaves_within=2.0)


@dataclass
class Works:
    """A pool, its store, and what its workers told."""

    settings: Settings
    store: Store
    pool: WorkerPool
    told: list[Event] = field(default_factory=list)

    async def member(self, name: str, chat: int) -> UUID:
        """With one account and one phone."""
        now = datetime.now(UTC)

        def move_in(db: Session) -> UUID:
            user = users.add(
                db,
                chat,
                name,
                language="en",
                time_zone="Europe/Berlin",
                now=now,
            ).id
            accounts.keep(db, user, "sip", name, options={}, secrets={}, now=now)
            phones.add(db, user, "Desk", f"sip:{name}@house")
            return user

        return await self.store.run(move_in)

    async def placed(self, user: UUID) -> int:
        """The process that serves this person's account."""
        await self.pool.place(user)
        return await self.serving(user)

    async def serving(self, user: UUID, but: int | None = None, within: float = 15.0) -> int:
        """The process that serves, once it is not `but` any more, and the account is ready."""
        folder = files.folder(self.settings.data_dir, user) / "serving"

        async def found() -> int | None:
            [account] = await self.store.read(accounts.of_user, user)
            pids = [int(sign.name) for sign in folder.glob("*") if int(sign.name) != but]
            alive = [pid for pid in pids if psutil.pid_exists(pid)]
            return alive[0] if alive and account.health is Health.READY else None

        pid: int = await until(found, "the account to be served", within)
        return pid

    async def lease(self, user: UUID) -> Lease:
        def read(db: Session) -> Lease:
            [account] = accounts.of_user(db, user)
            return db.get_one(Lease, account.id)

        return await self.store.read(read)


@asynccontextmanager
async def open_works(
    directory: Path, stack: OpenMediaStack = paper, limits: WorkerLimits = QUICK
) -> AsyncIterator[Works]:
    settings = Settings(_env_file=None, data_dir=directory)
    await asyncio.to_thread(lay_out, settings.database)
    with Store.open(settings.database, key_ring(settings)) as store:
        works = Works(settings, store, WorkerPool(settings, store, stack=stack, limits=limits))

        async def listen() -> None:
            async for event in works.pool.events():
                works.told.append(event)

        listening = asyncio.create_task(listen())
        try:
            yield works
        finally:
            await works.pool.close()
            listening.cancel()


@pytest.fixture
async def works(tmp_path: Path) -> AsyncIterator[Works]:
    async with open_works(tmp_path) as works:
        yield works


def open_files(settings: Settings) -> int:
    """But for the database: its connections are kept, as many as were ever needed at once."""
    names = [os.path.realpath(f"/proc/self/fd/{fd}") for fd in os.listdir("/proc/self/fd")]
    return sum(not name.startswith(str(settings.data_dir / "skype2sip.db")) for name in names)
