"""What the whole service costs that has nothing to do: with one user whose number is registered and
whose phone does not ring, and with each further one.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
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
WORKER_MISSED = "Each worker is a Python process that uses pjsua2; a page is its own once used."
_SERVICE_MISSED = (
    "House, chat and clock are three Python processes, which have SQLAlchemy (two of them), "
    "FastAPI and the library of Telegram loaded."
)


@dataclass(frozen=True)
class Idle:
    """The service in peace: percent of a core, MiB (PSS), and both of each worker."""

    percent: float
    memory: float
    worker_percent: tuple[float, ...]
    worker_memory: tuple[float, ...]


async def measure(directory: Path, quick: bool) -> list[Figure]:
    seconds = QUICK_SECONDS if quick else SECONDS
    async with Stage(directory) as stage:
        await until(lambda: "/start" in stage.service.chat, "the chat to open", 20)
        empty = await at_rest(stage, seconds)
        await stage.settle(1, phones=False)
        one = await at_rest(stage, seconds)
        await stage.settle(USERS, phones=False)
        full = await at_rest(stage, seconds)
    others = USERS - 1
    server = full.memory - one.memory - sum(full.worker_memory) + sum(one.worker_memory)
    return [
        Figure(
            "PSS of the whole service, one idle user",
            "MiB",
            through=Series((one.memory,)),
            goal=Goal("median", 150),
            if_missed=_SERVICE_MISSED,
            notes=f"without a user {empty.memory:.0f}",
        ),
        Figure(
            "CPU of the whole service, one idle user",
            "% of a core",
            through=Series((one.percent,)),
            goal=Goal("median", 0.25),
            notes=f"without a user {empty.percent:.2f}",
        ),
        Figure(
            "PSS of each further idle user",
            "MiB",
            through=Series(((full.memory - one.memory) / others,)),
            goal=Goal("median", 14),
            if_missed=WORKER_MISSED,
            notes=f"of the growth by {others} users {server:.0f} MiB are not the workers'; a "
            f"worker has {median(full.worker_memory):.1f}",
        ),
        Figure(
            "CPU of each further idle user",
            "% of a core",
            through=Series(((full.percent - one.percent) / others,)),
            goal=Goal("median", 0.06),
            notes=f"a worker takes {median(full.worker_percent):.3f}",
        ),
    ]


async def at_rest(stage: Stage, seconds: float) -> Idle:
    """When the beginning is over: for `seconds`."""
    await asyncio.sleep(_SETTLES)
    before = stage.processes.spent()
    await asyncio.sleep(seconds)
    after = stage.processes.spent()
    workers = stage.processes.workers()
    return Idle(
        percent=before.percent_until(after),
        memory=proportional(*stage.processes.pids()),
        worker_percent=tuple(before.percent_until(after, pid) for pid in workers),
        worker_memory=tuple(proportional(pid) for pid in workers),
    )
