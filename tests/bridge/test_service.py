"""What a house does when it begins."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy.orm import Session

from bridge import files
from bridge.api.events import CallsLost, Event, SoundSlipped
from bridge.connectors.desktop.sandbox.folder import Folder, Folders
from bridge.service import Service
from bridge.settings import Settings
from bridge.store import Store, key_ring
from bridge.store.calls import outbox
from bridge.store.people import accounts, users
from bridge.workers.supervisor.pool import WorkerPool
from tests.bridge.workers.studios import paper
from tests.fresh_database import lay_out


async def test_folders_of_programs_that_belong_to_no_account_are_removed(tmp_path: Path) -> None:
    """A sign-in that was cut short leaves one behind, with whatever was typed there."""
    settings = Settings(_env_file=None, data_dir=tmp_path)
    lay_out(settings.database)

    def move_in(db: Session) -> list[Folder]:
        now = datetime.now(UTC)
        user = users.add(db, 1, "ada", language="en", time_zone="UTC", now=now).id
        folders = Folders(tmp_path, user=str(user))
        claimed = [folders.claim(), folders.claim(), folders.claim()]
        options = {files.DESKTOP: str(claimed[0].number)}
        accounts.keep(db, user, "desktop", "Web app", options=options, secrets={}, now=now)
        return claimed

    with Store.open(settings.database, key_ring(settings)) as store:
        owned, left, busy = await store.run(move_in)
        pool = WorkerPool(settings, store, stack=paper)
        service = Service(settings, store, pool)
        with busy.occupied():  # by a program that outlived the house before
            await service.start()
        await pool.close()
    assert owned.home.exists()
    assert busy.home.exists()
    assert not left.path.exists()


async def test_programs_of_who_is_forgotten_may_end_first(tmp_path: Path) -> None:
    settings = Settings(_env_file=None, data_dir=tmp_path)
    lay_out(settings.database)

    def move_in(db: Session) -> tuple[UUID, Folder, Folder]:
        now = datetime.now(UTC)
        user = users.add(db, 1, "ada", language="en", time_zone="UTC", now=now).id
        folder = Folders(tmp_path, user=str(user)).claim()
        options = {files.DESKTOP: str(folder.number)}
        accounts.keep(db, user, "desktop", "Web app", options=options, secrets={}, now=now)
        return user, folder, Folders(tmp_path, user="somebody else").claim()

    with Store.open(settings.database, key_ring(settings)) as store:
        user, folder, neighbour = await store.run(move_in)
        pool = WorkerPool(settings, store, stack=paper)
        with folder.occupied():
            forgetting = asyncio.create_task(pool.forget_programs(user))
            assert not (await asyncio.wait([forgetting], timeout=1.0))[0]
            assert folder.home.exists()
        await forgetting
        await pool.close()
    assert not folder.path.exists()
    assert neighbour.home.exists()


class ShortPool(WorkerPool):
    """Its workers tell two things, and it is over."""

    user = UUID(int=0)

    async def events(self) -> AsyncIterator[Event]:
        yield SoundSlipped(user=self.user, network="web", underruns=1, overruns=0)
        yield CallsLost(user=self.user, calls=1)


async def test_what_is_only_counted_is_not_told(tmp_path: Path) -> None:
    settings = Settings(_env_file=None, data_dir=tmp_path)
    lay_out(settings.database)

    def move_in(db: Session) -> UUID:
        now = datetime.now(UTC)
        return users.add(db, 1, "ada", language="en", time_zone="UTC", now=now).id

    with Store.open(settings.database, key_ring(settings)) as store:
        pool = ShortPool(settings, store, stack=paper)
        pool.user = await store.run(move_in)
        service = Service(settings, store, pool)
        assert await service.relay.attend("bot") == 0
        carrying = asyncio.create_task(service.relay.carry())
        await service.distribute()
        await service.relay.emptied()
        carrying.cancel()
        kept = await store.run(outbox.after, "bot")
    assert [row.body["kind"] for row in kept] == ["calls_lost"]
    assert b'sound_slips_total{kind="underrun",network="web"} 1.0' in service.metrics.text({})
