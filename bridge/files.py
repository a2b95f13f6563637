"""What of the house is files: one folder a user; and how to be alone with one."""

import fcntl
import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import UUID

DESKTOP = "desktop"
"""The option of an account that holds the number of the folder of its client program."""


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


def desktops(data_dir: Path) -> Path:
    """Where the folders of client programs are, named by numbers."""
    return data_dir / "desktops"


def remove(data_dir: Path, user: UUID, chat: int, programs: Iterable[int] = ()) -> None:
    """The user's folder, those of his `programs`, and every other file or folder that has the
    user's id in its name, or is called like the chat. Nobody looks into what programs left.
    """
    for number in programs:
        remove_wholly(desktops(data_dir) / str(number))
    others = [path for path in data_dir.glob("*") if path != desktops(data_dir)]
    named = {one for path in others for one in (path, *path.rglob("*"))}
    for path in sorted(one for one in named if str(user) in one.name or one.name == str(chat)):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)  # its folder may have gone before


def remove_wholly(path: Path) -> None:
    """What a stranger made: folders that may not be entered, links to elsewhere, and folders in
    each other deeper than Python can follow; rm knows them all. Twice is harmless.
    """
    if path.is_dir():
        subprocess.run(["chmod", "-R", "u+rwX", "--", path], check=False)
        subprocess.run(["rm", "-rf", "--one-file-system", "--", path], check=True)


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
