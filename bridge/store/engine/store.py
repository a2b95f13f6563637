"""The house's memory: one transaction for each piece of work, in a thread so that no call waits."""

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, Self, TypeVar

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from bridge.errors import NetworkDown, SetupFault
from bridge.store.engine import database
from bridge.store.engine.seal import KeyRing

P = ParamSpec("P")
R = TypeVar("R")


class Store:
    """The house's memory. Open it after a fork, never before."""

    def __init__(self, engine: Engine, keys: KeyRing | None) -> None:
        self.engine = engine
        self.keys = keys

    @classmethod
    def open(cls, url: str, keys: KeyRing | None = None) -> Self:
        """A store whose tables are there already (bridge.store.migrate makes them).

        Without `keys` secrets can be neither sealed nor opened. SetupFault("database_unreachable"
        | "database_not_migrated") with a remedy.
        """
        store = cls(database.engine_for(url), keys)
        try:
            with database.for_reading(store.engine).connect() as connection:
                found = database.revision(connection)
        except DBAPIError:
            store.close()
            raise database.unreachable(url) from None
        if found != database.HEAD:
            store.close()
            raise SetupFault(
                "database_not_migrated",
                found=found or "none",
                wanted=database.HEAD,
                remedy="Start the service once with `python -m bridge run`, which brings the "
                "database up to date; if the database is newer than the program, update that.",
            )
        return store

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def begin(self) -> Iterator[Session]:
        """One transaction: committed at the end of the block, undone by an exception."""
        with self._session(self.engine) as db:
            yield db

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """One transaction that sees one state, waits for no writer and may not write."""
        with self._session(database.for_reading(self.engine)) as db:
            yield db

    async def run(
        self, work: Callable[Concatenate[Session, P], R], *args: P.args, **options: P.kwargs
    ) -> R:
        """`work(db, *args)` as one transaction in a thread. Rows it returns stay readable.

        NetworkDown("store_unreachable") when the database does not answer in time. A cancelled
        caller does not stop the transaction: it may still be committed.
        """
        return await asyncio.to_thread(self._work, self.begin, work, *args, **options)

    async def read(
        self, work: Callable[Concatenate[Session, P], R], *args: P.args, **options: P.kwargs
    ) -> R:
        """Like `run`, for work that changes nothing."""
        return await asyncio.to_thread(self._work, self.reading, work, *args, **options)

    @property
    def file(self) -> Path | None:
        """The SQLite database; None for one that a server keeps."""
        url = self.engine.url
        sqlite = url.get_backend_name() == "sqlite" and url.database
        return Path(url.database) if sqlite and url.database else None

    def checkpoint(self) -> None:
        """SQLite: bring the log into the database and empty it. Deleted content leaves the disk."""
        if self.file is not None:
            with closing(sqlite3.connect(self.file, timeout=database.PATIENCE)) as connection:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        self.engine.dispose()

    def _work(self, transaction: Any, work: Any, /, *args: Any, **options: Any) -> Any:
        with transaction() as db:
            return work(db, *args, **options)

    @contextmanager
    def _session(self, engine: Engine) -> Iterator[Session]:
        try:
            with (
                Session(engine, expire_on_commit=False, info={"keys": self.keys}) as db,
                db.begin(),
            ):
                yield db
        except PoolTimeout as why:
            raise NetworkDown("store_unreachable") from why
        except OperationalError as why:
            if not _passes(why):
                raise
            raise NetworkDown("store_unreachable") from why


def _passes(why: OperationalError) -> bool:
    """Whether it is worth another try: locked or gone, not out of disk or out of order."""
    if isinstance(why.orig, sqlite3.OperationalError):
        return why.orig.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
    return True
