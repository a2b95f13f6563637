"""A feed that has moved for good (301, 308, or a new address in the feed itself)."""

from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bridge.store.engine.locks import Lock, take
from bridge.store.listening.due_jobs import DueJob
from bridge.store.listening.feeds import Episode, Feed, locked
from bridge.store.listening.subscriptions import EpisodeProgress, Subscription


def moved(db: Session, feed: UUID, address: str) -> UUID | None:
    """The feed that is left: this one under its new address, or, if that one is known already,
    the two made one. None when the feed was removed meanwhile.

    Of two, the one that has been read stays. Its new subscribers are not called for what it has.
    """
    take(db, Lock.FEEDS)
    row = locked(db, feed)
    if row is None or row.address == address:
        return None if row is None else row.id
    other = db.scalar(select(Feed).where(Feed.address == address).with_for_update(key_share=True))
    if other is None:
        row.address = address
        row.validators = {}  # they were another server's
        db.flush()
        return row.id
    stays, goes = (other, row) if other.checked or not row.checked else (row, other)
    _merge(db, goes, stays)
    db.delete(goes)
    db.flush()
    if stays.address != address:
        stays.address, stays.validators = address, {}
        db.flush()
    return stays.id


def _merge(db: Session, goes: Feed, stays: Feed) -> None:
    present = select(Subscription.user_id).where(Subscription.feed_id == stays.id)
    coming = Subscription.feed_id == goes.id, Subscription.user_id.not_in(present)
    since = max(filter(None, (stays.checked, goes.checked)), default=None)
    values = {"feed_id": stays.id} if since is None else {"feed_id": stays.id, "created": since}
    db.execute(update(Subscription).where(*coming).values(**values))
    _keep_places(db, goes, stays)
    db.expire_all()


def _keep_places(db: Session, goes: Feed, stays: Feed) -> None:
    """Of the episodes that both have: how far each was heard, and what is due."""
    guids = select(Episode.guid, Episode.id).where(Episode.feed_id == stays.id)
    there = dict(db.execute(guids).tuples().all())
    going = Episode.feed_id == goes.id
    heard = select(EpisodeProgress, Episode.guid).join(
        Episode, Episode.id == EpisodeProgress.episode_id
    )
    for row, guid in db.execute(heard.where(going)).tuples().all():
        if guid in there and db.get(EpisodeProgress, (row.user_id, there[guid])) is None:
            row.episode_id = there[guid]
    jobs = select(DueJob, Episode.guid).join(Episode, Episode.id == DueJob.episode_id)
    for job, guid in db.execute(jobs.where(going)).tuples().all():
        job.episode_id = there.get(guid)
    db.flush()
