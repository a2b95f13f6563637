"""Due jobs are claimed and handed to the front desk, which has the phone rung."""

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from uuid import UUID

from sqlalchemy.orm import Session

from bridge.api.commands.call_outs import PlaceCallOut
from bridge.api.front_desk import FrontDesk
from bridge.errors import HouseError, NetworkDown, NotAllowed, UnknownTarget
from bridge.store import Store
from bridge.store.listening import due_jobs
from bridge.store.listening.due_jobs import DueJob
from bridge.store.listening.missed import tell_missed
from bridge.terms import DueJobState
from scheduler.verdict import Later, Over, RingNow, verdict

log = logging.getLogger(__name__)

AT_ONCE = 50
"""Calls that are asked for at the same time."""
BUSY_PAUSE, DOWN_PAUSE = 60.0, 10.0
"""Seconds until a job is tried again whose user is on the phone; or that nobody could take."""
TAKEN_WITHIN = 90.0
"""Seconds for a worker to begin dialling; longer than the front desk is waited for."""


class Ringer:
    """What is kept here only spares questions: whatever is lost of it, no phone rings twice."""

    def __init__(
        self,
        store: Store,
        desk: FrontDesk,
        data_dir: Path,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._store, self._desk = store, desk
        self._data_dir, self._now = data_dir, now
        self._asking: dict[UUID, asyncio.Task[None]] = {}
        """By user: one call at a time."""
        self._not_before: dict[UUID, float] = {}
        """Jobs, by the loop's clock, which nobody sets."""

    async def ring(self, epoch: int) -> None:
        """Begin to ring for everything that is due. NotAllowed("lease_lost")."""
        at = asyncio.get_running_loop().time()
        self._not_before = {job: rest for job, rest in self._not_before.items() if rest > at}
        for row in await self._store.run(self._due, epoch, self._now()):
            if row.user_id not in self._asking and len(self._asking) < AT_ONCE:
                self._not_before[row.id] = at + TAKEN_WITHIN  # before it is claimed: see _due
                asking = asyncio.create_task(self._ask(row, epoch))
                self._asking[row.user_id] = asking
                asking.add_done_callback(partial(self._answered, row.user_id))

    def next_ring(self) -> datetime:
        """When there is something to do for jobs that have a pause, or wait for another's call; the
        end of time if there are none.
        """
        if self._asking:
            return self._now()
        at = asyncio.get_running_loop().time()
        pauses = [rest - at for rest in self._not_before.values() if rest > at]
        if not pauses:
            return datetime.max.replace(tzinfo=UTC)
        return self._now() + timedelta(seconds=min(pauses))

    async def settled(self) -> None:
        """Returns when the front desk has answered everything so far."""
        await asyncio.gather(*self._asking.values())

    async def stop(self) -> None:
        """What was asked for and not answered is left to the next leader."""
        asking = list(self._asking.values())
        for task in asking:
            task.cancel()
        await asyncio.gather(*asking, return_exceptions=True)

    def _answered(self, user: UUID, _: asyncio.Task[None]) -> None:
        del self._asking[user]

    def _due(self, db: Session, epoch: int, now: datetime) -> list[DueJob]:
        if lost := due_jobs.abandoned(db, epoch, self._not_before, now):
            log.warning("%d calls that nobody took are tried again", lost)
        waiting = (row for row in due_jobs.due(db, now) if row.id not in self._not_before)
        return [row for row in waiting if self._rings(db, row, now)]

    def _rings(self, db: Session, row: DueJob, now: datetime) -> bool:
        match verdict(db, row, self._data_dir, now):
            case RingNow():
                return True
            case Later(until):
                due_jobs.postpone(db, row.id, until, now)
            case Over(state, reason):
                _give_up(db, row, state, reason, now)
        return False

    async def _ask(self, row: DueJob, epoch: int) -> None:
        try:
            if await self._store.run(due_jobs.claim, row.id, epoch, self._now()):
                await self._desk.ask(PlaceCallOut(user=row.user_id, job=row.id))
                log.info("job %s is being rung", row.id)
        except UnknownTarget as why:
            log.info("job %s needs no call any more: %s", row.id, why)
        except HouseError as why:
            await self._refused(row, epoch, why)
        except Exception:  # a fault of ours: the others' phones ring all the same
            log.exception("job %s could not be rung", row.id)

    async def _refused(self, row: DueJob, epoch: int, why: HouseError) -> None:
        """By somebody who may want it a little later, or for good."""
        busy = isinstance(why, NotAllowed) and why.code == "already_calling"
        log.info("job %s cannot be rung: %s", row.id, why)
        try:
            if busy or isinstance(why, NetworkDown):
                pause = BUSY_PAUSE if busy else DOWN_PAUSE
                self._not_before[row.id] = asyncio.get_running_loop().time() + pause
                await self._store.run(due_jobs.again, row.id, epoch, why.code, self._now())
            else:
                await self._store.run(_fail, row.id, epoch, why.code, self._now())
        except HouseError as trouble:  # it comes back when its pause is over
            log.error("what became of job %s is lost: %s", row.id, trouble)


def _fail(db: Session, job: UUID, epoch: int, reason: str, now: datetime) -> None:
    row = db.get(DueJob, job, with_for_update=True)
    if row is not None and row.state is DueJobState.CLAIMED and row.epoch == epoch:
        _give_up(db, row, DueJobState.FAILED, reason, now)


def _give_up(db: Session, row: DueJob, state: DueJobState, reason: str, now: datetime) -> None:
    if due_jobs.give_up(db, row, state, reason, now):
        db.refresh(row)
        if state is not DueJobState.DONE:
            tell_missed(db, row, now)
