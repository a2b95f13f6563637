"""What a feed's subscribers are told of it, once each: PodcastChanged."""

import logging
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session
from tenacity import retry, retry_if_exception_type, stop_after_delay, wait_exponential_jitter

from bridge.api.commands.call_outs import Tell
from bridge.api.events import PodcastChanged
from bridge.api.front_desk import FrontDesk
from bridge.errors import HouseError, NetworkDown, UnknownTarget
from bridge.store import Store
from bridge.store.listening import podcasts, subscriptions
from bridge.terms import FeedState

log = logging.getLogger(__name__)

PATIENCE = 600.0
"""Seconds for a house that is being restarted."""


async def tell(
    store: Store,
    desk: FrontDesk,
    feed: UUID,
    was: FeedState,
    now: datetime,
    only: Collection[UUID] | None = None,
) -> None:
    """Everybody who listens to `feed`, or `only` those users. Never raises a HouseError."""
    try:
        for event in await store.read(_events, feed, was, now, only):
            await _told(desk, event)
    except HouseError as why:
        log.error(
            "the subscribers of a podcast were not told that it is no longer %s: %s", was, why
        )


@retry(
    retry=retry_if_exception_type(NetworkDown),
    wait=wait_exponential_jitter(initial=1, max=30),
    stop=stop_after_delay(PATIENCE),
    reraise=True,
)
async def _told(desk: FrontDesk, event: PodcastChanged) -> None:
    await desk.ask(Tell(event=event))


def _events(
    db: Session, feed: UUID, was: FeedState, now: datetime, only: Collection[UUID] | None
) -> list[PodcastChanged]:
    events = []
    for row in subscriptions.of_feed(db, feed):
        if only is None or row.user_id in only:
            try:
                view = podcasts.summary(db, row.user_id, row.id, now).view()
            except UnknownTarget:  # unsubscribed a moment ago
                continue
            events.append(PodcastChanged(user=row.user_id, podcast=view, was=was))
    return events
