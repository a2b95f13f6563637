"""The library of one user, kept in the store."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy.orm import Session

from bridge import files
from bridge.api.listening_views import Medium
from bridge.audio.port import Source
from bridge.calls.ports.library import CallOutOrder, Offered, Playlist, PlaylistItem
from bridge.errors import NetworkDown, UnknownTarget
from bridge.store import Store
from bridge.store.listening import downloads, due_jobs, episodes, podcasts, programmes, stations
from bridge.store.listening.due_jobs import DueJob
from bridge.store.listening.episodes import HeardEpisode
from bridge.store.listening.missed import tell_missed
from bridge.store.listening.subscriptions import Subscription
from bridge.terms import DueJobState, Pick

LONGEST_RADIO = 2 * 3600.0
"""Seconds; somebody who has fallen asleep shall not find the minutes of a whole day gone."""


class StoredLibrary:
    """What there is for `user` to listen to (the port Library). The episodes are files under
    `data_dir`.
    """

    def __init__(self, store: Store, data_dir: Path, user: UUID) -> None:
        self._store = store
        self._data_dir = data_dir
        self._user = user

    async def offered(self) -> Sequence[Offered]:
        return await self._store.run(self._offered, datetime.now(UTC))

    async def playlist(self, order: CallOutOrder) -> Playlist:
        return await self._store.run(self._playlist, order, datetime.now(UTC))

    async def dialling(self, job: UUID, call: UUID) -> bool:
        return await self._store.run(_dialling, self._user, job, call, datetime.now(UTC))

    async def settle(self, job: UUID, listened: bool, reason: str = "") -> None:
        await self._store.run(_settle, self._user, job, listened, reason, datetime.now(UTC))

    async def note(self, episode: UUID, position: float, heard: bool) -> None:
        now = datetime.now(UTC)
        with suppress(UnknownTarget):  # the podcast was removed while it is heard
            await self._store.run(episodes.note, self._user, episode, position, heard, now)

    # --- what there is ---------------------------------------------------------------------------

    def _offered(self, db: Session, now: datetime) -> list[Offered]:
        here = self._here(db, episodes.all_at_hand(db, self._user, now))
        new = self._here(db, episodes.all_at_hand(db, self._user, now, unheard=True))
        news, others = [], []
        for one in podcasts.of_user(db, self._user, now):
            podcast, name = one.subscription.id, one.feed.title or one.feed.address
            if podcast in new:
                order, unheard = self._order(db, new[podcast][0], now), len(new[podcast])
                news.append(Offered(Medium.PODCAST, name, order, unheard))
            elif podcast in here:
                order = CallOutOrder(podcast=podcast, episode=here[podcast][0].episode.id)
                others.append(Offered(Medium.PODCAST, name, order))
        radio = [
            Offered(Medium.RADIO, row.name, CallOutOrder(station=row.id))
            for row in stations.of_user(db, self._user)
        ]
        return [*news, *others, *radio]

    def _order(self, db: Session, newest: HeardEpisode, now: datetime) -> CallOutOrder:
        """As the user picks it, if that is here; else the newest that is."""
        podcast = newest.podcast
        for picked in episodes.to_play(db, self._user, podcast, now):
            if downloads.present(db, self._data_dir, picked.episode):
                return CallOutOrder(podcast=podcast)
        return CallOutOrder(podcast=podcast, episode=newest.episode.id)

    def _here(self, db: Session, entries: list[HeardEpisode]) -> dict[UUID, list[HeardEpisode]]:
        """By podcast, the newest first."""
        found: dict[UUID, list[HeardEpisode]] = {}
        for entry in entries:
            if downloads.present(db, self._data_dir, entry.episode):
                found.setdefault(entry.podcast, []).append(entry)
        return found

    # --- what to play ----------------------------------------------------------------------------

    def _playlist(self, db: Session, order: CallOutOrder, now: datetime) -> Playlist:
        if order.station is not None:
            return self._station(db, order.station)
        if order.podcast is not None:
            return self._podcast(db, order.podcast, order.episode, now)
        if order.job is not None:
            return self._of_job(db, due_jobs.get(db, self._user, order.job), now)
        raise UnknownTarget("job_over")

    def _of_job(self, db: Session, job: DueJob, now: datetime) -> Playlist:
        if db.get(Subscription, job.source_id) is None:
            return self._programme(db, job.source_id)
        news = job.key.startswith("episode ")
        return self._podcast(db, job.source_id, job.episode_id, now, unheard=int(news))

    def _podcast(
        self, db: Session, podcast: UUID, episode: UUID | None, now: datetime, unheard: int = 0
    ) -> Playlist:
        """One episode among all that are here; or what is new, as the user picks it."""
        if episode is not None:
            return self._around(db, episodes.get(db, self._user, episode), unheard)
        new = episodes.to_play(db, self._user, podcast, now)
        if not new:
            raise UnknownTarget("nothing_new")
        here = [entry for entry in new if downloads.present(db, self._data_dir, entry.episode)]
        if not here:
            raise NetworkDown("not_downloaded")
        if db.get_one(Subscription, podcast).pick is Pick.NEWEST:
            return self._around(db, here[0], unheard=1)
        return self._of_entries(here, here[0], unheard=len(here))

    def _around(self, db: Session, chosen: HeardEpisode, unheard: int) -> Playlist:
        if not downloads.present(db, self._data_dir, chosen.episode):
            raise NetworkDown("not_downloaded")
        kept = episodes.at_hand(db, self._user, chosen.podcast)
        here = [entry for entry in kept if downloads.present(db, self._data_dir, entry.episode)]
        return self._of_entries(here, chosen, unheard)

    def _of_entries(
        self, entries: list[HeardEpisode], first: HeardEpisode, unheard: int
    ) -> Playlist:
        ids = [entry.episode.id for entry in entries]
        return Playlist(
            Medium.PODCAST,
            first.podcast_title,
            tuple(self._item(entry) for entry in entries),
            ids.index(first.episode.id),
            unheard,
            podcast=first.podcast,
        )

    def _item(self, entry: HeardEpisode) -> PlaylistItem:
        row = entry.episode
        sound = Source(str(files.episode(self._data_dir, row.id)))
        return PlaylistItem(row.title, sound, row.id, row.seconds, entry.position)

    def _station(self, db: Session, station: UUID) -> Playlist:
        row = stations.get(db, self._user, station)
        live = PlaylistItem("", Source(row.address, live=True))
        longest = LONGEST_RADIO
        return Playlist(Medium.RADIO, row.name, (live,), longest_seconds=longest, station=station)

    def _programme(self, db: Session, programme: UUID) -> Playlist:
        row = programmes.get(db, self._user, programme)
        station = stations.get(db, self._user, row.station_id)
        return Playlist(
            Medium.RADIO,
            station.name,
            (PlaylistItem(row.title, Source(station.address, live=True)),),
            longest_seconds=LONGEST_RADIO if row.minutes is None else row.minutes * 60.0,
            station=station.id,
            programme=programme,
        )


def _dialling(db: Session, user: UUID, job: UUID, call: UUID, now: datetime) -> bool:
    """Also true for who asks again because the first answer was lost on its way."""
    if due_jobs.dialling(db, user, job, call, now):
        return True
    row = due_jobs.get(db, user, job)
    return row.state is DueJobState.DIALLING and row.call_id == call


def _settle(db: Session, user: UUID, job: UUID, listened: bool, reason: str, now: datetime) -> None:
    state = due_jobs.settle(db, user, job, listened=listened, reason=reason, now=now)
    if state is DueJobState.FAILED:
        tell_missed(db, due_jobs.get(db, user, job), now)
