"""Every test of the store runs twice: on SQLite and on PostgreSQL."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import event, text

from bridge.store import KeyRing, Store
from bridge.store.engine.seal import MasterKey
from bridge.store.migrate import migrate
from bridge.store.people import users
from bridge.store.tables import metadata
from tests.peers.fixtures import postgres, postgres_database

__all__ = ["postgres", "postgres_database"]

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)

BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.real)]

_chats = count(7001)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "house.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_migrated(postgres) -> str:
    url = postgres.database("store")
    migrate(url)
    return url


@pytest.fixture(params=BOTH)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database with all tables and nothing in them."""
    if request.param == "sqlite":
        template = request.getfixturevalue("sqlite_template")
        shutil.copy(template, tmp_path / "house.db")
        return f"sqlite:///{tmp_path / 'house.db'}"
    url = request.getfixturevalue("postgres_migrated")
    emptied = Store.open(url)
    with emptied.begin() as db:
        tables = ", ".join(f'"{table}"' for table in metadata.tables)
        db.execute(text(f"TRUNCATE {tables} RESTART IDENTITY"))
    emptied.close()
    return url


@pytest.fixture(params=BOTH)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database without tables."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'house.db'}"
    return request.getfixturevalue("postgres_database")


@pytest.fixture
def keys() -> KeyRing:
    return KeyRing([MasterKey.fresh()])


@pytest.fixture
def store(url: str, keys: KeyRing) -> Iterator[Store]:
    opened = Store.open(url, keys)
    yield opened
    opened.close()


@pytest.fixture
def ada(store: Store) -> UUID:
    return person(store, "Ada")


@pytest.fixture
def bob(store: Store) -> UUID:
    return person(store, "Bob")


def person(store: Store, name: str, time_zone: str = "Europe/Berlin") -> UUID:
    with store.begin() as db:
        return users.add(db, next(_chats), name, language="en", time_zone=time_zone, now=NOW).id


@contextmanager
def counted(store: Store) -> Iterator[list[str]]:
    """The statements that go to the database; of many rows at once it is one for a thousand."""
    said: list[str] = []

    def note(_: object, __: object, statement: str, *___: object) -> None:
        said.append(statement)

    event.listen(store.engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(store.engine, "before_cursor_execute", note)
