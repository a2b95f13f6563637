"""A user's podcasts and their episodes."""

from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from bridge import files
from bridge.api.commands import podcasts as commands
from bridge.api.listening_views import NotesView
from bridge.desk.command_registry import CommandRegistry, answers, reads, writes
from bridge.desk.imports import opml, reading
from bridge.errors import BadInput, NetworkDown, NotAllowed
from bridge.store.listening import downloads, episodes, podcasts, subscriptions
from bridge.store.people import users


@answers(commands.RemovePodcast)
async def remove_podcast(desk: CommandRegistry, asked: commands.RemovePodcast) -> None:
    await desk.store.run(subscriptions.remove, asked.user, asked.podcast)
    await desk.store.read(downloads.remove_orphans, desk.settings.data_dir)


@answers(commands.ImportPodcasts)
async def import_podcasts(
    desk: CommandRegistry, asked: commands.ImportPodcasts
) -> list[podcasts.Summary]:
    feeds = await reading.opml(asked.opml)

    def add(db: Session, now: datetime) -> list[podcasts.Summary]:
        before = {one.subscription.id for one in podcasts.of_user(db, asked.user, now)}
        added = _add_all(db, asked.user, feeds, now) - before
        found = podcasts.of_user(db, asked.user, now) if added else []
        return [one for one in found if one.subscription.id in added]

    return await desk.store.run(add, desk.now)


@answers(commands.ExportPodcasts)
async def export_podcasts(desk: CommandRegistry, asked: commands.ExportPodcasts) -> str:
    found = await desk.store.read(podcasts.of_user, asked.user, desk.now)
    feeds = sorted((one.feed.title, one.feed.address, one.feed.link) for one in found)
    return opml.write(feeds, desk.now)


async def episode_file(desk: CommandRegistry, user: UUID, episode: UUID) -> Path:
    """Where its sound is. NetworkDown("not_downloaded") while it is not; it is fetched then."""

    def find(db: Session, now: datetime) -> bool:
        users.get(db, user)
        row = episodes.get(db, user, episode).episode
        if downloads.present(db, desk.settings.data_dir, row):
            return True
        episodes.want(db, user, episode, now)
        return False

    if not await desk.store.run(find, desk.now):
        raise NetworkDown("not_downloaded")
    return files.episode(desk.settings.data_dir, episode)


def _add(db: Session, user: UUID, address: str, now: datetime) -> podcasts.Summary:
    return podcasts.summary(db, user, subscriptions.add(db, user, address, now).id, now)


def _add_all(db: Session, user: UUID, addresses: list[str], now: datetime) -> set[UUID]:
    """As many as there is room for; NotAllowed when there is none at all."""
    added: set[UUID] = set()
    for address in addresses:
        try:
            added.add(subscriptions.add(db, user, address, now).id)
        except BadInput:
            continue  # one line of the list is of no use; the others are
        except NotAllowed:
            if not added:
                raise
            break
    return added


def _change(
    db: Session, user: UUID, podcast: UUID, now: datetime, **rules: Any
) -> podcasts.Summary:
    subscriptions.change(db, user, podcast, **rules)
    return podcasts.summary(db, user, podcast, now)


def _notes(db: Session, user: UUID, episode: UUID) -> NotesView:
    entry = episodes.get(db, user, episode)
    return NotesView.of(entry.episode, episode=entry)


reads(commands.ListPodcasts, podcasts.of_user)
reads(commands.GetPodcast, podcasts.summary)
writes(commands.AddPodcast, _add)
writes(commands.ChangePodcast, _change)
writes(commands.LookAgain, subscriptions.look_again)
reads(commands.ListEpisodes, episodes.page)
reads(commands.ShowNotes, _notes)
writes(commands.MarkEpisode, episodes.mark)
