"""The leases a worker holds: nobody else may act for these accounts, nor may it without them."""

import asyncio
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from bridge.errors import HouseError, NotAllowed
from bridge.scope import uninterrupted
from bridge.store import Store
from bridge.store.leases import leases

log = logging.getLogger(__name__)

# the supervisor releases a dead worker's leases at once, and a worker whose supervisor died lets go
# of its own: this time-out serves only when a machine dies, and each renewal wakes an idle worker
TTL = timedelta(seconds=30)
RENEW_EVERY = 10.0
TRY_AGAIN = 2.0
MARGIN = 5.0


@dataclass(frozen=True)
class Held:
    """A lease that this worker holds, and until when."""

    epoch: int
    valid_until: float
    """By the event loop's clock."""


class Leases:
    """All leases of one worker, renewed in one statement. `lost` is called for each that is gone,
    before anybody else can have it.
    """

    def __init__(self, store: Store, owner: str, lost: Callable[[UUID], None]) -> None:
        self.owner = owner
        self._store = store
        self._lost = lost
        self._held: dict[UUID, Held] = {}
        self._any = asyncio.Event()

    @property
    def healthy(self) -> bool:
        """Whether none is about to run out."""
        now = asyncio.get_running_loop().time()
        return all(now < held.valid_until for held in self._held.values())

    async def take(self, account: UUID) -> bool:
        """Whether this worker may serve the account from now on."""
        return await uninterrupted(self._take(account))

    async def give_back(self, account: UUID) -> None:
        """Let go of it, so that somebody else may have it at once."""
        self._held.pop(account, None)
        await uninterrupted(self._store.run(leases.release, self.owner, [account]))

    def guard(self, db: Session, account: UUID) -> None:
        """NotAllowed("lease_lost") unless the account is ours until this transaction ends."""
        held = self._held.get(account)
        if held is None:
            raise NotAllowed("lease_lost")
        leases.guard(db, self.owner, account, held.epoch)

    async def renew(self) -> None:
        """Runs as long as the worker does."""
        pause = RENEW_EVERY
        while True:
            await self._any.wait()
            await asyncio.sleep(pause)
            pause = RENEW_EVERY if await self._renewed() else TRY_AGAIN

    async def _take(self, account: UUID) -> bool:
        asked = asyncio.get_running_loop().time()
        taken = await self._store.run(leases.acquire, self.owner, [account], TTL)
        for one, epoch in taken.items():
            self._held[one] = Held(epoch, _valid_until(asked))
            self._any.set()
        return account in taken

    async def _renewed(self) -> bool:
        asked = asyncio.get_running_loop().time()
        # a process that was stopped, and wakes up late, must not act before it has asked
        self._drop(one for one, held in self._held.items() if asked >= held.valid_until)
        asking = dict(self._held)
        if not asking:
            self._any.clear()
            return True
        epochs = {account: held.epoch for account, held in asking.items()}
        try:
            async with asyncio.timeout_at(min(held.valid_until for held in asking.values())):
                kept = await self._store.run(leases.renew, self.owner, epochs, TTL)
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
                self._held[account] = Held(held.epoch, _valid_until(asked))
            else:
                self._drop([account])
        return True

    def _drop(self, accounts: Iterable[UUID]) -> None:
        for account in list(accounts):
            del self._held[account]
            log.error("a lease was lost: its account is let go of")
            self._lost(account)


def _valid_until(asked: float) -> float:
    return asked + TTL.total_seconds() - MARGIN
