"""What sessions take of the machine: all that runs behind their walls, the walls themselves, and
the programs that carry their networks.
"""

from __future__ import annotations

import asyncio
import os
import time
from contextlib import suppress
from dataclasses import dataclass

import psutil

from tests.bench.cost import Spent, proportional

_BEGINS = ("bwrap", "slirp4netns")


@dataclass(frozen=True)
class Taken:
    """By all sessions of this process together, in percent of one core, and MiB."""

    percent: float
    memory: float
    processes: int

    def each(self, sessions: int) -> Taken:
        return Taken(self.percent / sessions, self.memory / sessions, self.processes // sessions)


async def taken(seconds: float) -> Taken:
    """In the next `seconds`; the memory (PSS) at their end."""
    before = _spent()
    await asyncio.sleep(seconds)
    after = _spent()
    memory = 0.0
    for pid in after.seconds:
        with suppress(psutil.Error):  # it has just gone
            memory += proportional(pid)
    return Taken(before.percent_until(after), memory, len(after.seconds))


def _spent() -> Spent:
    seconds = {}
    for first in psutil.Process(os.getpid()).children():
        if first.name() in _BEGINS:
            for one in (first, *first.children(recursive=True)):
                with suppress(psutil.Error):
                    times = one.cpu_times()
                    seconds[one.pid] = times.user + times.system
    return Spent(time.monotonic(), seconds)
