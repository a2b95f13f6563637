"""What has come due gets a job: programmes and podcasts at their times, new episodes at once.

A time at which the house did not run is missed, and the user is told; so is one that the grace is
over for. Of several times of one source only the latest counts: a phone does not ring for all of
yesterday, and nobody reads a message for each morning of a holiday.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bridge.schedules import Occurrence
from bridge.store import Store
from bridge.store.leases import leadership
from bridge.store.leases.leadership import SCHEDULER, Leader
from bridge.store.leases.leases import NEVER
from bridge.store.listening import due_jobs, episodes
from bridge.store.listening import next_times as next_times_kept
from bridge.store.listening.due_jobs import GRACE, DueJob
from bridge.store.listening.feeds import Episode
from bridge.store.listening.missed import tell_missed
from bridge.store.listening.next_times import Source, open_sources
from bridge.store.listening.stations import Programme
from bridge.terms import DueJobState
from scheduler.next_times import LOOKS_BACK, NextTimes, SourceTimes, times_of

log = logging.getLogger(__name__)

NEWS_FOR = timedelta(days=1)
"""An episode that took longer to get here rings nobody any more; it is in the list."""


NEVER_AGAIN = datetime.max.replace(tzinfo=UTC)
BUDGET = 1.0
"""Seconds that one user's calendars may take in one look; the rest of them wait for the next."""
SET_BACK = timedelta(minutes=2)
"""A clock that goes back by more was wrong before; one that is adjusted goes back by less."""
SOME = 50
"""Sources that are kept in one transaction."""


async def look(store: Store, leader: Leader, now: datetime, next_times: NextTimes) -> None:
    """Jobs for everything between the last look and now, once, whoever looked then. Nothing is
    computed in a transaction. NotAllowed("lease_lost").
    """
    since = _since(leader.looked_until, now)
    if since == now != leader.looked_until:
        await store.run(_forget, leader)
    until = max(since, now)
    found = await store.read(open_sources, until)
    plain = [pair for pair in found if pair[0].at is not None]
    looks = [await times_of(one, zone, since, until, next_times) for one, zone in plain]
    for some in _portions(looks):
        await store.run(_keep, leader, some, now)
    spent: defaultdict[UUID, float] = defaultdict(float)
    for one, zone in found:
        if one.at is None:
            kept = await _within_budget(one, zone, since, until, next_times, spent)
            await store.run(_keep, leader, [kept], now)
    await store.run(_end, leader, until, now)


def nothing_due(db: Session, leader: Leader, now: datetime) -> datetime | None:
    """A look that finds nothing, in one transaction: when something is due. None if there is
    something to compute, or to ring.
    """
    if not NEVER < leader.looked_until <= now:
        return None
    following = next_times_kept.earliest(db, now)
    if following == now:
        return None
    _end(db, leader, now, now)
    return None if due_jobs.waiting(db, now) else following or NEVER_AGAIN


def _since(looked_until: datetime, now: datetime) -> datetime:
    """The first start rings for nothing that was, and so does a clock that was set back; what has
    rung by the wrong one has its job already.
    """
    if looked_until == NEVER or looked_until > now + SET_BACK:
        return now
    return max(looked_until, now - LOOKS_BACK)


def _forget(db: Session, leader: Leader) -> None:
    leadership.guard(db, SCHEDULER, leader.epoch)
    next_times_kept.forget(db)


async def _within_budget(
    read: Source,
    zone: str,
    since: datetime,
    until: datetime,
    next_times: NextTimes,
    spent: defaultdict[UUID, float],
) -> SourceTimes:
    """What is over its user's budget is due from where it was."""
    if spent[read.user_id] > BUDGET:
        return SourceTimes(read, zone, [], min(read.next_due or since, since))
    clock = asyncio.get_running_loop().time
    begun = clock()
    kept = await times_of(read, zone, since, until, next_times)
    spent[read.user_id] += clock() - begun
    return kept


def _portions(looks: Sequence[SourceTimes]) -> Iterator[list[SourceTimes]]:
    """Those of one podcast stay together."""
    portion: list[SourceTimes] = []
    for _, of_one in groupby(sorted(looks, key=_source), key=_source):
        portion += of_one
        if len(portion) >= SOME:
            yield portion
            portion = []
    if portion:
        yield portion


def _keep(db: Session, leader: Leader, looks: Sequence[SourceTimes], now: datetime) -> None:
    leadership.guard(db, SCHEDULER, leader.epoch)
    kept = [one for one in looks if next_times_kept.keep(db, one.read, one.zone, one.next_due)]
    for source, of_one in groupby(kept, key=_source):
        of_source = list(of_one)
        times = sorted({one for each in of_source for one in each.times}, key=_at)
        rings = isinstance(of_source[0].read, Programme)
        user = of_source[0].read.user_id
        if times and (rings or episodes.to_play(db, user, source, now)):
            _give_jobs(db, _Due(user, source, times), now)


def _end(db: Session, leader: Leader, until: datetime, now: datetime) -> None:
    leadership.guard(db, SCHEDULER, leader.epoch)
    _ring_for_news(db, now)
    leadership.looked(db, SCHEDULER, until)


def _source(look: SourceTimes) -> UUID:
    return look.source


def _at(time: Occurrence) -> datetime:
    return time.at


@dataclass(frozen=True)
class _Due:
    """The times of one source, a subscription or a programme, in their order."""

    user: UUID
    source: UUID
    times: list[Occurrence]


def _give_jobs(db: Session, due: _Due, now: datetime) -> None:
    *earlier, latest = due.times
    for one in earlier:
        _add(db, due, one, now, DueJobState.MISSED)
    if now - latest.at <= GRACE:
        _add(db, due, latest, now, DueJobState.PENDING)
    elif (row := _add(db, due, latest, now, DueJobState.MISSED)) is not None:
        tell_missed(db, row, now)


def _add(
    db: Session, due: _Due, one: Occurrence, now: datetime, state: DueJobState
) -> DueJob | None:
    return due_jobs.add(
        db,
        due.user,
        due.source,
        one.local_date,
        one.key,
        due=one.at,
        now=now,
        state=state,
        reason="house_was_down" if state is DueJobState.MISSED else "",
    )


def _ring_for_news(db: Session, now: datetime) -> None:
    """Each new episode once, on whatever day; and none that came before, or with, one that has
    rung: who was called for the newest has the others in his list.
    """
    found = episodes.to_ring(db, now, now - NEWS_FOR)
    rung = _newest_rung(db, [row.id for row, _ in found])
    for row, episode in found:
        if episode.seen > rung.get(row.id, NEVER):
            key = f"episode {episode.id}"
            due_jobs.add(
                db,
                row.user_id,
                row.id,
                episode.seen.date(),
                key,
                due=now,
                now=now,
                episode=episode.id,
            )


def _newest_rung(db: Session, sources: Iterable[UUID]) -> dict[UUID, datetime]:
    """When the newest episode that has a job was seen."""
    asked = (
        select(DueJob.source_id, func.max(Episode.seen))
        .join(Episode, Episode.id == DueJob.episode_id)
        .where(DueJob.source_id.in_(list(sources)))
        .group_by(DueJob.source_id)
    )
    return dict(db.execute(asked).tuples().all())
