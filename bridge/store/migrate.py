"""Bring a database's tables up to date: by one program at a time, wholly or not at all."""

from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from sqlalchemy import Engine, text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

from bridge.errors import SetupFault
from bridge.files import alone
from bridge.store.engine.database import (
    HEAD,
    engine_for,
    for_reading,
    revision,
    sqlite_path,
    unreachable,
)
from bridge.store.engine.locks import Lock, take
from bridge.store.upkeep import backup

CHAPTERS = Path(__file__).with_name("migrations")


def migrate(url: str) -> bool:
    """Upgrade to HEAD; whether anything had to be done. A SQLite file is copied before.

    SetupFault("database_unreachable" | "database_newer") with a remedy.
    """
    # a table that is made anew is dropped in between: with foreign keys its children would go too
    engine = engine_for(url, foreign_keys=False)
    try:
        # a new SQLite file can be switched to its log by one connection only: alone from the start
        with _alone(url):
            if _revision(engine, url) == HEAD:
                return False
            with engine.begin() as connection:
                return _upgrade(connection, url)
    finally:
        engine.dispose()


def at_revision(url: str) -> str | None:
    """Which migration the tables are at; SetupFault("database_unreachable")."""
    engine = engine_for(url)
    try:
        return _revision(engine, url)
    finally:
        engine.dispose()


def _revision(engine: Engine, url: str) -> str | None:
    # asked before locking anything: the house starts more often than its tables change
    try:
        with for_reading(engine).connect() as connection:
            return revision(connection)
    except DBAPIError:
        raise unreachable(url) from None


def _alone(url: str) -> AbstractContextManager[None]:
    path = sqlite_path(url)
    return alone(Path(path).absolute().parent) if path else nullcontext()


def _upgrade(connection: Connection, url: str) -> bool:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL lock_timeout = 0"))  # as long as the other one needs
    take(connection, Lock.MIGRATION)
    found = revision(connection)
    if found == HEAD:
        return False
    path = sqlite_path(url)
    if path and found is not None:
        backup.take(Path(path), found)
    _run_alembic(connection)
    if path and connection.execute(text("PRAGMA foreign_key_check")).first():
        raise RuntimeError(f"the migration to {HEAD} would lose a reference; nothing was changed")
    return True


def _run_alembic(connection: Connection) -> None:
    # it costs 6 MB and a tenth of a second: only when it is needed
    from alembic import command
    from alembic.config import Config
    from alembic.util.exc import CommandError

    config = Config()
    config.set_main_option("script_location", str(CHAPTERS).replace("%", "%%"))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as why:
        raise SetupFault(
            "database_newer",
            wanted=HEAD,
            remedy="This database was made by a newer version of the program. Update the program, "
            "or put back the copy of the database that was made before the update.",
        ) from why
