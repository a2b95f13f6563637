"""What a forwarded call costs: processor time of all processes of the service, G.711 on both sides,
both talking. sipp calls and sends speech, the phone (sipp) sends back what it gets.

A direct call costs us nothing, so there is nothing to stand beside it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from statistics import median

from tests.bench.figure import Figure, Goal, Series
from tests.bench.stage import Resident, Stage
from tests.peers.sipp import Sipp
from tests.peers.speech import say

AT_ONCE = 4
"""Users, each with one call."""
ROUNDS, QUICK_ROUNDS = 5, 2
SECONDS, QUICK_SECONDS = 20.0, 5.0
_RINGS = 2.2
"""Seconds before the phone is picked up: whoever is quicker is taken for a machine, and asked."""
_SETTLES = 3.0
"""Seconds after which what belongs to the beginning of a call is over."""


async def measure(directory: Path, quick: bool) -> list[Figure]:
    rounds, seconds = (QUICK_ROUNDS, QUICK_SECONDS) if quick else (ROUNDS, SECONDS)
    figures = []
    for users, name in ((1, "one forwarded G.711 call"), (AT_ONCE, f"{AT_ONCE} at once, each")):
        async with Stage(directory / f"{users}") as stage:
            await stage.settle(users)
            async with _talking(stage, rounds * seconds):
                everything, workers = await _watched(stage, rounds, seconds)
        figures.append(
            Figure(
                f"CPU of {name}",
                "% of a core",
                through=Series(tuple(value / users for value in everything)),
                goal=Goal("median", 0.8),
                notes=f"of this the worker {median(workers) / users:.2f}",
                if_missed="Both legs are decoded, resampled between 8 and 16 kHz and encoded.",
            )
        )
    return figures


async def _watched(stage: Stage, rounds: int, seconds: float) -> tuple[list[float], list[float]]:
    """Percent of a core in each round: all processes of the service, and its workers alone."""
    everything, workers = [], []
    before = stage.processes.spent()
    for _ in range(rounds):
        await asyncio.sleep(seconds)
        after = stage.processes.spent()
        everything.append(before.percent_until(after))
        workers.append(before.percent_until(after, *stage.processes.workers()))
        before = after
    return everything, workers


@asynccontextmanager
async def _talking(stage: Stage, seconds: float) -> AsyncIterator[None]:
    """Every resident is on the phone, for more than `seconds`."""
    async with AsyncExitStack() as programs:
        for resident in stage.residents:
            phone, caller = _ends(stage, resident, seconds + 60)
            await programs.enter_async_context(phone)
            await programs.enter_async_context(caller)
            await phone.received("ACK", 15)
        await asyncio.sleep(_SETTLES)
        yield
        assert all(program.program.alive for program in (phone, caller)), "the call has ended"


def _ends(stage: Stage, resident: Resident, seconds: float) -> tuple[Sipp, Sipp]:
    phone = Sipp(
        stage.directory,
        resident.phone_name,
        "answer",
        port=resident.phone_port,
        ring=_RINGS,
        echo=True,
        patience=3600,
    )
    caller = Sipp(
        stage.directory,
        f"caller-{resident.account.user}",
        "call",
        target=stage.provider.address,
        service=resident.account.user,
        speaks=say("Good morning. We talk about this and that, and nobody is in a hurry."),
        hold=seconds,
        patience=3600,
    )
    return phone, caller
