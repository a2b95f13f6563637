"""Podcast feeds and their episodes: one row a feed, however many subscribers it has.

What is fetched, when and how often is the scheduler's business (scheduler/feeds); here it is kept.
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bridge.store.engine.base import Base, OwnId
from bridge.store.engine.text import CleanLines, CleanText
from bridge.terms import FeedState

ADDRESS = 2000
NOTES = 20_000


class Feed(Base):
    """A podcast feed, however many subscribe to it."""

    __tablename__ = "feeds"

    id: Mapped[OwnId]
    address: Mapped[str] = mapped_column(CleanText(ADDRESS), unique=True)
    title: Mapped[str] = mapped_column(default="")
    link: Mapped[str] = mapped_column(CleanText(ADDRESS), default="")
    cover: Mapped[str] = mapped_column(CleanText(ADDRESS), default="")
    language: Mapped[str] = mapped_column(CleanText(12), default="")
    state: Mapped[FeedState] = mapped_column(default=FeedState.LOOKING)
    reason: Mapped[str] = mapped_column(CleanText(60), default="")
    """A code of bridge.errors for what is wrong, with its facts."""
    facts: Mapped[dict[str, str]] = mapped_column(default=dict)
    validators: Mapped[dict[str, str]] = mapped_column(default=dict)
    """ETag and Last-Modified (RFC 9110 section 8.8) by header name, verbatim."""
    next_poll: Mapped[datetime] = mapped_column(index=True)
    interval_seconds: Mapped[int] = mapped_column(default=3600)
    failures: Mapped[int] = mapped_column(default=0)
    created: Mapped[datetime]
    checked: Mapped[datetime | None]
    """When it last answered, changed or not."""
    changed: Mapped[datetime | None]


class Episode(Base):
    """One issue of a podcast, and its enclosure."""

    __tablename__ = "episodes"
    __table_args__ = (
        UniqueConstraint("feed_id", "guid"),
        Index("ix_episodes_feed_id_published", "feed_id", "published"),
        Index("ix_episodes_feed_id_seen", "feed_id", "seen"),
    )

    id: Mapped[OwnId]
    feed_id: Mapped[UUID] = mapped_column(ForeignKey("feeds.id", ondelete="CASCADE"))
    guid: Mapped[str] = mapped_column(CleanText(500))
    title: Mapped[str]
    published: Mapped[datetime]
    """As the feed says, but never later than `seen`: dates lie."""
    seen: Mapped[datetime]
    """When we first saw it in the feed."""
    enclosure: Mapped[str] = mapped_column(CleanText(ADDRESS))
    mime: Mapped[str] = mapped_column(CleanText(100), default="")
    size: Mapped[int | None] = mapped_column(BigInteger)
    seconds: Mapped[float | None]
    link: Mapped[str] = mapped_column(CleanText(ADDRESS), default="")
    notes: Mapped[str] = mapped_column(CleanLines(NOTES), default="", deferred=True)
    """Plain text."""
    stored: Mapped[datetime | None] = mapped_column(index=True)
    """When its sound was wholly downloaded; the file is files.episode(data_dir, id)."""
    wanted: Mapped[datetime | None] = mapped_column(index=True)
    """Since when somebody waits for its sound, who asked for it in the chat."""
    used: Mapped[datetime | None]
    """When it was last listened to: what nobody uses makes room."""

    @property
    def ready(self) -> bool:
        return self.stored is not None


DAY = timedelta(days=1)
"""A feed that has been silent for so long is in trouble."""
CLAIMED_FOR = timedelta(minutes=15)


def due(db: Session, now: datetime, limit: int = 100) -> list[Feed]:
    """Those to be asked now, the longest overdue first; nobody else gets them for CLAIMED_FOR. If
    whoever took them crashes, they come back after that.
    """
    rows = list(
        db.scalars(
            select(Feed)
            .where(Feed.next_poll <= now, Feed.state != FeedState.GONE)
            .order_by(Feed.next_poll, Feed.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
    )
    for row in rows:
        row.next_poll = now + CLAIMED_FOR
    db.flush()
    return rows


def next_poll(db: Session) -> datetime | None:
    """When the first feed is to be asked."""
    return db.scalar(select(func.min(Feed.next_poll)).where(Feed.state != FeedState.GONE))


# --- what came of asking. Each gives the state before when that has changed, which is what the
# subscribers are told of; a feed that was removed meanwhile is left alone.


def unchanged(
    db: Session,
    feed: UUID,
    *,
    now: datetime,
    next_poll: datetime,
    interval_seconds: int | None = None,
    validators: dict[str, str] | None = None,
) -> FeedState | None:
    """It answered 304."""
    row = locked(db, feed)
    if row is None:
        return None
    row.interval_seconds = interval_seconds or row.interval_seconds
    row.validators = {**row.validators, **(validators or {})}
    return answered(row, now, next_poll)


def failed(
    db: Session,
    feed: UUID,
    code: str,
    facts: dict[str, str],
    *,
    now: datetime,
    next_poll: datetime,
) -> FeedState | None:
    """No answer, or one that is of no use. It is in trouble at once if it never had a good one,
    else after a day.
    """
    row = locked(db, feed)
    if row is None:
        return None
    row.reason, row.facts = code, facts
    row.failures += 1
    row.next_poll = next_poll
    silent = row.checked is None or now - row.checked >= DAY
    return _turned(row, FeedState.FAILING if silent else row.state)


def gone(
    db: Session, feed: UUID, code: str, facts: dict[str, str], *, now: datetime
) -> FeedState | None:
    """It will not be asked any more."""
    row = locked(db, feed)
    if row is None:
        return None
    row.reason, row.facts = code, facts
    row.checked = row.checked and now  # one that was never read is still to be seen first
    return _turned(row, FeedState.GONE)


def answered(row: Feed, now: datetime, next_poll: datetime) -> FeedState | None:
    """A good answer ends all trouble."""
    row.checked, row.next_poll = now, next_poll
    row.reason, row.facts, row.failures = "", {}, 0
    return _turned(row, FeedState.FINE)


def locked(db: Session, feed: UUID) -> Feed | None:
    """The row as it is now, until this transaction ends."""
    asked = select(Feed).where(Feed.id == feed).with_for_update(key_share=True)
    return db.scalar(asked.execution_options(populate_existing=True))


def _turned(row: Feed, state: FeedState) -> FeedState | None:
    was, row.state = row.state, state
    return None if was is state else was
