"""What there is to listen to: in memory, in the store, and asked for over a link."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from bridge import files
from bridge.calls.ports.library import Library
from bridge.store import Store
from bridge.store.leases import leadership
from bridge.store.leases.leadership import SCHEDULER
from bridge.store.listening import downloads, due_jobs, episodes, stations
from bridge.workers.ipc.remote import remote, served
from bridge.workers.stored.library import StoredLibrary
from tests.bridge.store.publisher import episode_of, item, publish, subscribe
from tests.contracts.library import LibraryContract, LibraryWorld
from tests.contracts.over_link import linked
from tests.fake_library import FakeLibrary


class MemoryWorld(LibraryWorld):
    def __init__(self) -> None:
        self.library = FakeLibrary()

    async def podcast(self, *titles: str) -> UUID:
        self.library.podcast(*titles, first=len(titles) - 1, unheard=1)
        assert self.library.has is not None and self.library.has.podcast is not None
        return self.library.has.podcast

    async def station(self) -> UUID:
        self.library.station()
        assert self.library.has is not None and self.library.has.station is not None
        return self.library.has.station

    async def claimed(self, source: UUID) -> UUID:
        job = self.library.job().job
        assert job is not None
        return job

    async def progress(self, episode: UUID) -> tuple[float, bool]:
        noted = [one for one in self.library.notes if one.episode == episode]
        return noted[-1].position, any(one.heard for one in noted)


class StoredWorld(LibraryWorld):
    def __init__(self, store: Store, data_dir: Path, user: UUID) -> None:
        self.store, self.data_dir, self.user = store, data_dir, user
        self.library: Library = StoredLibrary(store, data_dir, user)

    async def podcast(self, *titles: str) -> UUID:
        now = datetime.now(UTC)
        podcast, feed = subscribe(self.store, self.user, now=now)
        publish(self.store, feed, now=now, title="News")
        age = range(len(titles), 0, -1)
        told = [item(days, title=title) for days, title in zip(age, titles, strict=True)]
        publish(self.store, feed, *told, now=now + timedelta(seconds=1), title="News")
        for title in titles:
            episode = episode_of(self.store, feed, title).id
            files.episode(self.data_dir, episode).write_bytes(b"sound")
            with self.store.begin() as db:
                downloads.stored(db, episode, size=5, now=now)
        return podcast

    async def station(self) -> UUID:
        where, now = "https://radio.example/live", datetime.now(UTC)
        return (await self.store.run(stations.add, self.user, "Radio One", where, now)).id

    async def claimed(self, source: UUID) -> UUID:
        now = datetime.now(UTC)
        with self.store.begin() as db:
            leader = leadership.lead(db, SCHEDULER, "one", timedelta(seconds=15), now)
            row = due_jobs.add(db, self.user, source, now.date(), "07:00", due=now, now=now)
            assert leader is not None and row is not None
            assert due_jobs.claim(db, row.id, leader.epoch, now)
            return row.id

    async def progress(self, episode: UUID) -> tuple[float, bool]:
        found = await self.store.read(episodes.get, self.user, episode)
        return found.position, found.heard


class TestFakeLibrary(LibraryContract):
    @pytest.fixture
    async def world(self) -> LibraryWorld:
        return MemoryWorld()


class TestStoredLibrary(LibraryContract):
    @pytest.fixture
    async def world(self, store: Store, user: UUID, tmp_path: Path) -> LibraryWorld:
        return StoredWorld(store, tmp_path, user)


class TestRemoteLibrary(LibraryContract):
    @pytest.fixture
    async def world(self, store: Store, user: UUID, tmp_path: Path) -> AsyncIterator[LibraryWorld]:
        world = StoredWorld(store, tmp_path, user)
        async with linked(served(Library, world.library)) as ask:
            world.library = remote(Library, ask)
            yield world
