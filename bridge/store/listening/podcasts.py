"""A user's podcasts as they are listed: few questions to the database, however many there are."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bridge.api.listening_views import PodcastView
from bridge.errors import UnknownTarget
from bridge.store.listening import episodes
from bridge.store.listening.episodes import HeardEpisode
from bridge.store.listening.feeds import Episode, Feed
from bridge.store.listening.subscriptions import EpisodeProgress, RingTime, Subscription
from bridge.terms import RingRule

_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Summary:
    subscription: Subscription
    feed: Feed
    latest: HeardEpisode | None
    unheard: int
    """Of those that are new to the user; see episodes.new."""
    times: tuple[RingTime, ...]

    def view(self) -> PodcastView:
        return PodcastView.of(
            self.subscription,
            self.feed,
            latest=self.latest.view() if self.latest else None,
            unheard=self.unheard,
            times=self.times if self.subscription.rings is RingRule.AT_TIMES else (),
        )


def of_user(db: Session, user: UUID, now: datetime) -> list[Summary]:
    """Those with the newest episode first."""
    found = _summaries(db, user, now)
    by_title = sorted(found, key=lambda one: (one.feed.title, one.feed.address))
    return sorted(by_title, key=_newest, reverse=True)


def summary(db: Session, user: UUID, podcast: UUID, now: datetime) -> Summary:
    found = _summaries(db, user, now, podcast)
    if not found:
        raise UnknownTarget("no_such_podcast")
    return found[0]


def _summaries(db: Session, user: UUID, now: datetime, only: UUID | None = None) -> list[Summary]:
    own = [Subscription.user_id == user]
    if only is not None:
        own.append(Subscription.id == only)
    newest = (
        select(Episode.id)
        .where(Episode.feed_id == Subscription.feed_id)
        .order_by(Episode.published.desc(), Episode.id)
        .limit(1)
        .correlate(Subscription)
        .scalar_subquery()
    )
    # a subquery each: PostgreSQL would join all episodes there are
    unheard = (
        select(func.count(Episode.id))
        .outerjoin(EpisodeProgress, episodes.heard_by_subscriber())
        .where(Episode.feed_id == Subscription.feed_id, *episodes.new(db, now))
        .correlate(Subscription)
        .scalar_subquery()
    )
    listed = (
        select(Subscription, Feed, Episode, EpisodeProgress, unheard)
        .join(Feed, Feed.id == Subscription.feed_id)
        .outerjoin(Episode, Episode.id == newest)
        .outerjoin(EpisodeProgress, episodes.heard_by_subscriber())
        .where(*own)
    )
    times: dict[UUID, list[RingTime]] = {}
    fixed = select(RingTime).where(RingTime.user_id == user)
    for time in db.scalars(fixed.order_by(RingTime.at, RingTime.id)):
        times.setdefault(time.subscription_id, []).append(time)
    return [
        Summary(
            row,
            feed,
            _entry(row, feed, episode, heard),
            new,
            tuple(times.get(row.id, ())),
        )
        for row, feed, episode, heard, new in db.execute(listed)
    ]


def _entry(
    row: Subscription, feed: Feed, episode: Episode | None, heard: EpisodeProgress | None
) -> HeardEpisode | None:
    if episode is None:
        return None
    if heard is None:
        return HeardEpisode(episode, row.id, feed.title)
    return HeardEpisode(episode, row.id, feed.title, heard.position, heard.heard)


def _newest(one: Summary) -> datetime:
    return one.latest.episode.published if one.latest else _NEVER
