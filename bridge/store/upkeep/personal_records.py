"""Everything about one person: to be handed out, or to be forgotten.

Both follow the foreign keys, not a list: a table added tomorrow is included.
"""

import base64
import enum
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Table, delete, or_, select
from sqlalchemy.orm import Session

from bridge import files
from bridge.store.engine.store import Store
from bridge.store.listening import downloads, subscriptions
from bridge.store.listening.feeds import Feed
from bridge.store.listening.subscriptions import Subscription
from bridge.store.people import accounts, users
from bridge.store.tables import metadata
from bridge.store.upkeep import backup


def export(db: Session, user: UUID) -> dict[str, Any]:
    """Table -> rows, ready for JSON: sounds in base64, secrets left out."""
    users.get(db, user)
    exported: dict[str, Any] = {}
    for table, owners in _personal_tables():
        shown = [column for column in table.columns if not column.info.get("secret")]
        rows = db.execute(
            select(*shown).where(or_(*(owner == user for owner in owners))).order_by(*shown[:1])
        )
        exported[table.name] = [
            {name: _plain(value) for name, value in row._mapping.items()} for row in rows
        ]
    exported["feeds"] = _podcasts(db, user)
    return exported


def forget(db: Session, user: UUID) -> None:
    """All rows of the user, and the podcasts that nobody else hears. His accounts must be signed
    out and his calls be over before.
    """
    users.locked(db, user)
    db.execute(delete(users.User).where(users.User.id == user))
    subscriptions.forsake(db)
    db.expire_all()


def forget_wholly(store: Store, data_dir: Path, user: UUID) -> None:
    """Rows, files, and what copies of the database hold. Interrupted, it can be done again."""
    with store.reading() as db:
        chat, programs = users.get(db, user).chat, accounts.desktops(db, user)
    files.remove(data_dir, user, chat, programs)
    if store.file is not None:
        backup.forget(store.file, user)
    with store.begin() as db:
        forget(db, user)
    with store.reading() as db:
        downloads.remove_orphans(db, data_dir)
    store.checkpoint()  # the log still holds pages from before


def _podcasts(db: Session, user: UUID) -> list[dict[str, Any]]:
    """Their feeds belong to nobody, but which they are is the user's."""
    heard = select(Feed.id, Feed.address, Feed.title).join(Subscription)
    own = heard.where(Subscription.user_id == user).order_by(Feed.address)
    return [{"id": str(id), "address": at, "title": title} for id, at, title in db.execute(own)]


def _personal_tables() -> Iterator[tuple[Table, list[Column[Any]]]]:
    for table in metadata.sorted_tables:
        if table is users.User.__table__:
            yield table, [table.c.id]
            continue
        owners = [
            column
            for column in table.columns
            if any(key.column.table is users.User.__table__ for key in column.foreign_keys)
        ]
        if owners:
            yield table, owners


def _plain(value: object) -> object:
    match value:
        case bytes():
            return base64.b64encode(value).decode("ascii")
        case enum.Enum():
            return value.value
        case datetime() | date() | time():
            return value.isoformat()
        case UUID():
            return str(value)
        case frozenset() | set():
            return sorted(value)
        case _:
            return value
