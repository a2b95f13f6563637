"""Whether a due job rings now: what there is to hear, and what the user has said about it."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from bridge.api.views import QuietHoursView
from bridge.errors import UnknownTarget
from bridge.schedules.quiet_hours import quiet_until
from bridge.store.listening import downloads, episodes
from bridge.store.listening.due_jobs import GRACE, DueJob
from bridge.store.listening.episodes import HeardEpisode
from bridge.store.listening.stations import Programme
from bridge.store.listening.subscriptions import Subscription
from bridge.store.people import users
from bridge.store.preferences import quiet_hours
from bridge.terms import DueJobState, RingRule


@dataclass(frozen=True)
class RingNow:
    """Now."""


@dataclass(frozen=True)
class WaitForEpisode:
    """Until its episode is here."""


@dataclass(frozen=True)
class Later:
    """When the quiet hours are over."""

    until: datetime


@dataclass(frozen=True)
class Over:
    """It does not ring. The user is told of what has FAILED or was MISSED."""

    state: DueJobState
    reason: str


Verdict = RingNow | WaitForEpisode | Later | Over

NOTHING_NEW = Over(DueJobState.DONE, "nothing_new")
CALLED_OFF = Over(DueJobState.DONE, "called_off")


def verdict(db: Session, row: DueJob, data_dir: Path, now: datetime) -> Verdict:
    """Quiet hours hold back what comes when it pleases, a new episode; a time that the user chose
    himself rings, and what he asked for just now.
    """
    subscription = db.get(Subscription, row.source_id)
    if subscription is None:
        known = db.get(Programme, row.source_id) is not None
        return (_too_late(row, now) or RingNow()) if known else CALLED_OFF
    return _podcast(db, row, subscription, data_dir, now)


def _podcast(
    db: Session, row: DueJob, subscription: Subscription, data_dir: Path, now: datetime
) -> Verdict:
    by_news, asked = row.key.startswith("episode "), row.key.startswith("asked ")
    if subscription.rings is RingRule.NEVER and not asked:
        return CALLED_OFF
    playlist = _playlist(db, row, asked, now)
    if not playlist:
        return NOTHING_NEW
    if by_news and (quiet := _quiet(db, row, now)):
        return quiet
    ready = any(downloads.present(db, data_dir, entry.episode) for entry in playlist)
    if late := _too_late(row, now):
        return late if ready else Over(DueJobState.FAILED, "not_downloaded")
    if ready:
        return RingNow()
    episodes.want(db, row.user_id, playlist[0].episode.id, now)
    return WaitForEpisode()


def _playlist(db: Session, row: DueJob, asked: bool, now: datetime) -> list[HeardEpisode]:
    """What a call would play: the job's episode, unless it was heard meanwhile and nobody asked
    for it; or what is new.
    """
    if row.episode_id is None:
        return episodes.to_play(db, row.user_id, row.source_id, now)
    try:
        entry = episodes.get(db, row.user_id, row.episode_id)
    except UnknownTarget:
        return []
    return [entry] if asked or not entry.heard else []


def _too_late(row: DueJob, now: datetime) -> Over | None:
    if now - row.due <= GRACE:
        return None
    if row.reason:  # it was tried
        return Over(DueJobState.FAILED, row.reason)
    return Over(DueJobState.MISSED, "house_was_down")


def _quiet(db: Session, row: DueJob, now: datetime) -> Later | Over | None:
    user = users.get(db, row.user_id)
    if not user.preferences.keeps_quiet:
        return None
    hours = [QuietHoursView.of(one) for one in quiet_hours.of_user(db, row.user_id)]
    until = quiet_until(hours, now, ZoneInfo(user.time_zone))
    if until is None:
        return Over(DueJobState.DONE, "quiet_hours")  # he never wants to be called
    return Later(until) if until > now else None
