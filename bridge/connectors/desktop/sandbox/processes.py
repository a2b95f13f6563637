"""Processes, from the kernel's own books (proc(5)): read every few seconds for each session, so
that what it costs must not grow with what else runs on the machine.
"""

import os
from collections.abc import Iterator
from contextlib import suppress

import psutil

_TICKS = os.sysconf("SC_CLK_TCK")
_KERNEL_TELLS = os.path.exists("/proc/thread-self/children")
"""Debian's does (CONFIG_PROC_CHILDREN)."""


def descendants(pid: int) -> Iterator[int]:
    """Of children, their children, and so on; one that comes or goes meanwhile may be missed."""
    waiting = [pid]
    while waiting:
        found = _children(waiting.pop())
        yield from found
        waiting += found


def _children(pid: int) -> list[int]:
    """Each thread has its own."""
    found: list[int] = []
    with suppress(OSError, psutil.Error):  # it has gone
        if not _KERNEL_TELLS:
            return [one.pid for one in psutil.Process(pid).children()]
        for task in os.listdir(f"/proc/{pid}/task"):
            with suppress(OSError):  # that thread has
                found += map(int, _read(f"/proc/{pid}/task/{task}/children").split())
    return found


def seconds(pid: int) -> float:
    """Of processor time, user and system. OSError when it has gone."""
    spent = _read(f"/proc/{pid}/stat").rpartition(")")[2].split()[11:13]
    return sum(map(int, spent)) / _TICKS


def memory(pid: int) -> int:
    """Bytes of its own, and shared ones without a file. OSError when it has gone."""
    lines = _read(f"/proc/{pid}/status").splitlines()
    sizes = (line.split()[1] for line in lines if line.startswith(("RssAnon:", "RssShmem:")))
    return sum(map(int, sizes)) << 10


def _read(path: str) -> str:
    with open(path) as file:
        return file.read()
