"""What a job would have played, and the word to its user that it was in vain."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from bridge.api.events import CallOutMissed
from bridge.api.listening_views import Medium, Playing
from bridge.store.calls import outbox
from bridge.store.listening import due_jobs
from bridge.store.listening.due_jobs import DueJob
from bridge.store.listening.feeds import Episode, Feed
from bridge.store.listening.stations import Programme, Station
from bridge.store.listening.subscriptions import Subscription


def tell_missed(db: Session, row: DueJob, now: datetime) -> None:
    """Exactly once: the word is kept in the transaction that gives the job up. The front desk
    finds it in the outbox when it looks next (bridge.desk.event_relay.HEARTBEAT).
    """
    playing = playing_of(db, row)
    if playing is not None:
        event = CallOutMissed(user=row.user_id, due=row.due, playing=playing, reason=row.reason)
        outbox.append(db, row.user_id, event.model_dump(mode="json"), now)


def fail_lost(db: Session, user: UUID, now: datetime) -> None:
    """Whoever was dialling for the user is gone, and the phone may have rung."""
    for row in due_jobs.of_lost(db, user, now):
        tell_missed(db, row, now)


def playing_of(db: Session, row: DueJob) -> Playing | None:
    """None for what was removed."""
    subscription = db.get(Subscription, row.source_id)
    if subscription is not None:
        return _podcast(db, row, subscription)
    programme = db.get(Programme, row.source_id)
    return None if programme is None else _radio(db, programme)


def _podcast(db: Session, row: DueJob, subscription: Subscription) -> Playing:
    feed = db.get_one(Feed, subscription.feed_id)
    episode = db.get(Episode, row.episode_id) if row.episode_id else None
    return Playing(
        medium=Medium.PODCAST,
        name=feed.title or feed.address,
        title=episode.title if episode else "",
        seconds=episode.seconds if episode else None,
        podcast=subscription.id,
        episode=row.episode_id,
    )


def _radio(db: Session, programme: Programme) -> Playing:
    station = db.get_one(Station, programme.station_id)
    return Playing(
        medium=Medium.RADIO,
        name=station.name,
        title=programme.title,
        station=station.id,
        programme=programme.id,
    )
