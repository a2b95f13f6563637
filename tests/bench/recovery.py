"""How soon a number is reachable again after its worker was killed: from SIGKILL until the
registrar knows the new worker. Each worker is killed once: one that dies often is made to wait.
"""

from __future__ import annotations

import asyncio
import os
import re
import signal
import time
from pathlib import Path

from tests.bench.figure import Figure, Goal, Series
from tests.bench.stage import Resident, Stage
from tests.peers.programs import until

USERS, QUICK_USERS = 12, 3
_PORT = re.compile(r"@[\d.]+:(\d+)")


async def measure(directory: Path, quick: bool) -> list[Figure]:
    async with Stage(directory) as stage:
        await stage.settle(QUICK_USERS if quick else USERS, phones=False)
        seconds = [await _back_after(stage, resident) for resident in stage.residents]
    return [
        Figure(
            "worker killed -> registered again",
            "s",
            through=Series(tuple(seconds)),
            goal=Goal("p95", 5),
            if_missed="A new worker took too long to start.",
        )
    ]


async def _back_after(stage: Stage, resident: Resident) -> float:
    """Seconds. The dead worker's contact stays with the registrar until it expires: only a contact
    that was not there before counts.
    """
    before = await _ports(stage, resident)
    [port] = before
    os.kill(stage.processes.owner_of(port), signal.SIGKILL)
    began = time.monotonic()

    async def is_back() -> bool:
        return bool(await _ports(stage, resident) - before)

    await until(is_back, "the new worker to register", 60, every=0.01)
    seconds = time.monotonic() - began
    await stage.ready(resident)
    await asyncio.sleep(1)  # the next one is to find the house at rest
    return seconds


async def _ports(stage: Stage, resident: Resident) -> set[int]:
    contacts = await stage.provider.contacts(resident.account.user)
    return {int(found[1]) for one in contacts if (found := _PORT.search(one.uri))}
