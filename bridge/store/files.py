"""What of the house is files: one folder a user; and how to be alone with one."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import UUID


def folder(data_dir: Path, user: UUID) -> Path:
    """The one place for whatever a worker keeps on disk about its user (0700); made when missing.
    Nothing in it is precious: it can be made again from the store.
    """
    path = data_dir / "users" / str(user)
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def episode(data_dir: Path, episode: UUID) -> Path:
    """Where a podcast's episode is, once for everybody who hears it; its folder is made. What is
    on the way has the same name with an ending.
    """
    path = data_dir / "episodes"
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path / str(episode)


def episodes(data_dir: Path) -> dict[Path, UUID]:
    """Every file of an episode, finished or not."""
    found = {}
    for path in (data_dir / "episodes").glob("*"):
        with suppress(ValueError):
            found[path] = UUID(path.name.partition(".")[0])
    return found


def remove(data_dir: Path, user: UUID, chat: int) -> None:
    """The user's folder, and every other file or folder that has the user's id in its name, or is
    called like the chat.
    """
    for path in sorted({*data_dir.rglob(f"*{user}*"), *data_dir.rglob(str(chat))}):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)  # its folder may have gone before


@contextmanager
def alone(directory: Path) -> Iterator[None]:
    """Nobody else on this machine is in here for the same directory."""
    held = os.open(directory, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
    finally:
        os.close(held)


def settle(directory: Path) -> None:
    """Make the new name survive a power cut."""
    held = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(held)
    finally:
        os.close(held)
