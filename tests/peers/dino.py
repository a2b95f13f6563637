"""Dino, an XMPP client with a window: its profile, as it is when somebody has signed in."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

_DATABASE = ".local/share/dino/dino.db"
_ACCOUNT = """
CREATE TABLE account (
    id INTEGER PRIMARY KEY AUTOINCREMENT, bare_jid TEXT NOT NULL UNIQUE, resourcepart TEXT,
    password TEXT, alias TEXT, enabled INTEGER, roster_version TEXT, mam_earliest_synced INTEGER
)
"""
"""As Dino 0.4.2 makes it; the other tables it adds by itself."""


CALLS, SOUND_WITHIN = 5, 25.0
"""One of so many calls between two of them must have sound in its first so many seconds. When the
last packet of its handshake is lost, Dino waits for another in vain and the call stays mute: "DTLS
handshake timeouted" after 20 s in its log, about one call in eight on a busy machine.
"""


def signed_in(home: Path, address: str, password: str) -> None:
    """A profile for one account, for whoever owns `home`."""
    database = home / _DATABASE
    database.parent.mkdir(parents=True)
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute(_ACCOUNT)
        connection.execute(
            "INSERT INTO account (bare_jid, resourcepart, password, alias, enabled)"
            " VALUES (?, 'desk', ?, '', 1)",
            (address, password),
        )
    owner = home.stat()
    for path in home.rglob("*"):
        os.chown(path, owner.st_uid, owner.st_gid)


def contacts(home: Path) -> list[str]:
    """The addresses that it has learnt from its server, and keeps."""
    database = f"file:{home / _DATABASE}?mode=ro"
    with closing(sqlite3.connect(database, uri=True)) as connection:
        return [row[0] for row in connection.execute("SELECT jid FROM roster")]
