"""Room for episodes: what nobody listens to any more goes, never what somebody is listening to."""

import logging
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from bridge import files
from bridge.store.listening import downloads
from bridge.store.listening.feeds import Episode

log = logging.getLogger(__name__)

LISTENS = timedelta(minutes=15)
"""Somebody who listened so short a while ago may still be on the phone."""
FRESH = timedelta(days=1)
"""What came so short a while ago stays: its phone may not have rung yet, and it would be wanted
again at once."""
OLDEST = timedelta(days=30)
"""What nobody used for so long goes, even if there is room."""
_ABANDONED = timedelta(days=2)
_USUAL = 50_000_000


def make(
    db: Session, data_dir: Path, episode: Episode, budget: int, now: datetime, size: int = 0
) -> bool:
    """Whether there is room for `episode` (or its real `size`) within `budget` bytes, after the
    least recently used have gone. For one that somebody waits for, fresh ones go, too.
    """
    need = size or episode.size or _USUAL
    kept = [row for row in downloads.by_use(db) if row.id != episode.id]
    free = budget - sum(row.size or _USUAL for row in kept)
    for row in kept:
        if free >= need:
            break
        if _may_go(row, now, urgent=episode.wanted is not None):
            _remove(db, data_dir, row)
            free += row.size or _USUAL
    return free >= need


def sweep(db: Session, data_dir: Path, now: datetime) -> None:
    """What is too old, what its episode has outlived, and what was begun and abandoned."""
    for row in downloads.by_use(db):
        if now - _last(row) > OLDEST:
            _remove(db, data_dir, row)
    downloads.remove_orphans(db, data_dir)
    complete = {row.id for row in downloads.by_use(db)}
    for path, episode in files.episodes(data_dir).items():
        if episode not in complete and _age(path, now) > _ABANDONED:
            path.unlink(missing_ok=True)


def _may_go(row: Episode, now: datetime, urgent: bool) -> bool:
    if row.used is not None:
        return now - row.used > LISTENS
    return urgent or now - _last(row) > FRESH


def _last(row: Episode) -> datetime:
    last = max(filter(None, (row.used, row.stored)), default=None)
    assert last is not None  # it is stored
    return last


def _remove(db: Session, data_dir: Path, row: Episode) -> None:
    downloads.unstored(db, row.id)
    files.episode(data_dir, row.id).unlink(missing_ok=True)
    log.info("episode %s made room", row.id)


def _age(path: Path, now: datetime) -> timedelta:
    with suppress(OSError):
        return timedelta(seconds=now.timestamp() - path.stat().st_mtime)
    return timedelta(0)
