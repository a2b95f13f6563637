"""The tables' history leads to the tables, whatever is in them, and never halfway."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import (
    CHAR,
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    Engine,
    LargeBinary,
    MetaData,
    String,
    Table,
    Time,
    Uuid,
    bindparam,
    select,
    text,
)
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from bridge.api.preferences import Preferences
from bridge.errors import SetupFault
from bridge.store import KeyRing, Store
from bridge.store import migrate as migration
from bridge.store.contacts import contact_edits, contacts
from bridge.store.engine.database import HEAD, engine_for, revision
from bridge.store.engine.seal import MasterKey
from bridge.store.listening import next_times, podcasts, stations
from bridge.store.listening.stations import Programme
from bridge.store.listening.subscriptions import RingTime
from bridge.store.migrate import migrate
from bridge.store.people import accounts, phones, pins, users
from bridge.store.tables import metadata
from bridge.store.upkeep import backup, personal_records
from tests.bridge.store.conftest import NOW, person
from tests.bridge.store.crowd import at_once
from tests.bridge.store.publisher import item, publish, subscribe

ADA = UUID(int=7)

BEGINNING = f"""
import sqlalchemy as sa
from alembic import op

revision = "next"
down_revision = "{HEAD}"

def upgrade():
"""

CHANGED = f"""{BEGINNING}
    for nullable in (True, False):
        with op.batch_alter_table("users") as users:
            users.alter_column("name", existing_type=sa.String(200), nullable=nullable)
"""

BROKEN = f"""{BEGINNING}
    op.create_table("halfway", sa.Column("n", sa.Integer()))
    op.execute("DELETE FROM users")
    raise RuntimeError("the power went")
"""


def test_the_history_leads_to_the_models(empty_url: str) -> None:
    assert migrate(empty_url) is True
    assert migrate(empty_url) is False
    with Store.open(empty_url) as store, store.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        assert compare_metadata(context, metadata) == []
        assert revision(connection) == HEAD


def test_head_is_the_last_chapter() -> None:
    assert ScriptDirectory(str(migration.CHAPTERS)).get_heads() == [HEAD]


def test_people_of_the_first_chapter_get_podcasts_and_radio(empty_url: str) -> None:
    """An upgrade from 0001 with rows in it."""
    engine = engine_for(empty_url)
    with engine.begin() as connection:
        _upgrade_to(connection, "0001")
        connection.execute(
            text(
                "INSERT INTO users (id, chat, name, language, language_is_chosen, time_zone, "
                "is_owner, ring_mode, announce, has_greeting, created) VALUES (:id, 7, 'Ada', "
                "'en', :no, 'Europe/Berlin', :no, 'together', :no, :no, '2026-11-23 12:00:00')"
            ).bindparams(bindparam("id", type_=Uuid()), bindparam("no", type_=Boolean())),
            {"id": ADA, "no": False},
        )
    engine.dispose()
    assert migrate(empty_url) is True
    with Store.open(empty_url) as store:
        subscription, feed = subscribe(store, ADA)
        publish(store, feed, item(0))
        with store.begin() as db:
            assert users.get(db, ADA).name == "Ada"
            assert podcasts.summary(db, ADA, subscription, NOW).feed.title == "The Daily"
            assert stations.add(db, ADA, "Radio", "radio.example", NOW).user_id == ADA
            personal_records.forget(db, ADA)
            assert podcasts.of_user(db, ADA, NOW) == []


def test_a_house_full_of_things_gets_contacts(empty_url: str) -> None:
    """An upgrade from 0002 with a row in every table: none of them is changed."""
    engine = engine_for(empty_url)
    with engine.begin() as connection:
        _upgrade_to(connection, "0002")
    old = MetaData()
    old.reflect(engine)
    with engine.begin() as connection:
        for number, table in enumerate(old.sorted_tables):
            if table.name != "alembic_version":
                connection.execute(table.insert(), _row(table, number))
    before = _contents(engine, old)
    assert all(before.values())
    assert migrate(empty_url) is True
    after = _contents(engine, old)
    engine.dispose()
    before.pop("alembic_version"), after.pop("alembic_version")
    assert after == before
    with Store.open(empty_url, KeyRing([MasterKey.fresh()])) as store, store.begin() as db:
        [ada] = users.everyone(db)
        assert ada.preferences == Preferences(announce=False)
        assert not phones.of_user(db, ada.id)[0].pin_waived
        assert not accounts.of_user(db, ada.id)[0].is_phone_in
        grace = contact_edits.add(db, ada.id, "Grace", "xmpp", "grace@x").contact
        assert grace.speed_dial == 1
        pins.keep(db, ada.id, pins.hashed("8305"))
        personal_records.forget(db, ada.id)
        assert contacts.of_user(db, ada.id) == [] and pins.of_user(db, ada.id) is None


def test_what_was_preferred_arrives(empty_url: str) -> None:
    """An upgrade from 0003, of one who chose other than what is chosen for him."""
    engine = engine_for(empty_url)
    with engine.begin() as connection:
        _upgrade_to(connection, "0003")
    old = MetaData()
    old.reflect(engine)
    other = {
        "ring_mode": "in order",
        "announce": False,
        "forwarding": True,
        "keeps_quiet": False,
        "voice": False,
        "barge_in": True,
    }
    with engine.begin() as connection:
        users_table = old.tables["users"]
        connection.execute(users_table.insert(), {**_row(users_table, 7), **other})
    engine.dispose()
    assert migrate(empty_url) is True
    with Store.open(empty_url) as store, store.begin() as db:
        [ada] = users.everyone(db)
        assert ada.stored_preferences == other
        assert ada.preferences == Preferences.model_validate(other)
        assert users.prefer(db, ada.id, {"voice": True}).preferences.voice


def test_what_rang_goes_on_ringing(empty_url: str) -> None:
    """An upgrade from 0004: nobody knows yet when its programmes and ring times are due."""
    engine = engine_for(empty_url)
    with engine.begin() as connection:
        _upgrade_to(connection, "0004")
    old = MetaData()
    old.reflect(engine)
    with engine.begin() as connection:
        for number, table in enumerate(old.sorted_tables):
            if table.name != "alembic_version":
                connection.execute(table.insert(), _row(table, number))
        connection.execute(old.tables["subscriptions"].update().values(rings="at times"))
        connection.execute(old.tables["programmes"].update().values(enabled=True))
    before = _contents(engine, old)
    assert migrate(empty_url) is True
    after = _contents(engine, old)
    engine.dispose()
    before.pop("alembic_version"), after.pop("alembic_version")
    assert after == before
    with Store.open(empty_url) as store, store.begin() as db:
        assert next_times.earliest(db, NOW) == NOW
        open_ones = next_times.open_sources(db, NOW)
        assert {type(one) for one, _ in open_ones} == {Programme, RingTime}
        for one, zone in open_ones:
            assert one.due_zone == "" and next_times.keep(db, one, zone, NOW + timedelta(days=1))
        assert next_times.open_sources(db, NOW) == []


def _row(table: Table, number: int) -> dict[str, object]:
    """Something in every column, the same person in every table."""
    return {column.name: _value(column, number) for column in table.columns}


def _value(column: Column[Any], number: int) -> object:
    match column.type:
        case Boolean():
            return False
        case DateTime():
            return NOW.replace(tzinfo=None)
        case Date():
            return NOW.date()
        case Time():
            return NOW.time()
        case LargeBinary():
            return b"\x00\xff"
        case JSON():
            return {"key": "value"}
        case Uuid() | CHAR():
            return ADA if isinstance(column.type, Uuid) else ADA.hex
        case String():
            return _WORDS.get(column.name, f"{number}")
        case _:
            return number


_PREFERRED = ("ring_mode", "announce")
_WORDS = {"time_zone": "UTC", "ring_mode": "together", "health": "ready", "network": "xmpp"}


def _contents(engine: Engine, old: MetaData) -> dict[str, list[tuple[object, ...]]]:
    """Of the columns that there were; those of the preferences have moved, as is tested apart."""
    with engine.connect() as connection:
        return {
            table.name: [
                tuple(row)
                for row in connection.execute(
                    select(*(each for each in table.columns if each.name not in _PREFERRED))
                )
            ]
            for table in old.sorted_tables
        }


def _upgrade_to(connection: Connection, chapter: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(migration.CHAPTERS))
    config.attributes["connection"] = connection
    command.upgrade(config, chapter)


def test_there_may_be_one_owner_only(url: str, store: Store) -> None:
    """The comparison above does not look at an index's condition."""
    one, two = person(store, "One"), person(store, "Two")
    with store.begin() as db:
        users.get(db, one).is_owner = True
    with pytest.raises(Exception, match=r"(?i)unique"), store.begin() as db:
        users.get(db, two).is_owner = True


def _start(meet: Callable[[], object], url: str) -> bool:
    meet()
    return migrate(url)


def test_two_programs_at_once_migrate_once(empty_url: str) -> None:
    assert sorted(at_once(2, _start, empty_url)) == [False, True]


def write_chapter(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chapters = tmp_path / "chapters"
    shutil.copytree(migration.CHAPTERS, chapters)
    (chapters / "versions" / "next.py").write_text(text)
    monkeypatch.setattr(migration, "CHAPTERS", chapters)
    monkeypatch.setattr(migration, "HEAD", "next")


def restore(db: Session) -> None:
    """The PostgreSQL database is shared by the tests of one run."""
    db.execute(text(f"UPDATE alembic_version SET version_num = '{HEAD}'"))


def test_a_chapter_that_fails_changes_nothing(
    url: str, store: Store, ada: UUID, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_chapter(BROKEN, tmp_path, monkeypatch)
    with pytest.raises(RuntimeError, match="the power went"):
        migrate(url)
    with store.begin() as db:
        assert users.get(db, ada).name == "Ada"
        assert revision(db.connection()) == HEAD
        assert not db.connection().dialect.has_table(db.connection(), "halfway")
    if store.file is not None:
        [copy] = backup.copies(store.file)
        with closing(sqlite3.connect(copy)) as held:
            assert held.execute("SELECT name FROM users").fetchall() == [("Ada",)]


def test_a_table_made_anew_keeps_its_children(
    url: str, store: Store, ada: UUID, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite changes a table by dropping it; with foreign keys on, the drop would cascade."""
    with store.begin() as db:
        phones.add(db, ada, "Mobile", "+4930123456")
    write_chapter(CHANGED, tmp_path, monkeypatch)
    assert migrate(url) is True
    with store.begin() as db:
        assert [row.label for row in phones.of_user(db, ada)] == ["Mobile"]
        db.delete(users.get(db, ada))
    with store.begin() as db:  # and they are still tied to it
        assert db.scalars(select(phones.Phone)).all() == []
        restore(db)


def test_a_newer_database_is_left_alone(url: str, store: Store) -> None:
    with store.begin() as db:
        db.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    try:
        with pytest.raises(SetupFault, match="database_newer"):
            migrate(url)
        with pytest.raises(SetupFault, match="database_not_migrated") as why:
            Store.open(url)
        assert why.value.facts["found"] == "9999"
    finally:
        with store.begin() as db:
            restore(db)


@pytest.mark.parametrize(
    "broken",
    [
        "nonsense",
        "sqlite:///:memory:",
        "sqlite:////proc/nowhere/house.db",
        "mysql://house:hunter2@localhost/house",
        "postgresql+psycopg://house:hunter2@/house?host=/nonexistent",
    ],
)
def test_a_database_that_is_not_there_is_one_sentence(broken: str) -> None:
    for attempt in (migrate, Store.open):
        with pytest.raises(SetupFault, match="database_unreachable") as why:
            attempt(broken)
        assert "hunter2" not in str(why.value) and why.value.facts["remedy"]


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "house.db"
    path.write_bytes(b"this is a text about databases. " * 100)
    for attempt in (migrate, Store.open):
        with pytest.raises(SetupFault, match="database_unreachable"):
            attempt(f"sqlite:///{path}")


def test_three_copies_stay(sqlite_template: Path, tmp_path: Path) -> None:
    database = Path(shutil.copy(sqlite_template, tmp_path / "house.db"))
    taken = [backup.take(database, f"000{n}") for n in range(5)]
    assert backup.copies(database) == taken[2:]
    assert {path.name for path in tmp_path.glob("*.backup*")} == {path.name for path in taken[2:]}
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in taken[2:])


def test_a_new_database_is_for_us_only(tmp_path: Path) -> None:
    migrate(f"sqlite:///{tmp_path / 'var' / 'house.db'}")
    assert (tmp_path / "var").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "var" / "house.db").stat().st_mode & 0o777 == 0o600
