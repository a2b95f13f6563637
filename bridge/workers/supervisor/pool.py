"""The worker pool: one process per user, started, watched, restarted. Nobody else knows where a
worker lives.

A worker that dies costs its own user a few seconds: its leases are released at once, because its
supervisor knows that it is dead, and its running calls are written down as lost.
"""

import asyncio
import socket
from collections.abc import AsyncIterator, Collection
from typing import Any
from uuid import UUID

from tenacity import AsyncRetrying, retry_if_exception_type, stop_after_delay, wait_fixed

from bridge.api.command import Command
from bridge.api.events import Event
from bridge.api.status_views import WorkerView
from bridge.connectors.desktop.keeper.lines import KeeperLines, started_here
from bridge.connectors.desktop.keeper.messages import KeeperOrder
from bridge.connectors.desktop.keeper.remote import KeptSessions
from bridge.errors import NetworkDown
from bridge.settings import Settings
from bridge.store import Store
from bridge.store.people import accounts
from bridge.workers.media.media_stack import OpenMediaStack, open_media_stack
from bridge.workers.stored.service import StoreServices
from bridge.workers.supervisor.crash_settlement import CrashSettlement
from bridge.workers.supervisor.spawn import Spawner
from bridge.workers.supervisor.supervision import Supervision, Tally, WorkerLimits

_SESSIONS_END_WITHIN = 10.0


class WorkerPool:
    """`place`, `withdraw`, `send`, `events` (and `refresh`, a send without an answer): all that
    anybody may know of workers.
    """

    def __init__(
        self,
        settings: Settings,
        store: Store,
        *,
        stack: OpenMediaStack = open_media_stack,
        limits: WorkerLimits | None = None,
    ) -> None:
        self.tally = Tally()
        self._store = store
        self._keeper = KeeperLines(started_here(KeeperOrder.configured(settings)))
        self._spawner = Spawner(settings, stack, self._sessions)
        self._limits = limits or WorkerLimits()
        self._events: asyncio.Queue[Event] = asyncio.Queue()
        self._services = StoreServices(store, settings, self._events.put_nowait)
        self._workers: dict[UUID, Supervision] = {}
        self._leaving: dict[UUID, Supervision] = {}

    async def place(self, user: UUID) -> None:
        """Give `user` a worker, and keep it alive; returns at once, unless his last one is still
        on its way out. Placing twice changes nothing.
        """
        if (old := self._leaving.get(user)) is not None:
            await old.stop(0.0)
        if user not in self._workers:
            tell = self._events.put_nowait
            self._workers[user] = Supervision(
                user,
                self._spawner,
                CrashSettlement(self._store, user, tell),
                self._services,
                tell,
                self.tally,
                self._limits,
            )

    async def take_in(self, user: UUID) -> None:
        """What his last worker could not tell, before there is another one."""
        await self._services.take_in(user, self._events.put_nowait)

    async def withdraw(self, user: UUID, patience: float = 0.0) -> None:
        """End the user's worker; running calls may go on for `patience` seconds."""
        worker = self._workers.pop(user, None) or self._leaving.get(user)
        if worker is not None:
            self._leaving[user] = worker
            try:
                await worker.stop(patience)
            finally:
                if self._leaving.get(user) is worker:
                    del self._leaving[user]
                if user not in self._workers:
                    self._keeper.drop(user)

    async def send(self, user: UUID, command: Command[Any]) -> Any:
        """Have the user's worker carry out a live command; its answer in plain JSON.

        Raises what the worker raised; NetworkDown("worker_restarting") when there is none in time.
        """
        worker = self._workers.get(user) or self._leaving.get(user)
        if worker is None:
            raise NetworkDown("worker_restarting")
        return await worker.send(command)

    def refresh(self, user: UUID) -> None:
        """The store has changed for `user`. A worker that is not there reads it when it starts."""
        worker = self._workers.get(user)
        if worker is not None:
            worker.refresh()

    async def events(self) -> AsyncIterator[Event]:
        """What all workers tell, in the order of each. One reader."""
        while True:
            yield await self._events.get()
            self._events.task_done()

    async def told(self) -> None:
        """Returns when the reader of `events` has taken all there were."""
        await self._events.join()

    def view(self, user: UUID) -> WorkerView:
        worker = self._workers.get(user)
        return worker.view() if worker else WorkerView(running=False, since=None, restarts=0)

    @property
    def healthy(self) -> bool:
        """Whether every worker serves, has answered lately and holds its leases."""
        return all(worker.healthy for worker in self._workers.values())

    async def close(self, patience: float = 0.0) -> None:
        """Withdraw everybody."""
        users = [*self._workers, *self._leaving]
        await asyncio.gather(*(self.withdraw(user, patience) for user in users))
        await self._services.leases.close()
        await self._keeper.close()

    async def keep_programs(self, user: UUID, numbers: Collection[int]) -> None:
        """Of the folders of the user's client programs only these, before the user has a worker.
        NetworkDown("desktop_occupied") while a program runs in another one.
        """
        with self._keeper.open(user, numbers) as line:
            await KeptSessions(line).keep_only(numbers)

    async def forget_programs(self, user: UUID) -> None:
        """All folders of the client programs of a user who has no worker any more; its sessions
        may be ending still. NetworkDown when they do not.
        """
        if await self._store.read(accounts.desktops, user):
            async for attempt in AsyncRetrying(
                retry=retry_if_exception_type(NetworkDown),
                wait=wait_fixed(0.2),
                stop=stop_after_delay(_SESSIONS_END_WITHIN),
                reraise=True,
            ):
                with attempt, await self._sessions(user) as line:
                    await KeptSessions(line).keep_only(())
            self._keeper.drop(user)

    async def _sessions(self, user: UUID) -> socket.socket:
        return self._keeper.open(user, await self._store.read(accounts.desktops, user))
