"""The house put together: store, worker pool and front desk, from start to end."""

import asyncio
import fcntl
import logging
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from uuid import NAMESPACE_DNS, uuid5

from sqlalchemy import text

from bridge import files
from bridge.api.events import CallsLost
from bridge.api.views import AccountView
from bridge.audio.speech.configured import understood
from bridge.audio.voice.voice_note import to_wav
from bridge.calls.policy import tollguard
from bridge.connectors.catalogue import TITLES
from bridge.desk.claim import ClaimCode
from bridge.desk.command_registry import CommandRegistry
from bridge.desk.event_relay import EventRelay
from bridge.desk.http import front_desk
from bridge.desk.metrics import Metrics
from bridge.desk.sockets import open_doors, served
from bridge.errors import HouseError, SetupFault
from bridge.settings import Settings
from bridge.store import Store, key_ring
from bridge.store.calls import calls, usage
from bridge.store.listening.missed import fail_lost
from bridge.store.migrate import migrate
from bridge.store.people import accounts, users
from bridge.terms import Health
from bridge.workers.media.media_stack import OpenMediaStack, open_media_stack
from bridge.workers.supervisor.pool import WorkerPool

log = logging.getLogger(__name__)

NETWORKS = {network: title for network, title in TITLES.items() if network != "loopback"}
"""Those that users may sign in to."""
DATABASE_ANSWERS_WITHIN = 3.0


class Service:
    """Everything that runs in the service's own process."""

    def __init__(self, settings: Settings, store: Store, pool: WorkerPool) -> None:
        self.settings = settings
        self.store = store
        self.pool = pool
        self.metrics = Metrics(pool.tally)
        self.relay = EventRelay(store)
        self.claim = ClaimCode()
        self.desk = front_desk(
            CommandRegistry(
                settings=settings,
                store=store,
                workers=pool,
                claim=self.claim,
                networks=NETWORKS,
                dialable=self._dialable,
                decode=to_wav,
                tell=self.relay.deliver,
                trunk=_trunk(settings),
                voice_languages=understood(settings),
            ),
            self.relay,
            self.metrics,
            self.ready,
        )

    async def ready(self) -> dict[str, bool]:
        """For /readyz: may this house be relied on at the moment?"""
        try:
            async with asyncio.timeout(DATABASE_ANSWERS_WITHIN):
                await self.store.read(lambda db: db.execute(text("SELECT 1")))
            database = True
        except (HouseError, TimeoutError):
            database = False
        return {"database": database, "workers": self.pool.healthy}

    async def start(self) -> None:
        """A worker for everybody; what a crash of the whole house left open is closed first."""
        if await self.store.read(users.owner) is None:
            self.claim.offer()
        await self._clear_desktops()
        for user in await self.store.read(users.everyone):
            await self.pool.take_in(user.id)
            lost = await self.store.run(usage.close_of_lost, user.id)
            await self.store.run(accounts.unserved, user.id, datetime.now(UTC))
            await self.store.run(fail_lost, user.id, datetime.now(UTC))
            if lost:
                log.warning("%d phone legs were left open by a crash of the house", lost)
            if cut := await self.store.run(calls.unfinished, user.id):
                self.relay.deliver(CallsLost(user=user.id, calls=cut))
            await self.pool.place(user.id)

    async def _clear_desktops(self) -> None:
        """Folders of client programs that belong to no account: of a sign-in that was cut short.
        Nobody signs in yet.
        """
        if not files.desktops(self.settings.data_dir).is_dir():
            return
        for user in await self.store.read(users.everyone):
            try:
                owned = await self.store.read(accounts.desktops, user.id)
                await self.pool.keep_programs(user.id, owned)
            except HouseError as why:
                log.warning("a folder of no account could not be removed: %s", why)

    async def distribute(self) -> None:
        """What workers tell goes to the metrics and to the chat; runs as long as the house."""
        async for event in self.pool.events():
            self.metrics.count(event)
            if event.told:
                self.relay.deliver(event)

    async def stop(self) -> None:
        """Every call ends with a goodbye, every account is signed out, and all is written down."""
        await self.pool.close()
        with suppress(TimeoutError):
            async with asyncio.timeout(DATABASE_ANSWERS_WITHIN):
                await self.pool.told()
                await self.relay.emptied()
        self.relay.close()

    def _dialable(self, typed: str) -> str:
        address = tollguard.normalise(typed, self.settings.country)
        tollguard.check(address, self.settings.countries)
        return address


@asynccontextmanager
async def open_service(
    settings: Settings, stack: OpenMediaStack = open_media_stack
) -> AsyncIterator[Service]:
    """The house, serving; everything ends with the context. SetupFault when it cannot begin."""
    prepare(settings.data_dir)
    with alone(settings.data_dir):
        await asyncio.to_thread(migrate, settings.database)
        with Store.open(settings.database, key_ring(settings)) as store:
            service = Service(settings, store, WorkerPool(settings, store, stack=stack))
            async with AsyncExitStack() as doors:
                for door, token in open_doors(settings):
                    await doors.enter_async_context(served(service.desk, door, token))
                async with asyncio.TaskGroup() as tasks:
                    carrying = [
                        tasks.create_task(service.relay.carry()),
                        tasks.create_task(service.distribute()),
                    ]
                    try:
                        await service.start()
                        yield service
                    finally:
                        await service.stop()
                        for task in carrying:
                            task.cancel()


def prepare(data_dir: Path) -> None:
    """Make the data directory, for its owner only. SetupFault when it cannot be."""
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        (data_dir / "lock").touch(mode=0o600)
    except OSError as why:
        raise SetupFault(
            "data_dir",
            why=f"The data directory {data_dir} cannot be used ({why.strerror}).",
            remedy="Set DATA_DIR in .env to a directory that the service may write to.",
        ) from None


def update_tables_aside(settings: Settings) -> None:
    """Migrate in a fork that is gone afterwards: alembic leaves 15 MB behind. To be called before
    there are threads. What goes wrong there goes wrong again in `open_service`, which tells it.
    """
    fork = os.fork()
    if fork == 0:
        try:
            with alone(settings.data_dir):
                migrate(settings.database)
        finally:
            os._exit(0)
    os.waitpid(fork, 0)


@contextmanager
def alone(data_dir: Path) -> Iterator[None]:
    """One house per data directory: SetupFault("already_running") for a second one."""
    with (data_dir / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise SetupFault(
                "already_running",
                why=f"The service is running already on the data directory {data_dir}.",
                remedy="Stop it first, or set another DATA_DIR in .env.",
            ) from None
        yield


def _trunk(settings: Settings) -> AccountView | None:
    """How /status shows the host's trunk. It is not registered: what is known are its settings."""
    if not settings.trunk_registrar:
        return None
    address = f"{settings.trunk_user}@{settings.trunk_registrar}"
    return AccountView(
        id=uuid5(NAMESPACE_DNS, address),
        network="sip",
        address=address,
        label="Trunk",
        enabled=True,
        is_trunk=True,
        health=Health.READY,
        since=datetime.now(UTC),
    )
