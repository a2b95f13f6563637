"""The leases of all workers of this house, renewed in one statement."""

import asyncio
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from bridge.errors import HouseError, NotAllowed
from bridge.scope import uninterrupted
from bridge.store import Store
from bridge.store.leases import leases
from bridge.workers.ipc import clock

log = logging.getLogger(__name__)

# what a dead worker held is released at once, and a worker whose house died falls silent by its own
# clock: this time-out serves only when a machine dies, and each renewal wakes an idle house
TTL = timedelta(seconds=30)
RENEW_EVERY, TRY_AGAIN = 1 / 3, 1 / 15
"""Of TTL."""
SURE = 5 / 6
"""Of TTL: so long a worker acts; the rest is for clocks that do not agree."""


@dataclass(frozen=True)
class HeldLease:
    """By which worker, and until when by ipc.clock."""

    owner: str
    epoch: int
    valid_until: float


class LeaseHolder:
    """Renews from the first lease on, until `close`."""

    def __init__(self, store: Store, ttl: timedelta = TTL) -> None:
        self._store = store
        self._ttl = ttl
        self._held: dict[UUID, HeldLease] = {}
        self._any = asyncio.Event()
        self._renewing: asyncio.Task[None] | None = None

    def of(self, owner: str) -> dict[UUID, float]:
        """What this worker holds, and until when."""
        return {
            account: held.valid_until for account, held in self._held.items() if held.owner == owner
        }

    async def take(self, owner: str, account: UUID) -> float | None:
        """For a worker; whose the account is, was looked at before."""
        return await uninterrupted(self._take(owner, account))

    async def give_back(self, owner: str, account: UUID) -> None:
        self._forget(owner, [account])
        await uninterrupted(self._store.run(leases.release, owner, [account]))

    def died(self, owner: str) -> None:
        """What it held is released by who settles its affairs."""
        self._forget(owner, list(self._held))

    def guard(self, db: Session, owner: str, account: UUID) -> None:
        """NotAllowed("lease_lost") unless it is this worker's until the transaction ends."""
        held = self._held.get(account)
        if held is None or held.owner != owner:
            raise NotAllowed("lease_lost")
        leases.guard(db, owner, account, held.epoch)

    async def close(self) -> None:
        if self._renewing is not None:
            self._renewing.cancel()
            await asyncio.wait({self._renewing})

    async def _take(self, owner: str, account: UUID) -> float | None:
        asked = clock.now()
        held = self._held.get(account)
        if held is not None and held.owner == owner and asked < held.valid_until:
            return held.valid_until  # it was told too late, and let go
        taken = await self._store.run(leases.acquire, owner, [account], self._ttl)
        if account not in taken:
            return None
        self._held[account] = HeldLease(owner, taken[account], self._valid_until(asked))
        self._any.set()
        if self._renewing is None:
            self._renewing = asyncio.create_task(self._keep_renewing())
        return self._held[account].valid_until

    async def _keep_renewing(self) -> None:
        pause = RENEW_EVERY
        while True:
            await self._any.wait()
            await asyncio.sleep(pause * self._ttl.total_seconds())
            pause = RENEW_EVERY if await self._renewed() else TRY_AGAIN

    async def _renewed(self) -> bool:
        asked = clock.now()
        asking = {one: held for one, held in self._held.items() if asked < held.valid_until}
        self._held = dict(asking)
        if not asking:
            self._any.clear()
            return True
        try:
            async with asyncio.timeout(min(held.valid_until for held in asking.values()) - asked):
                kept = await self._store.run(leases.renew, _epochs(asking), self._ttl)
        except (HouseError, TimeoutError) as why:
            log.warning("leases could not be renewed: %s", why)
            return False
        except Exception:
            log.exception("leases could not be renewed")
            return False
        for account, held in asking.items():
            if self._held.get(account) is not held:
                continue  # given back, or taken anew, meanwhile
            if account in kept:
                self._held[account] = HeldLease(held.owner, held.epoch, self._valid_until(asked))
            else:
                del self._held[account]
        return True

    def _valid_until(self, asked: float) -> float:
        return asked + self._ttl.total_seconds() * SURE

    def _forget(self, owner: str, accounts: Iterable[UUID]) -> None:
        for account in accounts:
            held = self._held.get(account)
            if held is not None and held.owner == owner:
                del self._held[account]


def _epochs(asking: dict[UUID, HeldLease]) -> dict[UUID, tuple[str, int]]:
    return {account: (held.owner, held.epoch) for account, held in asking.items()}
