"""How to reach a database, and the rules for every connection to it."""

import os
from typing import Any

from sqlalchemy import Engine, create_engine, event, inspect, text
from sqlalchemy.engine import URL, Connection, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from bridge.errors import SetupFault

HEAD = "0005"
"""The chapter of bridge.store.migrations that the tables must be at."""
PATIENCE = 10
"""Seconds a transaction waits for another one's lock."""

_PRAGMAS = (
    "journal_mode = WAL",  # readers do not wait for the writer
    "synchronous = NORMAL",  # safe with WAL; a power cut may cost the last transactions
    "secure_delete = ON",  # what is forgotten is overwritten, not only unlinked
    "cache_size = -512",  # KiB
)


def engine_for(url: str, *, foreign_keys: bool = True) -> Engine:
    """An engine with the house's rules: for SQLite every transaction that may write begins as the
    only writer, so that what it has read stays true until it is committed.
    """
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite":
            return _sqlite(parsed, foreign_keys)
        # parameters are people's names and numbers: not in an error's text
        return create_engine(
            parsed,
            hide_parameters=True,
            pool_pre_ping=True,
            pool_size=1,
            max_overflow=5,
            connect_args={
                "connect_timeout": 5,
                # compiling a question costs more than any answer of ours
                "options": f"-c lock_timeout={PATIENCE * 1000:.0f} -c timezone=UTC -c jit=off",
            },
        )
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError):
        raise unreachable(url) from None


def for_reading(engine: Engine) -> Engine:
    if engine.dialect.name == "sqlite":
        return engine.execution_options(reading=True)
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def sqlite_path(url: str) -> str | None:
    """The database file, for SQLite."""
    parsed = make_url(url)
    return parsed.database if parsed.get_backend_name() == "sqlite" else None


def revision(connection: Connection) -> str | None:
    """Which migration the tables are at; None when there are none."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found


def unreachable(url: str) -> SetupFault:
    try:
        shown = make_url(url).render_as_string(hide_password=True)
    except ArgumentError:
        shown = "DATABASE_URL"
    return SetupFault(
        "database_unreachable",
        database=shown,
        remedy="Check DATABASE_URL in .env, that the database is running, and that the service's "
        "user may write there.",
    )


def _sqlite(url: URL, foreign_keys: bool) -> Engine:
    if not url.database or url.database == ":memory:":
        raise unreachable(str(url))  # each connection would have a database of its own
    engine = create_engine(
        url, hide_parameters=True, pool_size=1, max_overflow=5, connect_args={"timeout": PATIENCE}
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves; see below
        for pragma in (*_PRAGMAS, f"foreign_keys = {int(foreign_keys)}"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        reading = bool(connection.get_execution_options().get("reading"))
        connection.exec_driver_sql(f"PRAGMA query_only = {int(reading)}")
        # a deferred transaction that reads first and then writes fails when somebody wrote between
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")

    _close_to_others(url.database)
    return engine


def _close_to_others(path: str) -> None:
    """A new database file is for its owner only (WAL and shared memory take after it)."""
    try:
        os.makedirs(os.path.dirname(path) or ".", mode=0o700, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError:
        raise unreachable(f"sqlite:///{path}") from None
