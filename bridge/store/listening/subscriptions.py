"""Who listens to which podcast, how it rings, and how far every episode was heard."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, UniqueConstraint, delete, exists, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bridge.api.listening_views import Times
from bridge.errors import BadInput, NotAllowed, UnknownTarget
from bridge.store.engine.addresses import web_address
from bridge.store.engine.base import Base, OfUser, OwnId, Weekdays
from bridge.store.engine.locks import Lock, take
from bridge.store.engine.text import CleanText
from bridge.store.listening import due_jobs
from bridge.store.listening.feeds import Feed, locked
from bridge.store.people import users
from bridge.terms import DueJobState, FeedState, Pick, RingRule

MOST = 200
MOST_RING_TIMES = 20
JUST_LOOKED = timedelta(seconds=10)


class Subscription(Base):
    """That a user listens to a podcast, and how it rings."""

    __tablename__ = "subscriptions"
    __table_args__ = (UniqueConstraint("user_id", "feed_id"),)

    id: Mapped[OwnId]
    user_id: Mapped[OfUser]
    feed_id: Mapped[UUID] = mapped_column(ForeignKey("feeds.id", ondelete="CASCADE"), index=True)
    created: Mapped[datetime]
    """Episodes that the feed had by then are listed, but nobody is called for them."""
    rings: Mapped[RingRule] = mapped_column(default=RingRule.AT_ONCE)
    pick: Mapped[Pick] = mapped_column(default=Pick.NEWEST)
    least_minutes: Mapped[int | None]
    """Shorter episodes are skipped."""
    oldest_days: Mapped[int | None]
    """Episodes published longer ago are skipped."""


class RingTime(Base):
    """A fixed time at which a subscription with RingRule.AT_TIMES rings, by the user's clock."""

    __tablename__ = "ring_times"

    id: Mapped[OwnId]
    user_id: Mapped[OfUser]
    subscription_id: Mapped[UUID] = mapped_column(
        ForeignKey("subscriptions.id", ondelete="CASCADE"), index=True
    )
    weekdays: Mapped[frozenset[int]] = mapped_column(Weekdays())
    at: Mapped[time]
    next_due: Mapped[datetime | None] = mapped_column(index=True)
    """Nothing of it is due before that, by the clock of `due_zone`; None: to be looked at."""
    due_zone: Mapped[str] = mapped_column(CleanText(64), default="")


class EpisodeProgress(Base):
    """How far a user has heard an episode."""

    __tablename__ = "listenings"

    user_id: Mapped[UUID] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )
    episode_id: Mapped[UUID] = mapped_column(
        ForeignKey("episodes.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    position: Mapped[float] = mapped_column(default=0.0)
    """Seconds."""
    heard: Mapped[bool] = mapped_column(default=False)
    updated: Mapped[datetime]


def get(db: Session, user: UUID, podcast: UUID) -> Subscription:
    own = select(Subscription).where(Subscription.user_id == user)
    row = db.scalar(own.where(Subscription.id == podcast))
    if row is None:
        raise UnknownTarget("no_such_podcast")
    return row


def of_feed(db: Session, feed: UUID) -> list[Subscription]:
    """Who is to be told of it."""
    return list(db.scalars(select(Subscription).where(Subscription.feed_id == feed)))


def add(db: Session, user: UUID, address: str, now: datetime) -> Subscription:
    """A feed that the user has already stays as it is. BadInput("bad_feed_address"),
    NotAllowed("too_many_podcasts").
    """
    users.locked(db, user)
    take(db, Lock.FEEDS)
    feed = _feed(db, web_address(address, "bad_feed_address"), now)
    own = select(Subscription).where(Subscription.user_id == user)
    known = db.scalar(own.where(Subscription.feed_id == feed.id))
    if known is not None:
        return known
    count = select(func.count()).where(Subscription.user_id == user)
    if db.execute(count).scalar_one() >= MOST:
        raise NotAllowed("too_many_podcasts", limit=str(MOST))
    row = Subscription(id=uuid4(), user_id=user, feed_id=feed.id, created=now)
    db.add(row)
    db.flush()
    return row


def change(
    db: Session,
    user: UUID,
    podcast: UUID,
    *,
    rings: RingRule | None = None,
    times: Iterable[Times] | None = None,
    pick: Pick | None = None,
    least_minutes: int | None = None,
    oldest_days: int | None = None,
) -> Subscription:
    """Only what is given changes; 0 takes a limit away; `times` come in the place of all
    before. BadInput("bad_ring_time") for one without days, or for too many.
    """
    users.locked(db, user)
    row = get(db, user, podcast)
    row.rings, row.pick = rings or row.rings, pick or row.pick
    if least_minutes is not None:
        row.least_minutes = least_minutes or None
    if oldest_days is not None:
        row.oldest_days = oldest_days or None
    if times is not None:
        _set_times(db, row, times)
    elif rings is not None:  # what it did not ring for while others were its rules is not due
        of_it = update(RingTime).where(RingTime.subscription_id == podcast)
        db.execute(of_it.values(next_due=None))
    db.flush()
    return row


def remove(db: Session, user: UUID, podcast: UUID) -> None:
    """What was due for it is not due any more; a feed that nobody else hears goes with it."""
    users.locked(db, user)
    take(db, Lock.FEEDS)
    db.delete(get(db, user, podcast))
    pending = (
        due_jobs.DueJob.source_id == podcast,
        due_jobs.DueJob.state == DueJobState.PENDING,
    )
    db.execute(delete(due_jobs.DueJob).where(*pending))
    db.flush()
    forsake(db)


def look_again(db: Session, user: UUID, podcast: UUID, now: datetime) -> None:
    """Its feed is to be asked now, unless it just was; one that was gone gets another chance."""
    feed = locked(db, get(db, user, podcast).feed_id)
    if feed is None or (feed.checked is not None and now - feed.checked < JUST_LOOKED):
        return
    feed.next_poll = min(feed.next_poll, now)
    if feed.state is FeedState.GONE:
        _hope(feed, now)
    db.flush()


def forsake(db: Session) -> None:
    """Feeds that nobody hears any more go, with their episodes."""
    take(db, Lock.FEEDS)
    heard = exists().where(Subscription.feed_id == Feed.id)
    db.execute(delete(Feed).where(~heard).execution_options(synchronize_session=False))


def times_of(db: Session, subscription: UUID) -> list[RingTime]:
    own = select(RingTime).where(RingTime.subscription_id == subscription)
    return list(db.scalars(own.order_by(RingTime.at, RingTime.id)))


def _feed(db: Session, address: str, now: datetime) -> Feed:
    row = db.scalar(select(Feed).where(Feed.address == address))
    if row is None:
        row = Feed(id=uuid4(), address=address, created=now, next_poll=now)
        db.add(row)
        db.flush()
    elif row.state is FeedState.GONE:  # somebody believes that it is there again
        _hope(row, now)
    return row


def _hope(feed: Feed, now: datetime) -> None:
    feed.state, feed.next_poll = FeedState.LOOKING, now
    feed.reason, feed.facts, feed.failures = "", {}, 0


def _set_times(db: Session, row: Subscription, times: Iterable[Times]) -> None:
    fresh = [
        RingTime(
            id=uuid4(),
            user_id=row.user_id,
            subscription_id=row.id,
            weekdays=one.weekdays,
            at=one.at.replace(second=0, microsecond=0),
        )
        for one in times
    ]
    if len(fresh) > MOST_RING_TIMES or not all(map(_sensible, fresh)):
        raise BadInput("bad_ring_time")
    db.execute(delete(RingTime).where(RingTime.subscription_id == row.id))
    db.add_all(fresh)


def _sensible(ring: RingTime) -> bool:
    return bool(ring.weekdays) and ring.weekdays <= set(range(7)) and ring.at.tzinfo is None
