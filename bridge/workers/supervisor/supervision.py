"""One worker, supervised: started, pinged, measured, ended, and started again."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import psutil
from tenacity import wait_exponential

from bridge.api.command import Command
from bridge.api.commands.phones import TestCall, VerifyPhone
from bridge.api.events import Event
from bridge.api.status_views import WorkerView
from bridge.backoff import Backoff
from bridge.errors import HouseError
from bridge.workers.ipc import wire
from bridge.workers.ipc.asking import Asking
from bridge.workers.ipc.replying import Replying
from bridge.workers.stored.service import MOST_QUESTIONS, StoreServices
from bridge.workers.supervisor.crash_settlement import CrashSettlement
from bridge.workers.supervisor.spawn import Spawner, WorkerProcess

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class WorkerLimits:
    """How much patience there is with a worker, in seconds, and how much memory, in bytes."""

    starts_within: float = 20.0
    ping_every: float = 10.0
    answers_within: float = 10.0
    leaves_within: float = 5.0
    memory: int = 300 << 20
    steady: float = 60.0
    """A worker that lived for so long was well: the pauses between restarts begin anew."""


@dataclass
class Tally:
    """What is counted over all workers."""

    restarts: int = 0
    leases_lost: int = 0


class Supervision:
    """Keeps one user's worker alive until `stop`."""

    def __init__(
        self,
        user: UUID,
        spawner: Spawner,
        settlement: CrashSettlement,
        services: StoreServices,
        tell: Callable[[Event], None],
        tally: Tally,
        limits: WorkerLimits,
    ) -> None:
        self._user = user
        self._spawner = spawner
        self._settlement = settlement
        self._services = services
        self._tell = tell
        self._tally = tally
        self._limits = limits
        self._errands = Asking(limits.starts_within, "worker_restarting")
        self._restarts = 0
        self._since: datetime | None = None
        self._process: WorkerProcess | None = None
        self._answered = asyncio.Event()
        self._sound = False
        self._leases_lost = 0
        self._patience: float | None = None
        """Set: it is to end, its calls after so many seconds."""
        self._stopped = asyncio.Event()
        self._task = asyncio.create_task(self._keep_alive())

    @property
    def healthy(self) -> bool:
        """Whether it serves, has answered the last ping, and its leases are renewed."""
        return self._errands.ready and self._sound

    def view(self) -> WorkerView:
        return WorkerView(running=self._errands.ready, since=self._since, restarts=self._restarts)

    async def send(self, command: Command[Any]) -> Any:
        name, body = type(command).__name__, command.model_dump(mode="json")
        if not isinstance(command, VerifyPhone | TestCall):
            return await self._errands.ask(name, body)
        self._settlement.begun(command)  # before it is: its end may come as soon as its answer
        try:
            return await self._errands.ask(name, body)
        except HouseError:
            self._settlement.called_off(command)
            raise

    def refresh(self) -> None:
        if self._process is not None:
            self._process.link.send(wire.Refresh())

    async def stop(self, patience: float) -> None:
        """Drain, and if that takes too long, kill. Asked again, the shorter patience counts."""
        if self._patience is None or patience < self._patience:
            self._patience = patience
            self._stopped.set()
            if self._process is not None:
                self._drain(self._process)
        await asyncio.shield(self._task)

    # --- one life after the other ----------------------------------------------------------------

    async def _keep_alive(self) -> None:
        loop = asyncio.get_running_loop()
        pauses = Backoff(wait_exponential(multiplier=0.2, max=30))
        while not self._stopped.is_set():
            born = loop.time()
            try:
                await self._live()
            except Exception:
                log.exception("a worker could not be supervised")
            if self._stopped.is_set():
                return
            self._restarts += 1
            self._tally.restarts += 1
            if loop.time() - born >= self._limits.steady:
                pauses.reset()
            with suppress(TimeoutError):
                async with asyncio.timeout(pauses.pause()):
                    await self._stopped.wait()

    async def _live(self) -> None:
        """Start a worker, serve it until it is dead, and settle what it leaves behind."""
        owner = uuid4().hex
        process = self._process = await self._spawner.spawn(self._user, owner)
        self._leases_lost = 0
        if self._stopped.is_set():
            self._drain(process)
        self._answered.clear()
        replying = Replying(process.link, self._services.of(self._user, owner), MOST_QUESTIONS)
        listening = asyncio.create_task(self._listen(process, replying))
        watching = asyncio.create_task(self._watch(process, owner))
        try:
            await process.ended.wait()
        finally:
            died = datetime.now(UTC)
            process.kill()  # when it is we who are cancelled
            watching.cancel()
            self._process, self._sound = None, False
            self._errands.close()
            # what it said before it died is still to be heard
            await asyncio.wait({listening}, timeout=1)
            listening.cancel()
            await asyncio.gather(listening, watching, return_exceptions=True)
            how = await process.buried()
            if not self._stopped.is_set():
                log.error("worker %d died: %s", process.pid, how)
            else:
                log.info("worker %d has ended: %s", process.pid, how)
            await replying.finished()  # a lease that is just being taken is let go of, too
            self._services.leases.died(owner)
            await self._services.take_in(self._user, self._heard)
            await self._settlement.publish(owner, died)

    def _heard(self, event: Event) -> None:
        self._settlement.note(event)
        self._tell(event)

    def _drain(self, process: WorkerProcess) -> None:
        assert self._patience is not None
        process.link.send(wire.Drain(seconds=self._patience))
        grace = self._patience + self._limits.leaves_within
        asyncio.get_running_loop().call_later(grace, process.kill)

    async def _listen(self, process: WorkerProcess, replying: Replying) -> None:
        async for message in process.link.messages():
            match message:
                case wire.Hello():
                    log.info("worker %d serves", process.pid)
                    self._since = datetime.now(UTC)
                    self._sound = True
                    self._answered.set()
                    self._errands.open(process.link)
                case wire.Pong(leases=leases, leases_lost=lost):
                    self._sound = leases
                    self._tally.leases_lost += max(0, lost - self._leases_lost)
                    self._leases_lost = lost
                    self._answered.set()
                case wire.Do():
                    replying.take(message)
                case wire.Done():
                    self._errands.settle(message)
                case wire.Told(event=event) if event.user == self._user:
                    self._heard(event)
                case _:
                    log.error("worker %d said what is not its to say", process.pid)
        # it has hung up: it ends by itself, or is ended
        asyncio.get_running_loop().call_later(self._limits.leaves_within, process.kill)

    async def _watch(self, process: WorkerProcess, owner: str) -> None:
        """Kill a worker that does not start, does not answer, or takes too much memory."""
        limits = self._limits
        try:
            async with asyncio.timeout(limits.starts_within):
                await self._answered.wait()
            while _resident(process.pid) <= limits.memory:
                await asyncio.sleep(limits.ping_every)
                self._answered.clear()
                process.link.send(wire.Ping(valid_until=self._services.leases.of(owner)))
                async with asyncio.timeout(limits.answers_within):
                    await self._answered.wait()
            log.error("worker %d takes too much memory", process.pid)
        except TimeoutError:
            log.error("worker %d does not answer", process.pid)
        process.kill()


def _resident(pid: int) -> int:
    try:
        return int(psutil.Process(pid).memory_info().rss)
    except psutil.NoSuchProcess:
        return 0
