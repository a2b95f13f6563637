"""What could not be told is told to the next house: once, and whatever a broken worker writes."""

import asyncio
import json
import os
import stat
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from bridge import files
from bridge.api.events import Event, PinLocked
from bridge.calls.ports.subscriber import SubscriberRecord
from bridge.errors import NetworkDown
from bridge.settings import Settings
from bridge.store import Store
from bridge.store.calls import calls, voicemails
from bridge.terms import Party
from bridge.workers.asked.kept import KeepsAsking
from bridge.workers.ipc.asking import Asking
from bridge.workers.ipc.remote import remote
from bridge.workers.ipc.spool import EVENT, Spool
from bridge.workers.stored.service import StoreServices
from tests.bot import things
from tests.bridge.store.conftest import (
    NOW,
    ada,
    bob,
    keys,
    postgres,
    postgres_migrated,
    sqlite_template,
    store,
    url,
)
from tests.peers.programs import until

__all__ = ["ada", "bob", "keys", "postgres", "postgres_migrated", "sqlite_template", "store", "url"]


class House(Asking):
    """Its store is away for the first `away` questions."""

    def __init__(self, away: int = 0) -> None:
        super().__init__(0.0, "house_unreachable")
        self.away = away
        self.heard: list[str] = []

    async def ask(self, name: str, body: dict[str, Any]) -> Any:
        await asyncio.sleep(0)
        if self.away:
            self.away -= 1
            raise NetworkDown("store_unreachable")
        self.heard.append(name)


async def test_what_is_kept_is_told_again_though_nobody_waits(tmp_path: Path) -> None:
    house = House(away=2)
    keeps = KeepsAsking(house, Spool(tmp_path))
    waiting = asyncio.create_task(keeps.ask("SubscriberRecord.close_leg", {}))
    await asyncio.sleep(0)
    waiting.cancel()
    await until(lambda: house.heard, "it to be told")
    assert house.heard == ["SubscriberRecord.close_leg"]
    await keeps.close()
    assert not (tmp_path / "spool").exists()


async def test_what_is_not_kept_fails_at_once(tmp_path: Path) -> None:
    keeps = KeepsAsking(House(away=1), Spool(tmp_path))
    with pytest.raises(NetworkDown, match="store_unreachable"):
        await keeps.ask("SubscriberRecord.open_leg", {})
    assert not (tmp_path / "spool").exists()


class Left:
    """The folder of Ada's worker after its end, and the house that comes next."""

    def __init__(self, store: Store, data_dir: Path, ada: UUID) -> None:
        settings = Settings(_env_file=None, data_dir=data_dir)
        self.told: list[Event] = []
        self.spool = Spool(files.folder(data_dir, ada))
        self._services = StoreServices(store, settings, self.told.append)
        self._ada = ada

    async def by_worker(self) -> SubscriberRecord:
        gone = Asking(0.0, "house_unreachable")
        keeps = KeepsAsking(gone, self.spool)
        keeps.leave()
        return remote(SubscriberRecord, keeps.ask)

    async def taken_in(self) -> None:
        await self._services.take_in(self._ada, self.told.append)


@pytest.fixture
def left(store: Store, tmp_path: Path, ada: UUID) -> Left:
    return Left(store, tmp_path, ada)


async def test_a_message_and_its_call_are_there_once(left: Left, store: Store, ada: UUID) -> None:
    worker, cdr = await left.by_worker(), things.call()
    for asked in (
        worker.keep_voicemail(cdr.id, Party("+4930999", "Grace"), 6.5, b"OggS\x00\xff"),
        worker.write(cdr),
    ):
        with pytest.raises(NetworkDown, match="house_unreachable"):
            await asked
    assert stat.S_IMODE(left.spool.path.stat().st_mode) == 0o600
    kept = left.spool.path.read_bytes()
    await left.taken_in()
    assert not left.spool.path.exists()
    left.spool.path.write_bytes(kept)  # that house died, too, before it had removed it
    await left.taken_in()
    [message] = await store.read(voicemails.of_user, ada)
    assert (message.caller_name, message.seconds) == ("Grace", 6.5)
    assert await store.read(voicemails.sound, ada, message.id) == b"OggS\x00\xff"
    assert [row.id for row in await store.read(calls.of_user, ada)] == [cdr.id]


async def test_nonsense_is_passed_over(
    left: Left, store: Store, ada: UUID, bob: UUID, caplog: pytest.LogCaptureFixture
) -> None:
    of_bob = PinLocked(user=bob, caller="+49", until=NOW).model_dump(mode="json")
    cdr = things.call().model_dump(mode="json")
    lines = [
        b"no json\n",
        b'["SubscriberRecord.write"]\n',
        b"\xff\xfe\n",
        json.dumps([EVENT, of_bob]).encode() + b"\n",
        json.dumps([EVENT, {"kind": "nothing"}]).encode() + b"\n",
        json.dumps(["SubscriberRecord.check_pin", {"digits": "1234"}]).encode() + b"\n",
        json.dumps(["AccountBook.all", {}]).encode() + b"\n",
        json.dumps(["SubscriberRecord.write", {"cdr": cdr, "user": str(bob)}]).encode() + b"\n",
        json.dumps(["SubscriberRecord.write", {"cdr": cdr}]).encode() + b"\n",
        json.dumps(["SubscriberRecord.close_leg", {"ticket": str(uuid4())}]).encode() + b"\n",
    ]
    left.spool.path.write_bytes(b"".join(lines))
    await left.taken_in()
    assert left.told == [] and await store.read(calls.of_user, bob) == []
    assert [str(row.id) for row in await store.read(calls.of_user, ada)] == [cdr["id"]]
    assert "1234" not in caplog.text


async def test_events_are_told_in_their_order(left: Left, ada: UUID) -> None:
    for caller in ("one", "two", "three"):
        told = PinLocked(user=ada, caller=caller, until=NOW)
        left.spool.leave(EVENT, told.model_dump(mode="json"))
    await left.taken_in()
    assert [one.caller for one in left.told if isinstance(one, PinLocked)] == [
        "one",
        "two",
        "three",
    ]


@pytest.mark.parametrize("kind", ["link", "pipe", "folder", "too large"])
async def test_a_spool_that_is_none_is_left_alone(left: Left, tmp_path: Path, kind: str) -> None:
    secret = tmp_path / "secret"
    secret.write_text("[1]\n")
    match kind:
        case "link":
            left.spool.path.symlink_to(secret)
        case "pipe":
            os.mkfifo(left.spool.path)
        case "folder":
            left.spool.path.mkdir()
        case "too large":
            with left.spool.path.open("wb") as file:
                file.truncate(65 << 20)
    assert list(left.spool.lines()) == []
    await left.taken_in()
    assert secret.read_text() == "[1]\n"
    assert not left.spool.path.is_symlink() and not left.spool.path.exists()
