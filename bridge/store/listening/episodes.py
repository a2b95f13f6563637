"""A user's view of episodes: what is new to him, what to play, how far he is."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, or_, select
from sqlalchemy.orm import Session

from bridge.api.listening_views import EpisodeView
from bridge.errors import UnknownTarget
from bridge.store.listening import subscriptions
from bridge.store.listening.feeds import Episode, Feed
from bridge.store.listening.subscriptions import EpisodeProgress, Subscription
from bridge.store.people import users
from bridge.terms import Pick, RingRule


@dataclass(frozen=True)
class HeardEpisode:
    """An episode, and how far the user has heard it."""

    episode: Episode
    podcast: UUID
    """The subscription."""
    podcast_title: str
    position: float = 0.0
    heard: bool = False

    def view(self) -> EpisodeView:
        return EpisodeView.of(self.episode, self)


def get(db: Session, user: UUID, episode: UUID) -> HeardEpisode:
    """UnknownTarget("no_such_episode") if it is of no podcast of the user's."""
    found = list(_entries(db, _listed(user).where(Episode.id == episode)))
    if not found:
        raise UnknownTarget("no_such_episode")
    return found[0]


def page(db: Session, user: UUID, podcast: UUID, limit: int, offset: int = 0) -> list[HeardEpisode]:
    """Newest first."""
    subscriptions.get(db, user, podcast)
    asked = _listed(user).where(Subscription.id == podcast)
    newest_first = asked.order_by(Episode.published.desc(), Episode.id)
    return list(_entries(db, newest_first.limit(limit).offset(offset)))


def notes(db: Session, user: UUID, episode: UUID) -> str:
    return get(db, user, episode).episode.notes


def to_play(
    db: Session, user: UUID, podcast: UUID, now: datetime, *, stored: bool = False
) -> list[HeardEpisode]:
    """What is new and unheard, as the user picks it: the newest, or all, the oldest first.
    `stored`: only what is downloaded.
    """
    row = subscriptions.get(db, user, podcast)
    asked = _listed(user).where(Subscription.id == row.id, *new(db, now))
    if stored:
        asked = asked.where(Episode.stored.is_not(None))
    if row.pick is Pick.NEWEST:
        asked = asked.order_by(Episode.published.desc(), Episode.id).limit(1)
    else:
        asked = asked.order_by(Episode.published, Episode.id.desc())
    return list(_entries(db, asked))


def at_hand(db: Session, user: UUID, podcast: UUID) -> list[HeardEpisode]:
    """What is downloaded, heard or not, the oldest first."""
    subscriptions.get(db, user, podcast)
    asked = _listed(user).where(Subscription.id == podcast, Episode.stored.is_not(None))
    return list(_entries(db, asked.order_by(Episode.published, Episode.id.desc())))


def all_at_hand(
    db: Session, user: UUID, now: datetime, *, unheard: bool = False
) -> list[HeardEpisode]:
    """What is downloaded of all his podcasts, the newest first; or only what is new of it."""
    asked = _listed(user).where(Episode.stored.is_not(None))
    if unheard:
        asked = asked.where(*new(db, now))
    return list(_entries(db, asked.order_by(Episode.published.desc(), Episode.id)))


def to_ring(db: Session, now: datetime, since: datetime) -> list[tuple[Subscription, Episode]]:
    """For everybody who is called at once: the newest that is new, unheard, downloaded, and was
    first seen after `since`.
    """
    found = db.execute(
        of_subscribers(Subscription, Episode)
        .where(
            Subscription.rings == RingRule.AT_ONCE,
            Episode.seen > since,
            Episode.stored.is_not(None),
            *new(db, now),
        )
        .order_by(Episode.published, Episode.id.desc())
    )
    newest = {row.id: (row, episode) for row, episode in found}
    return list(newest.values())


def note(
    db: Session, user: UUID, episode: UUID, position: float, heard: bool, now: datetime
) -> None:
    """He is so far; once heard, it stays so until it is marked as new."""
    users.locked(db, user)
    get(db, user, episode).episode.used = now
    row = _listening(db, user, episode, now)
    row.position, row.heard, row.updated = max(0.0, position), row.heard or heard, now
    db.flush()


def mark(db: Session, user: UUID, episode: UUID, heard: bool, now: datetime) -> HeardEpisode:
    """Heard, or new again, from the beginning."""
    users.locked(db, user)
    get(db, user, episode)
    row = _listening(db, user, episode, now)
    row.heard, row.updated = heard, now
    row.position = row.position if heard else 0.0
    db.flush()
    return get(db, user, episode)


def want(db: Session, user: UUID, episode: UUID, now: datetime) -> None:
    """Somebody waits for its sound, from now on if nobody did before."""
    row = get(db, user, episode).episode
    if row.stored is None:
        row.wanted = row.wanted or now
        db.flush()


# --- what is new to a subscriber ---------------------------------------------------------------


def of_subscribers(*columns: Any) -> Select[Any]:
    """Subscriptions with their episodes and how far each was heard."""
    return (
        select(*columns)
        .select_from(Subscription)
        .join(Episode, Episode.feed_id == Subscription.feed_id)
        .outerjoin(EpisodeProgress, heard_by_subscriber())
    )


def heard_by_subscriber() -> ColumnElement[bool]:
    return and_(
        EpisodeProgress.user_id == Subscription.user_id, EpisodeProgress.episode_id == Episode.id
    )


def new(db: Session, now: datetime) -> list[ColumnElement[bool]]:
    """Which of them came since it was subscribed to, are not skipped, and not heard."""
    in_use = (
        select(Subscription.oldest_days).distinct().where(Subscription.oldest_days.is_not(None))
    )
    young = (  # the databases have no arithmetic of days in common
        and_(Subscription.oldest_days == days, Episode.published >= now - timedelta(days=days))
        for days in db.scalars(in_use)
        if days is not None
    )
    return [
        Episode.seen > Subscription.created,
        or_(EpisodeProgress.heard.is_(None), EpisodeProgress.heard == false()),
        or_(
            Subscription.least_minutes.is_(None),
            Episode.seconds.is_(None),
            Episode.seconds >= Subscription.least_minutes * 60,
        ),
        or_(Subscription.oldest_days.is_(None), *young),
    ]


def _listed(user: UUID) -> Select[Any]:
    asked = of_subscribers(Episode, Subscription.id, Feed.title, EpisodeProgress)
    return asked.join(Feed, Feed.id == Subscription.feed_id).where(Subscription.user_id == user)


def _entries(db: Session, asked: Select[Any]) -> Iterator[HeardEpisode]:
    for episode, podcast, title, heard in db.execute(asked):
        yield HeardEpisode(
            episode,
            podcast,
            title,
            heard.position if heard else 0.0,
            heard.heard if heard else False,
        )


def _listening(db: Session, user: UUID, episode: UUID, now: datetime) -> EpisodeProgress:
    row = db.get(EpisodeProgress, (user, episode))
    if row is None:
        row = EpisodeProgress(
            user_id=user, episode_id=episode, position=0.0, heard=False, updated=now
        )
        db.add(row)
    return row
