"""Copies of a SQLite database, taken beside it before its tables change."""

import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

KEPT = 3
_FORSAKEN = "DELETE FROM feeds WHERE id NOT IN (SELECT feed_id FROM subscriptions)"


def copies(database: Path) -> list[Path]:
    """The oldest first."""
    return sorted(database.parent.glob(f"{database.name}.*.backup"))


def take(database: Path, revision: str) -> Path:
    """A consistent copy, even while others write; of all copies the last three stay."""
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ")
    target = database.with_name(f"{database.name}.{stamp}.{revision}.backup")
    unfinished = target.with_suffix(".unfinished")
    os.close(os.open(unfinished, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600))
    with closing(sqlite3.connect(database)) as there, closing(sqlite3.connect(unfinished)) as here:
        there.backup(here)
        here.execute("PRAGMA journal_mode = DELETE")  # one file, nothing beside it
    os.rename(unfinished, target)
    for old in copies(database)[:-KEPT]:
        old.unlink(missing_ok=True)
    return target


def forget(database: Path, user: UUID) -> None:
    """Take a person out of all copies too: what is forgotten must not come back with one."""
    for copy in copies(database):
        with closing(sqlite3.connect(copy)) as held:
            held.execute("PRAGMA foreign_keys = ON")
            held.execute("PRAGMA secure_delete = ON")
            held.execute("DELETE FROM users WHERE id = ?", (user.hex,))
            if held.execute("SELECT 1 FROM sqlite_master WHERE name = 'feeds'").fetchone():
                held.execute(_FORSAKEN)
            held.commit()
