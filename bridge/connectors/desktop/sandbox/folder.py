"""Where a session keeps what must last: one folder for each account, and its uid is its name.

    <data_dir>/desktops/<uid>/   mode 0700
        user      whose it is; the session does not see it, and may not write it
        home/     the profile of the program, kept
        run/      sockets, emptied at each start

Making a folder is claiming its number; whoever comes second takes the next one. As root the number
is the uid as which everything of the session runs. Without root it is a number only: the walls
between the sessions are then the namespaces alone.
"""

import os
from collections.abc import Container, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from fcntl import LOCK_EX, LOCK_NB, flock
from functools import cached_property
from pathlib import Path

from bridge import files
from bridge.errors import NetworkDown, SetupFault

UIDS = range(70000, 71000)
"""Nobody else's: Debian gives users less than 60000 and keeps up to 65535 for itself (Policy
9.2.2), systemd has 61184 to 65519 for DynamicUser, and ids for containers begin at 100000.
"""
MOST_OF_A_USER = 20
"""Folders: more than anybody has accounts of programs."""


@dataclass(frozen=True)
class Folder:
    """One session's; `number` is its uid where there are uids."""

    path: Path
    number: int

    @cached_property
    def home(self) -> Path:
        return self.path / "home"

    @cached_property
    def run(self) -> Path:
        return self.path / "run"

    @property
    def owner(self) -> tuple[int, int]:
        """Uid and gid of everything in the session."""
        if os.geteuid() == 0:
            return self.number, self.number
        return os.getuid(), os.getgid()

    def give_to(self, user: str) -> bool:
        """Whether it was nobody's."""
        try:
            with (self.path / "user").open("x") as mark:
                mark.write(user)
        except FileExistsError:
            return False
        return True

    def is_of(self, user: str) -> bool:
        with suppress(OSError):
            return (self.path / "user").read_text() == user
        return False

    @contextmanager
    def occupied(self) -> Iterator[None]:
        """Nobody else may use it meanwhile, in this process or another: two programs in one
        profile spoil it. NetworkDown("desktop_occupied") if somebody does.
        """
        place = os.open(self.path, os.O_RDONLY | os.O_DIRECTORY)
        try:
            flock(place, LOCK_EX | LOCK_NB)
            yield
        except BlockingIOError:
            raise NetworkDown("desktop_occupied", folder=str(self.number)) from None
        finally:
            os.close(place)

    def empty_run(self) -> None:
        """A socket that a dead program left would be taken for a living one. What else it left may
        take a while.
        """
        files.remove_wholly(self.run)
        _make(self.run, self.number)


class Folders:
    """Those of a house, or only those of a `user`."""

    def __init__(self, data_dir: Path, uids: range = UIDS, user: str = "") -> None:
        self._root = files.desktops(data_dir.absolute())
        self._uids = uids
        self._user = user

    def adopt(self, numbers: Iterable[int]) -> None:
        """For the user, where they are still nobody's: made before folders knew whose they are."""
        for number in numbers:
            if (folder := Folders(self._root.parent, self._uids).find(number)) is not None:
                folder.give_to(self._user)

    def claim(self) -> Folder:
        """A new one, empty; SetupFault("desktops_full") when there are no numbers left, or the user
        has too many.
        """
        if self._user and len(self._all()) >= MOST_OF_A_USER:
            raise _full(MOST_OF_A_USER)
        self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
        for number in self._uids:
            folder = Folder(self._root / str(number), number)
            try:
                folder.path.mkdir(mode=0o700)
            except FileExistsError:
                continue
            if self._user and not folder.give_to(self._user):
                continue
            _make(folder.home, number)
            _make(folder.run, number)
            return folder
        raise _full(len(self._uids))

    def find(self, number: int) -> Folder | None:
        """The one with this number, if it was claimed."""
        folder = Folder(self._root / str(number), number)
        is_there = number in self._uids and folder.path.is_dir()
        return folder if is_there and self._may_use(folder) else None

    def place(self, folder: Folder) -> int:
        """Of its number among all, from 1: what people can be told."""
        return self._uids.index(folder.number) + 1

    def unowned(self, owned: Container[int]) -> list[Folder]:
        """Those whose number is none of `owned`. One that was claimed for a sign-in under way is
        among them: whoever sweeps must know of it.
        """
        return [folder for folder in self._all() if folder.number not in owned]

    def remove(self, folder: Folder) -> None:
        """With all that is in it; twice is harmless. Raises NetworkDown("desktop_occupied") while
        its session runs.
        """
        if folder.path.is_dir():
            with folder.occupied():
                files.remove_wholly(folder.path)

    def _all(self) -> list[Folder]:
        if not self._root.is_dir():
            return []
        numbers = sorted(int(path.name) for path in self._root.iterdir() if path.name.isdigit())
        return [folder for number in numbers if (folder := self.find(number)) is not None]

    def _may_use(self, folder: Folder) -> bool:
        return not self._user or folder.is_of(self._user)


def _full(most: int) -> SetupFault:
    return SetupFault(
        "desktops_full",
        why=f"All {most} numbers for programs' sessions are taken.",
        remedy="Remove accounts that nobody uses.",
    )


def _make(path: Path, number: int) -> None:
    path.mkdir(mode=0o700, exist_ok=True)
    path.chmod(0o700)  # whatever the umask
    if os.geteuid() == 0:
        os.chown(path, number, number, follow_symlinks=False)
