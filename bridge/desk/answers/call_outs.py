"""Call-outs: what the user, or the scheduler for him, wants to hear on the phone now."""

from datetime import datetime
from pathlib import Path
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge.api.commands.call_outs import PlaceCallOut, PressKey, Tell
from bridge.api.commands.podcasts import CallPodcast
from bridge.api.commands.radio import CallStation
from bridge.desk.command_registry import CommandRegistry, answers, passes_on
from bridge.errors import UnknownTarget
from bridge.store.listening import downloads, due_jobs, episodes, stations, subscriptions
from bridge.store.listening.due_jobs import DueJob
from bridge.store.people import users
from bridge.terms import DueJobState


@answers(CallPodcast)
async def call_podcast(desk: CommandRegistry, asked: CallPodcast) -> None:
    if await desk.store.run(_is_ready, asked, desk.settings.data_dir, desk.now):
        await desk.workers.send(asked.user, asked)


@answers(Tell)
async def tell(desk: CommandRegistry, asked: Tell) -> None:
    await desk.store.read(users.get, asked.event.user)
    desk.tell(asked.event)


def _is_ready(db: Session, asked: CallPodcast, data_dir: Path, now: datetime) -> bool:
    """Whether there is something to play already. Otherwise it is fetched first, and then there is
    a job that makes the phone ring.
    """
    subscriptions.get(db, asked.user, asked.podcast)
    if asked.episode is None:
        playlist = episodes.to_play(db, asked.user, asked.podcast, now)
        if not playlist:
            raise UnknownTarget("nothing_new")
    else:
        playlist = [episodes.get(db, asked.user, asked.episode)]
        if playlist[0].podcast != asked.podcast:
            raise UnknownTarget("no_such_episode")
    if any(downloads.present(db, data_dir, entry.episode) for entry in playlist):
        return True
    _call_later(db, asked.user, asked.podcast, playlist[0].episode.id, now)
    return False


def _call_later(db: Session, user: UUID, podcast: UUID, episode: UUID, now: datetime) -> None:
    zone = ZoneInfo(users.locked(db, user).time_zone)
    episodes.want(db, user, episode, now)
    waiting = select(DueJob.id).where(
        DueJob.source_id == podcast,
        DueJob.episode_id == episode,
        DueJob.state == DueJobState.PENDING,
    )
    if db.scalars(waiting).first() is None:  # who asks again meanwhile is called once
        today, key = now.astimezone(zone).date(), f"asked {uuid4().hex[:8]}"
        due_jobs.add(db, user, podcast, today, key, due=now, now=now, episode=episode)


passes_on(CallStation, having=stations.get)
passes_on(PlaceCallOut, having=due_jobs.get)
passes_on(PressKey)
