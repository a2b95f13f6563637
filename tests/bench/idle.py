"""What somebody costs whose number is registered and whose phone does not ring: ten of them, and
the same service before the first one came.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from statistics import median

from tests.bench.cost import proportional
from tests.bench.figure import Figure, Goal, Series
from tests.bench.stage import Stage
from tests.peers.programs import until

USERS = 10
SECONDS, QUICK_SECONDS = 70.0, 8.0
"""Longer than a registration lasts: its renewal is part of what an idle user costs."""
_SETTLES = 15.0
"""Seconds after which the beginning is over: workers are up, the scheduler has swept."""


async def measure(directory: Path, quick: bool) -> list[Figure]:
    seconds = QUICK_SECONDS if quick else SECONDS
    async with Stage(directory) as stage:
        await until(lambda: "/start" in stage.service.chat, "the chat to open", 20)
        await asyncio.sleep(_SETTLES)
        empty = stage.processes.spent()
        await asyncio.sleep(seconds)
        percent_empty = empty.percent_until(stage.processes.spent())
        memory_empty = proportional(*stage.processes.pids())

        await stage.settle(USERS, phones=False)
        await asyncio.sleep(_SETTLES)
        full = stage.processes.spent()
        await asyncio.sleep(seconds)
        later = stage.processes.spent()
        memory_full = proportional(*stage.processes.pids())
        workers = stage.processes.workers()
        own = [proportional(pid) for pid in workers]
        server = memory_full - memory_empty - sum(own)
    grown = (memory_full - memory_empty) / USERS
    used = (full.percent_until(later) - percent_empty) / USERS
    return [
        Figure(
            "CPU of an idle user, all processes",
            "% of a core",
            through=Series((used,)),
            goal=Goal("median", 0.15),
            notes=f"the service without users {percent_empty:.2f}",
        ),
        Figure(
            "CPU of an idle user, each worker",
            "% of a core",
            through=Series(tuple(full.percent_until(later, pid) for pid in workers)),
            goal=Goal("p95", 0.15),
        ),
        Figure(
            "PSS of an idle user, all processes",
            "MiB",
            through=Series((grown,)),
            goal=Goal("median", 15),
            if_missed="Each worker is a Python process that has used the store and pjsua2.",
            notes=f"the service without users {memory_empty:.0f} MiB; of the growth, the fork "
            f"server and what the others took on are {server:.0f} MiB in all, the rest are workers",
        ),
        Figure(
            "PSS of an idle user, each worker",
            "MiB",
            through=Series(tuple(own)),
            goal=Goal("p95", 15),
            if_missed="Each worker is a Python process that has used the store and pjsua2.",
            notes=f"{USERS} workers share what they have in common; median {median(own):.1f}",
        ),
    ]
