"""Of all schedulers on a database one leads: it looks what is due, rings, and fetches the feeds."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import uuid4

from sqlalchemy.orm import Session
from tenacity import wait_exponential_jitter

from bridge.backoff import Backoff
from bridge.errors import HouseError
from bridge.schedules.reading import CalendarReader
from bridge.store import Store
from bridge.store.leases import leadership
from bridge.store.leases.leadership import SCHEDULER, Leader
from bridge.store.listening import next_times
from scheduler.due import look, nothing_due
from scheduler.next_times import AHEAD
from scheduler.ringing import Ringer

log = logging.getLogger(__name__)

TTL = timedelta(seconds=45)
"""So long the others wait for a leader that gives no sign of life."""
SLEEPS = timedelta(seconds=20)
"""At the longest: then the lease is renewed. A clock that was set, a machine that was suspended, or
a change of which nobody told is found out by then, too.
"""
AWAKE = timedelta(seconds=2)
"""Between two looks, while calls are asked for or the store is away."""
WENT_WELL = 600.0
"""Seconds of fetching after which a fault is the first one again."""


class Leading:
    """`tick` it when it says. `fetch` runs, until it is cancelled, while this one leads."""

    def __init__(
        self,
        store: Store,
        ringer: Ringer,
        fetch: Callable[[], Awaitable[None]],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.leads = False
        self._store, self._ringer = store, ringer
        self._fetch, self._now = fetch, now
        self._owner = uuid4().hex
        self._fetching: asyncio.Task[None] | None = None

    async def tick(self) -> datetime:
        """Look and ring; when to do so again if nothing changes. Never raises a HouseError: what
        cannot be done now is due at the next tick, too.
        """
        try:
            leader, following = await self._store.run(self._lead, self._now())
            await self._turned(leader)
            if leader is None:
                return await self._succession()
            if following is not None:
                return self._soonest(following)
            async with CalendarReader() as calendars:
                await look(
                    self._store, leader, self._now(), partial(calendars.upcoming, horizon=AHEAD)
                )
            await self._ringer.ring(leader.epoch)
            now = self._now()
            following = await self._store.read(next_times.earliest, now)
            return self._soonest(following or now + SLEEPS)
        except HouseError as why:
            log.error("the clock stands still at the moment: %s", why)
            return self._now() + AWAKE

    async def stop(self) -> None:
        """Another one may lead at once."""
        await self._turned(None)
        await self._ringer.stop()
        with suppress(HouseError):  # then the lease runs out
            await self._store.run(leadership.resign, SCHEDULER, self._owner)

    def _lead(self, db: Session, now: datetime) -> tuple[Leader | None, datetime | None]:
        """Who leads; and when something is due if there is nothing now, which costs one transaction
        only.
        """
        leader = leadership.lead(db, SCHEDULER, self._owner, TTL)
        return leader, None if leader is None else nothing_due(db, leader, now)

    def _soonest(self, following: datetime) -> datetime:
        now = self._now()
        soonest = min(now + SLEEPS, following, self._ringer.next_ring())
        return soonest if soonest > now else now + AWAKE

    async def _succession(self) -> datetime:
        """The lease may be over then, or given back."""
        now = self._now()
        held = await self._store.read(leadership.held_until, SCHEDULER)
        return min(max(held, now + AWAKE), now + SLEEPS)

    async def _turned(self, leader: Leader | None) -> None:
        if self.leads is (leader is not None):
            return
        self.leads = leader is not None
        log.info("this scheduler leads" if self.leads else "this scheduler leads no more")
        if self.leads:
            self._fetching = asyncio.create_task(self._keep_fetching())
        elif self._fetching is not None:
            self._fetching.cancel()
            await asyncio.gather(self._fetching, return_exceptions=True)

    async def _keep_fetching(self) -> None:
        pauses = Backoff(wait_exponential_jitter(initial=1, max=300))
        clock = asyncio.get_running_loop().time
        while True:
            begun = clock()
            try:
                await self._fetch()
            except Exception:
                log.exception("fetching has stopped, and begins anew")
            if clock() - begun > WENT_WELL:
                pauses.reset()
            await asyncio.sleep(pauses.pause())
