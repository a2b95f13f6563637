"""Transactions: whole or not at all, one writer, readers that do not wait."""

import asyncio
from datetime import UTC, datetime, timedelta, timezone
from threading import Event, Thread
from uuid import UUID

import pytest
from sqlalchemy import inspect, select, text
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import DetachedInstanceError

from bridge.errors import BadInput, NetworkDown
from bridge.store import Store
from bridge.store.calls import voicemails
from bridge.store.engine import database
from bridge.store.people import accounts, invites, phones, users
from bridge.store.preferences import block_list
from tests.bridge.store.conftest import NOW, person


async def test_work_runs_in_a_transaction_of_its_own(store: Store, ada: UUID) -> None:
    phone = await store.run(phones.add, ada, "Mobile", "+4930123456")
    changed = await store.run(phones.change, ada, phone.id, label="Desk", ring_seconds=30)
    assert (changed.label, changed.ring_seconds) == ("Desk", 30)
    assert [row.label for row in await store.read(phones.of_user, ada)] == ["Desk"]


async def test_rows_stay_readable_but_for_what_is_heavy(store: Store) -> None:
    owner = await store.run(users.claim, 1, "Olga", language="de", time_zone="UTC", now=NOW)
    user, sealed = owner.id, {"options": {}, "secrets": {}, "now": NOW}
    phone = await store.run(phones.add, user, "Mobile", "+4930123456")
    account = await store.run(accounts.keep, user, "sip", "sip:o@example.org", **sealed)
    invite, _ = await store.run(invites.make, user, NOW)
    message = {"caller_name": "", "caller_address": "", "seconds": 1.0, "ogg": b"", "now": NOW}
    rows = [
        owner,
        phone,
        account,
        invite,
        await store.run(voicemails.keep, user, None, **message),
        await store.run(block_list.block, user, "anonymous", "", NOW),
        await store.run(users.prefer, user, {"announce": False}),
        await store.run(phones.change, user, phone.id, position=0),
        await store.run(phones.verified, user, phone.id, NOW),
        await store.run(accounts.change, user, account.id, is_trunk=True, now=NOW),
        *await store.read(invites.of_user, user),
        *await store.read(voicemails.of_user, user),
    ]
    unread = {
        f"{type(row).__name__}.{attribute.key}"
        for row in rows
        for attribute in inspect(type(row)).attrs
        if not readable(row, attribute.key)
    }
    assert unread <= {"User.greeting", "Account.sealed", "Voicemail.ogg"}


def readable(row: object, name: str) -> bool:
    try:
        getattr(row, name)
    except DetachedInstanceError:
        return False
    return True


async def test_many_at_once_come_through(store: Store, ada: UUID) -> None:
    def count(db: Session) -> int:
        row = users.locked(db, ada)
        row.minutes_a_day = (row.minutes_a_day or 0) + 1
        return row.minutes_a_day

    counted = await asyncio.gather(*(store.run(count) for _ in range(40)))
    assert sorted(counted) == list(range(1, 41))


async def test_an_exception_undoes_everything(store: Store, ada: UUID) -> None:
    def half(db: Session) -> None:
        phones.add(db, ada, "Mobile", "+4930123456")
        raise BadInput("phone_exists")

    with pytest.raises(BadInput):
        await store.run(half)
    assert await store.read(phones.of_user, ada) == []


async def test_reading_may_not_write(store: Store, ada: UUID) -> None:
    def write(db: Session) -> None:
        db.execute(text("DELETE FROM users"))

    with pytest.raises(Exception, match=r"(?i)read.?only"):
        await store.read(write)
    assert (await store.run(users.get, ada)).name == "Ada"  # the same connection writes again


def test_a_reader_does_not_wait_for_a_writer(store: Store, ada: UUID) -> None:
    with store.begin() as writing:
        users.change(writing, ada, name="Changed")
        with store.reading() as db:
            assert users.get(db, ada).name == "Ada"
    with store.reading() as db:
        assert users.get(db, ada).name == "Changed"


def test_a_reader_sees_one_state(store: Store, ada: UUID) -> None:
    names = select(users.User.name)
    with store.reading() as db:
        assert db.scalars(names).all() == ["Ada"]
        with store.begin() as writing:
            users.change(writing, ada, name="Changed")
        assert db.scalars(names).all() == ["Ada"]


def test_what_was_read_stays_true_until_it_is_written(store: Store, ada: UUID) -> None:
    """Two that read the same before they write it: the second waits for the first."""
    inside, proceed = Event(), Event()

    def slow() -> None:
        with store.begin() as db:
            row = users.locked(db, ada)
            inside.set()
            assert proceed.wait(10)
            row.name += "+slow"

    thread = Thread(target=slow)
    thread.start()
    assert inside.wait(10)
    quick = Thread(target=lambda: _append(store, ada))
    quick.start()
    proceed.set()
    thread.join(10)
    quick.join(10)
    with store.reading() as db:
        assert users.get(db, ada).name == "Ada+slow+quick"


def _append(store: Store, user: UUID) -> None:
    with store.begin() as db:
        users.locked(db, user).name += "+quick"


@pytest.mark.real
def test_a_lost_connection_is_made_anew(postgres_migrated: str) -> None:
    others = "datname = current_database() AND pid <> pg_backend_pid()"
    kill = text(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}")
    with Store.open(postgres_migrated) as store, Store.open(postgres_migrated) as killer:
        with pytest.raises(NetworkDown, match="store_unreachable"), store.begin() as db:
            users.everyone(db)
            with killer.begin() as other:
                other.execute(kill)
            users.everyone(db)
        with store.begin() as db:
            assert users.by_chat(db, 0) is None


def test_who_waits_too_long_hears_so(
    url: str, store: Store, ada: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "PATIENCE", 0.05)
    with Store.open(url) as hasty, store.begin() as db:
        users.locked(db, ada)
        with pytest.raises(NetworkDown, match="store_unreachable"), hasty.begin() as late:
            users.locked(late, ada)


def test_instants_come_back_aware_and_in_utc(store: Store, ada: UUID) -> None:
    there = datetime(2026, 3, 29, 2, 30, 0, 123456, timezone(timedelta(hours=5, minutes=45)))
    with store.begin() as db:
        users.get(db, ada).created = there
    with store.begin() as db:
        kept = users.get(db, ada).created
        assert kept == there and kept.tzinfo is UTC and kept.microsecond == 123456
        found = select(users.User.id).where(users.User.created <= there)
        assert db.scalars(found).all() == [ada]
        earlier = select(users.User.id).where(users.User.created < there)
        assert db.scalars(earlier).all() == []


def test_an_instant_without_zone_is_refused(store: Store, ada: UUID) -> None:
    with pytest.raises(Exception, match="needs a time zone"), store.begin() as db:
        users.get(db, ada).created = NOW.replace(tzinfo=None)


def test_an_error_does_not_quote_what_was_kept(store: Store, ada: UUID) -> None:
    def twice(db: Session) -> None:
        chat = users.get(db, ada).chat
        row = users.User(chat=chat, name="Secretive", time_zone="UTC", created=NOW)
        db.add(row)
        db.flush()

    with pytest.raises(Exception) as why, store.begin() as db:
        twice(db)
    assert "Secretive" not in str(why.value)


def test_a_store_that_is_closed_lets_go_of_everything(url: str, tmp_path) -> None:
    with Store.open(url) as store:
        person(store, "Ada")
    assert not list(tmp_path.glob("*-wal")) and not list(tmp_path.glob("*-shm"))
