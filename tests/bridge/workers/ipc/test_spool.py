"""What could not be told is told to the next house: once, and whatever a broken worker writes."""

import json
import os
import stat
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy.exc import OperationalError

from bridge import files
from bridge.api.events import Event, PinLocked, VoicemailLeft
from bridge.calls.ports.subscriber import SubscriberRecord
from bridge.errors import NetworkDown
from bridge.settings import Settings
from bridge.store import Store
from bridge.store.calls import calls, voicemails
from bridge.terms import Party
from bridge.workers.asked.kept import KeepsAsking
from bridge.workers.ipc.asking import Asking
from bridge.workers.ipc.remote import Answer, remote
from bridge.workers.ipc.spool import EVENT, MOST_LINES, Spool
from bridge.workers.stored.service import StoreServices
from bridge.workers.stored.spooled import take_in
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

__all__ = ["ada", "bob", "keys", "postgres", "postgres_migrated", "sqlite_template", "store", "url"]


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
    [told] = left.told
    assert isinstance(told, VoicemailLeft) and told.voicemail.caller_name == "Grace"
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


async def test_a_line_that_was_cut_short_spoils_no_other(
    left: Left, store: Store, ada: UUID
) -> None:
    left.spool.path.write_bytes(b'["SubscriberRecord.write", {"cd')
    cdr = things.call()
    left.spool.leave("SubscriberRecord.write", {"cdr": cdr.model_dump(mode="json")})
    await left.taken_in()
    assert [row.id for row in await store.read(calls.of_user, ada)] == [cdr.id]


@pytest.mark.parametrize("line", [b"\n", b"x\n"])
async def test_lines_without_end_are_not_read_to_their_end(
    left: Left, line: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    left.spool.path.write_bytes(line * (1 << 20))
    assert len(list(left.spool.lines())) <= 2 * MOST_LINES
    await left.taken_in()
    assert not left.spool.path.exists()
    assert len(caplog.records) <= 1


async def test_a_fault_of_the_house_costs_one_line(left: Left, ada: UUID) -> None:
    told: list[str] = []

    async def fails(body: dict[str, Any]) -> None:
        told.append("close_leg")
        raise ZeroDivisionError

    async def hears(body: dict[str, Any]) -> None:
        told.append("write")

    left.spool.leave("SubscriberRecord.close_leg", {})
    left.spool.leave("SubscriberRecord.write", {})
    answers = {"SubscriberRecord.close_leg": fails, "SubscriberRecord.write": hears}
    await take_in(left.spool, ada, answers, left.told.append)
    assert told == ["close_leg", "write"]
    assert not left.spool.path.exists()


FULL = OperationalError("INSERT", {}, Exception("database or disk is full"))


@pytest.mark.parametrize("why", [NetworkDown("store_unreachable"), FULL])
async def test_while_the_store_is_away_everything_stays(
    left: Left, ada: UUID, why: Exception
) -> None:
    async def fails(body: dict[str, Any]) -> None:
        raise why

    event = PinLocked(user=ada, caller="one", until=NOW).model_dump(mode="json")
    left.spool.leave(EVENT, event)
    left.spool.leave("SubscriberRecord.write", {})
    before = left.spool.path.read_bytes()
    with pytest.raises(NetworkDown, match="store_unreachable"):
        answers = {"SubscriberRecord.write": fails}
        await take_in(left.spool, ada, answers, left.told.append)
    assert left.spool.path.read_bytes() == before
    assert left.told == []  # or it would be told again with the rest


class Forgetful(StoreServices):
    """Its store is away for the first two questions."""

    def of(self, user: UUID, owner: str) -> dict[str, Answer]:
        answers, away = super().of(user, owner), [NetworkDown("store_unreachable")] * 2

        async def write(body: dict[str, Any]) -> Any:
            if away:
                raise away.pop()
            return await answers["SubscriberRecord.write"](body)

        return {**answers, "SubscriberRecord.write": write}


async def test_it_is_told_until_the_store_has_it(store: Store, ada: UUID, tmp_path: Path) -> None:
    spool, cdr = Spool(files.folder(tmp_path, ada)), things.call()
    spool.leave("SubscriberRecord.write", {"cdr": cdr.model_dump(mode="json")})
    services = Forgetful(store, Settings(_env_file=None, data_dir=tmp_path), lambda _: None)
    await services.take_in(ada, lambda _: None)
    assert [row.id for row in await store.read(calls.of_user, ada)] == [cdr.id]
    assert not spool.path.exists()
