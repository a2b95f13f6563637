"""Events on their way to the chat: kept in the outbox until acknowledged, pushed at once."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session
from tenacity import wait_exponential

from bridge.api.events import Event
from bridge.backoff import Backoff
from bridge.errors import NetworkDown, UnknownTarget
from bridge.store import Store
from bridge.store.calls import outbox

log = logging.getLogger(__name__)

AT_ONCE = 100
HEARTBEAT = 20.0
"""Seconds of silence after which a reader gets a sign of life."""


class EventRelay:
    """One writer, so that events keep their order; any number of readers, by their names."""

    def __init__(
        self, store: Store, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._store = store
        self._now = now
        self._coming: asyncio.Queue[Event] = asyncio.Queue()
        self._bells: set[asyncio.Event] = set()
        self._closed = False

    def deliver(self, event: Event) -> None:
        """Returns at once; `carry` keeps it and tells the readers."""
        self._coming.put_nowait(event)

    async def carry(self) -> None:
        """Runs as long as the house. A database that is away is waited for."""
        while True:
            batch = [await self._coming.get()]
            while len(batch) < AT_ONCE and not self._coming.empty():
                batch.append(self._coming.get_nowait())
            await self._keep(batch)
            self._ring()
            for _ in batch:
                self._coming.task_done()

    async def emptied(self) -> None:
        """Returns when all that was delivered is kept."""
        await self._coming.join()

    def close(self) -> None:
        """The readers' streams end."""
        self._closed = True
        self._ring()

    async def attend(self, consumer: str) -> int:
        """From now on events wait for this consumer; up to which number it has acknowledged."""
        return await self._store.run(outbox.attend, consumer)

    async def read(self, consumer: str) -> AsyncIterator[tuple[int, dict[str, Any]] | None]:
        """(number, body) of everything not acknowledged, then of what comes; None: still here."""
        sent = 0
        bell = asyncio.Event()
        self._bells.add(bell)
        try:
            while not self._closed:
                bell.clear()
                rows = await self._store.read(outbox.after, consumer, AT_ONCE, sent)
                for row in rows:
                    yield row.number, row.body
                    sent = row.number
                if not rows and not await _rang(bell):
                    yield None
        finally:
            self._bells.discard(bell)

    async def acknowledge(self, consumer: str, number: int) -> None:
        await self._store.run(outbox.acknowledge, consumer, number)

    async def _keep(self, batch: Sequence[Event]) -> None:
        bodies = [(event.user, event.model_dump(mode="json")) for event in batch]
        pauses = Backoff(wait_exponential(multiplier=0.1, max=10))
        while True:
            try:
                return await self._store.run(_append, bodies, self._now())
            except NetworkDown as why:
                log.warning("events cannot be kept yet: %s", why)
                await asyncio.sleep(pauses.pause())
            except Exception:
                if len(batch) == 1:
                    log.exception("an event is lost: %s", batch[0].kind)
                    return
                break
        for event in batch:  # one that cannot be kept must not take the others along
            await self._keep([event])

    def _ring(self) -> None:
        for bell in self._bells:
            bell.set()


def _append(db: Session, bodies: Sequence[tuple[UUID, dict[str, Any]]], now: datetime) -> None:
    for user, body in bodies:
        try:
            outbox.append(db, user, body, now)
        except UnknownTarget:
            log.info("somebody who was forgotten is not told: %s", body["kind"])


async def _rang(bell: asyncio.Event) -> bool:
    try:
        async with asyncio.timeout(HEARTBEAT):
            return await bell.wait()
    except TimeoutError:
        return False
