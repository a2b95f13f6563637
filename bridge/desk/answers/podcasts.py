"""A user's podcasts and their episodes."""

from datetime import datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy.orm import Session

from bridge import files
from bridge.api.commands.podcasts import (
    AddPodcast,
    ChangePodcast,
    ExportPodcasts,
    GetPodcast,
    ImportPodcasts,
    ListEpisodes,
    ListPodcasts,
    LookAgain,
    MarkEpisode,
    RemovePodcast,
    ShowNotes,
)
from bridge.api.listening_views import EpisodeView, NotesView, PodcastView
from bridge.desk import opml
from bridge.desk.command_registry import CommandRegistry, answers, writes
from bridge.errors import BadInput, NetworkDown, NotAllowed
from bridge.store.listening import downloads, episodes, podcasts, subscriptions
from bridge.store.people import users


@answers(AddPodcast)
async def add_podcast(desk: CommandRegistry, asked: AddPodcast) -> PodcastView:
    row = await desk.store.run(subscriptions.add, **dict(asked), now=desk.now)
    return await get_podcast(desk, GetPodcast(user=asked.user, podcast=row.id))


@answers(ListPodcasts)
async def list_podcasts(desk: CommandRegistry, asked: ListPodcasts) -> list[PodcastView]:
    found = await desk.store.read(podcasts.of_user, asked.user, desk.now)
    return [one.view() for one in found]


@answers(GetPodcast)
async def get_podcast(desk: CommandRegistry, asked: GetPodcast) -> PodcastView:
    found = await desk.store.read(podcasts.summary, asked.user, asked.podcast, desk.now)
    return found.view()


@answers(ChangePodcast)
async def change_podcast(desk: CommandRegistry, asked: ChangePodcast) -> PodcastView:
    await desk.store.run(subscriptions.change, **dict(asked))
    return await get_podcast(desk, GetPodcast(user=asked.user, podcast=asked.podcast))


@answers(RemovePodcast)
async def remove_podcast(desk: CommandRegistry, asked: RemovePodcast) -> None:
    await desk.store.run(subscriptions.remove, asked.user, asked.podcast)
    await desk.store.read(downloads.remove_orphans, desk.settings.data_dir)


@answers(ImportPodcasts)
async def import_podcasts(desk: CommandRegistry, asked: ImportPodcasts) -> list[PodcastView]:
    def add(db: Session, now: datetime) -> list[PodcastView]:
        before = {one.subscription.id for one in podcasts.of_user(db, asked.user, now)}
        added = _add(db, asked.user, opml.read(asked.opml), now) - before
        found = podcasts.of_user(db, asked.user, now) if added else []
        return [one.view() for one in found if one.subscription.id in added]

    return await desk.store.run(add, desk.now)


@answers(ExportPodcasts)
async def export_podcasts(desk: CommandRegistry, asked: ExportPodcasts) -> str:
    found = await desk.store.read(podcasts.of_user, asked.user, desk.now)
    feeds = sorted((one.feed.title, one.feed.address, one.feed.link) for one in found)
    return opml.write(feeds, desk.now)


@answers(ListEpisodes)
async def list_episodes(desk: CommandRegistry, asked: ListEpisodes) -> list[EpisodeView]:
    return [one.view() for one in await desk.store.read(episodes.page, **dict(asked))]


@answers(ShowNotes)
async def show_notes(desk: CommandRegistry, asked: ShowNotes) -> NotesView:
    def read(db: Session) -> NotesView:
        entry = episodes.get(db, asked.user, asked.episode)
        return NotesView.of(entry.episode, episode=entry.view())

    return await desk.store.read(read)


@answers(MarkEpisode)
async def mark_episode(desk: CommandRegistry, asked: MarkEpisode) -> EpisodeView:
    return (await desk.store.run(episodes.mark, **dict(asked), now=desk.now)).view()


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


def _add(db: Session, user: UUID, addresses: list[str], now: datetime) -> set[UUID]:
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


writes(LookAgain, subscriptions.look_again)
