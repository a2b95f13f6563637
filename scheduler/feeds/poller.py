"""The loop that asks every feed when it is due. Any number of pollers may share a database: the
store gives each feed to one of them.
"""

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from bridge.api.front_desk import FrontDesk
from bridge.errors import HouseError, Throttled, UnknownTarget
from bridge.store import Store
from bridge.store.listening import feeds, fetched, moves, subscriptions
from bridge.store.listening.feeds import Feed
from bridge.terms import FeedState
from scheduler.bell import ScheduleBell
from scheduler.feeds import pace, visit
from scheduler.feeds.reading import FeedReader
from scheduler.feeds.telling import tell
from scheduler.web import Web

log = logging.getLogger(__name__)

LOOKS_EVERY = 60.0
"""Seconds that it sleeps at most; feeds that are due, or new ones, wake it earlier."""
LEAST_SLEEP = 1.0
"""Seconds."""
AT_ONCE = 200
"""Feeds that are asked or wait for their turn; a slow server holds up only its own."""
SOME = 50
"""So many are taken on together: asking the store for each would cost more than the feed."""
_FOR_GOOD = {"feed_gone", "no_feed_there"}


class Poller:
    """`run` it for as long as feeds shall be polled."""

    def __init__(
        self,
        store: Store,
        desk: FrontDesk,
        web: Web,
        reading: FeedReader,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        looks_every: float = LOOKS_EVERY,
        bell: ScheduleBell | None = None,
    ) -> None:
        self._store, self._desk = store, desk
        self._web, self._reading = web, reading
        self._now, self._looks_every = now, looks_every
        self._bell = bell or ScheduleBell()
        self._free = AT_ONCE
        self._finished = asyncio.Event()
        self._looking = False

    @property
    def idle(self) -> bool:
        """Nothing is polled or about to be: what is due is claimed while it is looked for."""
        return self._free == AT_ONCE and not self._looking

    async def run(self) -> None:
        async with asyncio.TaskGroup() as visits:
            while True:
                self._looking, heard = True, self._bell.rung
                due = await self._due()
                for feed in due:
                    self._free -= 1
                    visits.create_task(self._visit(feed))
                self._looking = False
                if len(due) < SOME:
                    await self._bell.sleep(await self._idle_for(), heard)
                while self._free < SOME:
                    self._finished.clear()
                    await self._finished.wait()

    async def _due(self) -> list[Feed]:
        try:
            return await self._store.run(feeds.due, self._now(), limit=self._free)
        except HouseError as why:
            log.error("no feed can be polled at the moment: %s", why)
            return []

    async def _idle_for(self) -> float:
        """Seconds until the next feed is due."""
        try:
            following = await self._store.read(feeds.next_poll)
        except HouseError:  # it is said above
            return min(LEAST_SLEEP, self._looks_every)
        if following is None:
            return self._looks_every
        seconds = (following - self._now()).total_seconds()
        return min(self._looks_every, max(LEAST_SLEEP, seconds))

    async def _visit(self, feed: Feed) -> None:
        try:
            await self._asked(feed)
        except HouseError as why:
            log.error("what came of polling a feed is lost: %s", why)
        except Exception:
            # a fault of ours: the others go on; this one comes back when its claim is over
            log.exception("a feed could not be polled")
        finally:
            self._free += 1
            self._finished.set()

    async def _asked(self, feed: Feed) -> None:
        try:
            outcome = await visit.asked(feed, self._web, self._reading, self._now())
        except HouseError as why:
            was = await self._store.run(self._failed, feed, why)
            if was is not None:
                await tell(self._store, self._desk, feed.id, was, self._now())
            return
        left, was, newcomers = await self._store.run(self._keep, feed, outcome)
        if isinstance(outcome, visit.FeedNews):
            self._bell.ring()  # an episode may be wanted, or ring
        if left is not None and was is not None:
            await tell(self._store, self._desk, left, was, self._now())
        elif left is not None and newcomers:
            looking = FeedState.LOOKING
            await tell(self._store, self._desk, left, looking, self._now(), newcomers)

    def _failed(self, db: Session, feed: Feed, why: HouseError) -> FeedState | None:
        now = self._now()
        if isinstance(why, UnknownTarget) and why.code in _FOR_GOOD:
            return feeds.gone(db, feed.id, why.code, why.facts, now=now)
        pause = pace.after_failures(feed.failures + 1)
        if isinstance(why, Throttled):
            pause = pace.at_least(pace.LEAST, why.seconds)
        at = pace.next_poll(now, pause)
        return feeds.failed(db, feed.id, why.code, why.facts, now=now, next_poll=at)

    def _keep(
        self, db: Session, feed: Feed, outcome: visit.FeedNews | visit.Unchanged
    ) -> tuple[UUID | None, FeedState | None, set[UUID]]:
        """The feed that is left, its state before if that has changed, and who had been waiting
        for this one if it was made one with another.
        """
        now, left, newcomers = self._now(), feed.id, set[UUID]()
        if outcome.moved and outcome.moved != feed.address:
            waiting = {row.user_id for row in subscriptions.of_feed(db, feed.id)}
            moved = moves.moved(db, feed.id, outcome.moved)
            if moved is None:
                return None, None, newcomers
            left = moved
            if feed.state is FeedState.LOOKING and left != feed.id:
                newcomers = waiting
        seconds = int(outcome.interval.total_seconds())
        if isinstance(outcome, visit.FeedNews):
            at = pace.next_poll(now, outcome.interval, outcome.skip_hours)
            was = fetched.found(
                db, left, outcome.fetched, now=now, next_poll=at, interval_seconds=seconds
            )
        else:
            at = pace.next_poll(now, outcome.interval)
            was = feeds.unchanged(
                db,
                left,
                now=now,
                next_poll=at,
                interval_seconds=seconds,
                validators=outcome.validators,
            )
        return left, was, newcomers
