"""Which episodes' sound is on this machine, and which is wanted there.

Downloading is the scheduler's business (scheduler/downloads); the files are files.episode(...).
"""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bridge import files
from bridge.store.leases.leases import NEVER
from bridge.store.listening import episodes
from bridge.store.listening.feeds import Episode
from bridge.store.listening.subscriptions import Subscription
from bridge.terms import Pick, RingRule

AHEAD = 3
"""Of a podcast that is played in order, so many are kept ready."""


def wanted(db: Session, now: datetime, limit: int = 50) -> list[Episode]:
    """Not downloaded yet: what somebody waits for, the longest first; then what the phones will
    ring for, the newest first.
    """
    asked_for = select(Episode).where(Episode.wanted.is_not(None))  # then it is not stored
    found = list(db.scalars(asked_for.order_by(Episode.wanted, Episode.id).limit(limit)))
    return [*found, *_coming(db, now, limit, {row.id for row in found})][:limit]


def stored(
    db: Session,
    episode: UUID,
    *,
    size: int,
    now: datetime,
    seconds: float | None = None,
    mime: str | None = None,
) -> None:
    """Its file is complete; `size` in bytes, `seconds` and `mime` as they were measured."""
    row = _locked(db, episode)
    if row is not None:
        row.stored, row.wanted, row.size = now, None, size
        row.seconds = row.seconds if seconds is None else seconds
        row.mime = row.mime if mime is None else mime
        db.flush()


def present(db: Session, data_dir: Path, row: Episode) -> bool:
    """Whether its file is there. One that was removed behind our back is noticed here."""
    if row.stored is None:
        return False
    if not files.episode(data_dir, row.id).is_file():
        row.stored = None
        db.flush()
    return row.stored is not None


def unstored(db: Session, episode: UUID) -> None:
    """Its file is going, or has gone."""
    db.execute(update(Episode).where(Episode.id == episode).values(stored=None))


def given_up(db: Session, episode: UUID) -> None:
    """Nobody waits for it any more."""
    db.execute(update(Episode).where(Episode.id == episode).values(wanted=None))


def by_use(db: Session) -> list[Episode]:
    """Those on this machine, what was not used for longest first."""
    held = db.scalars(select(Episode).where(Episode.stored.is_not(None)).order_by(Episode.stored))
    return sorted(held, key=lambda row: row.used or row.stored or NEVER)


def remove_orphans(db: Session, data_dir: Path) -> int:
    """Remove the files of episodes that are not there any more; how many."""
    held = files.episodes(data_dir)
    known = set(db.scalars(select(Episode.id).where(Episode.id.in_(set(held.values())))))
    orphans = [path for path, episode in held.items() if episode not in known]
    for path in orphans:
        path.unlink(missing_ok=True)
    return len(orphans)


def _coming(db: Session, now: datetime, limit: int, besides: set[UUID]) -> list[Episode]:
    """For each subscription that rings: the newest, or the oldest few, of what is new."""
    # put in order here: a database that does it walks through all episodes there ever were, and
    # so it does if it is asked for what is not stored
    new = episodes.of_subscribers(
        Subscription.id, Subscription.pick, Episode.published, Episode.id
    ).where(Subscription.rings != RingRule.NEVER, *episodes.new(db, now))
    ordered = sorted(db.execute(new).tuples(), key=lambda row: row[2])
    soon: set[UUID] = set()
    for (_, pick), rows in _by_subscription(ordered).items():
        soon.update(rows[-1:] if pick is Pick.NEWEST else rows[:AHEAD])
    asked = select(Episode).where(Episode.id.in_(soon - besides))
    found = db.scalars(asked.order_by(Episode.published.desc(), Episode.id))
    return [row for row in found if row.stored is None][:limit]


def _by_subscription(
    rows: Iterable[tuple[UUID, Pick, datetime, UUID]],
) -> dict[tuple[UUID, Pick], list[UUID]]:
    grouped: dict[tuple[UUID, Pick], list[UUID]] = {}
    for subscription, pick, _, episode in rows:
        grouped.setdefault((subscription, pick), []).append(episode)
    return grouped


def _locked(db: Session, episode: UUID) -> Episode | None:
    asked = select(Episode).where(Episode.id == episode).with_for_update(key_share=True)
    return db.scalar(asked.execution_options(populate_existing=True))
