"""What sessions of client programs are on this machine; of one that is over nothing is left."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.peers.programs import PeerFailed, until

_STARTED = {"bwrap", "slirp4netns"}
"""What a keeper starts itself for a session; all others are below these."""


@dataclass(frozen=True)
class Members:
    """The processes of all sessions that a process has opened, as they are now."""

    processes: tuple[psutil.Process, ...]

    @classmethod
    def of(cls, keeper: int) -> Members:
        first = [one for one in psutil.Process(keeper).children() if one.name() in _STARTED]
        below = [child for one in first for child in one.children(recursive=True)]
        return cls((*first, *below))

    def kill(self, name: str) -> None:
        """SIGKILL for the program of this name, the one that started the others of its name."""
        named = [one for one in self.processes if one.name() == name]
        first = next(one for one in named if one.parent() not in named)
        first.kill()

    async def are_gone(self, within: float) -> None:
        def living() -> list[psutil.Process]:
            return [one for one in self.processes if one.is_running()]

        try:
            await until(lambda: not living(), "all processes to be gone", within, every=0.1)
        except PeerFailed as failure:
            raise PeerFailed(f"{failure}, but there are {living()}") from None


def held(pid: int) -> Counter[str]:
    """How many of each kind of thing a process holds open that can lead into a session: sockets,
    its processes and its namespaces.
    """
    kinds = opened_by_kind(pid)
    return Counter({kind: count for kind, count in kinds.items() if kind.endswith("]")})


def opened_by_kind(pid: int) -> Counter[str]:
    """What the file descriptors of a process stand for, without the numbers in their names."""
    return Counter(re.sub(r"\d+", "", name) for name in _opened(pid))


def _opened(pid: int) -> Iterator[str]:
    for descriptor in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):  # closed meanwhile
            yield str(descriptor.readlink())


def mounts(folder: Path) -> list[str]:
    """Those of this folder, or below it, that are seen here, outside of all sessions."""
    seen = Path("/proc/self/mountinfo").read_text().splitlines()
    return [line for line in seen if str(folder) in line]
