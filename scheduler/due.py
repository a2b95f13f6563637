"""What has come due gets a job: programmes and podcasts at their times, new episodes at once.

A time at which the house did not run is missed, and the user is told; so is one that the grace is
over for. Of several times of one source only the latest counts: a phone does not ring for all of
yesterday, and nobody reads a message for each morning of a holiday.
"""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bridge import schedules
from bridge.schedules import Occurrence
from bridge.store.leases import leadership
from bridge.store.leases.leadership import SCHEDULER, Leader
from bridge.store.leases.leases import NEVER
from bridge.store.listening import due_jobs, episodes, programmes, subscriptions
from bridge.store.listening.due_jobs import GRACE, DueJob
from bridge.store.listening.feeds import Episode
from bridge.store.listening.missed import tell_missed
from bridge.store.people import users
from bridge.terms import DueJobState

log = logging.getLogger(__name__)

LOOKS_BACK = timedelta(days=1)
"""What was missed before that is not spoken of."""
NEWS_FOR = timedelta(days=1)
"""An episode that took longer to get here rings nobody any more; it is in the list."""


@dataclass(frozen=True)
class _Due:
    """The times of one source, a subscription or a programme, in their order."""

    user: UUID
    source: UUID
    times: list[Occurrence]
    of_podcast: bool = False


def look(db: Session, leader: Leader, now: datetime) -> None:
    """Jobs for everything between the last look and now, once, whoever looked then.
    NotAllowed("lease_lost").
    """
    leadership.guard(db, SCHEDULER, leader.epoch)
    since = _since(leader.looked_until, now)
    if now.replace(second=0, microsecond=0) > since:  # schedules are to the minute
        for one in (*_programmes(db, since, now), *_podcasts(db, since, now)):
            _give_jobs(db, one, now)
    _ring_for_news(db, now)
    leadership.looked(db, SCHEDULER, max(since, now))


def _since(looked_until: datetime, now: datetime) -> datetime:
    """The first start rings for nothing that was; a clock that was set back waits until it is where
    it had been, unless it had been quite wrong.
    """
    if looked_until == NEVER or looked_until > now + LOOKS_BACK:
        return now
    return max(looked_until, now - LOOKS_BACK)


def _programmes(db: Session, since: datetime, now: datetime) -> Iterator[_Due]:
    zones = _Zones(db)
    for row in programmes.enabled(db):
        try:
            schedule = schedules.of_programme(row)
            after = max(since, row.created)
            times = schedules.between(schedule, zones[row.user_id], after, now)
        except Exception:  # calendars come from anywhere: the others' phones ring all the same
            log.exception("the times of programme %s cannot be read", row.id)
            continue
        if times:
            yield _Due(row.user_id, row.id, times)


def _podcasts(db: Session, since: datetime, now: datetime) -> Iterator[_Due]:
    zones = _Zones(db)
    found: dict[UUID, _Due] = {}
    for row, ring in subscriptions.ring_times(db):
        weekly = schedules.weekly(ring.weekdays, ring.at)
        times = schedules.between(weekly, zones[row.user_id], since, now)
        if times:
            due = found.setdefault(row.id, _Due(row.user_id, row.id, [], of_podcast=True))
            due.times.extend(times)
    for due in found.values():
        if episodes.to_play(db, due.user, due.source, now):
            due.times.sort(key=lambda one: one.at)
            yield due


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


class _Zones(dict[UUID, ZoneInfo]):
    """Of the users, each looked up once."""

    def __init__(self, db: Session) -> None:
        super().__init__()
        self._db = db

    def __missing__(self, user: UUID) -> ZoneInfo:
        self[user] = ZoneInfo(users.get(self._db, user).time_zone)
        return self[user]
