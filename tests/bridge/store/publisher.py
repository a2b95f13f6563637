"""Somebody who makes podcasts, and the scheduler's part of fetching them."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from bridge.store import Store
from bridge.store.listening import fetched, subscriptions
from bridge.store.listening.feeds import Episode, Feed
from bridge.store.listening.fetched import FeedItem, Fetched
from bridge.terms import FeedState
from tests.bridge.store.conftest import NOW

ADDRESS = "https://pods.example/daily.xml"
HOUR = timedelta(hours=1)


def item(number: int, **told: Any) -> FeedItem:
    """Episodes come out once a day; number 0 today."""
    usual = {
        "guid": f"guid-{number}",
        "title": f"Episode {number}",
        "published": NOW - timedelta(days=number),
        "enclosure": f"https://pods.example/{number}.mp3",
        "seconds": 1800.0,
    }
    return FeedItem(**{**usual, **told})


def subscribe(
    store: Store, user: UUID, address: str = ADDRESS, now: datetime = NOW, **chosen: Any
) -> tuple[UUID, UUID]:
    """(subscription, feed)."""
    with store.begin() as db:
        row = subscriptions.add(db, user, address, now)
        if chosen:
            subscriptions.change(db, user, row.id, **chosen)
        return row.id, row.feed_id


def publish(
    store: Store, feed: UUID, *items: FeedItem, now: datetime = NOW, title: str = "The Daily"
) -> FeedState | None:
    told = Fetched(title=title, validators={"ETag": '"x"'}, items=items)
    with store.begin() as db:
        return fetched.found(db, feed, told, now=now, next_poll=now + HOUR, interval_seconds=3600)


def feed_of(store: Store, feed: UUID) -> Feed:
    with store.reading() as db:
        return db.get_one(Feed, feed)


def titles(store: Store, feed: UUID) -> list[str]:
    """Newest first."""
    with store.reading() as db:
        of_it = select(Episode.title).where(Episode.feed_id == feed)
        return list(db.scalars(of_it.order_by(Episode.published.desc(), Episode.id)))


def episode_of(store: Store, feed: UUID, title: str) -> Episode:
    with store.reading() as db:
        found = db.scalars(select(Episode).where(Episode.feed_id == feed, Episode.title == title))
        return found.one()
