"""What a forwarded call costs: processor time of all processes of the service, G.711 on both sides,
both talking. sipp calls and sends speech, the phone (sipp) sends back what it gets.

A direct call costs us nothing, so there is nothing to stand beside it. Each round is a new call:
what a call costs depends on how its packets happen to lie between the ticks of our clock.
"""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tests.bench.figure import Figure, Goal, Series
from tests.bench.stage import Resident, Stage
from tests.peers.sipp import Sipp
from tests.peers.speech import say


@dataclass(frozen=True)
class _Household:
    """`users`, each with one call, in a house with this setting of WIDEBAND."""

    name: str
    users: int
    wideband: str
    if_missed: str


_BUSY = "Two packets come and two go every 20 ms; each wakes the service up."
HOUSEHOLDS = (
    _Household("one forwarded G.711 call", 1, "no", _BUSY),
    _Household("4 such calls at once, each", 4, "no", _BUSY),
    _Household(
        "one forwarded G.711 call, WIDEBAND=yes",
        1,
        "yes",
        "Both legs are resampled between 8 and 16 kHz by the best filter there is.",
    ),
)
ROUNDS, QUICK_ROUNDS = 4, 1
SECONDS, QUICK_SECONDS = 20.0, 5.0
_RINGS = 2.2
"""Seconds before the phone is picked up: whoever is quicker is taken for a machine, and asked."""
_SETTLES = 3.0
"""Seconds after which what belongs to the beginning of a call is over."""
_SPARE = 5.0


async def measure(directory: Path, quick: bool) -> list[Figure]:
    rounds, seconds = (QUICK_ROUNDS, QUICK_SECONDS) if quick else (ROUNDS, SECONDS)
    figures = []
    for number, house in enumerate(HOUSEHOLDS[:2] if quick else HOUSEHOLDS):
        async with Stage(directory / f"{number}", WIDEBAND=house.wideband) as stage:
            await stage.settle(house.users)
            spent = [await _talk(stage, number, seconds) for number in range(rounds)]
        figures.append(
            Figure(
                f"CPU of {house.name}",
                "% of a core",
                through=Series(tuple(everything / house.users for everything, _ in spent)),
                goal=Goal("median", 0.8),
                notes=f"of this the worker {median(own / house.users for _, own in spent):.2f}",
                if_missed=house.if_missed,
            )
        )
    return figures


async def _talk(stage: Stage, number: int, seconds: float) -> tuple[float, float]:
    """Everybody is on the phone for `seconds`: percent of a core that all processes of the service
    took, and its workers alone.
    """
    hold = _SETTLES + seconds + _SPARE
    pairs = [_ends(stage, resident, number, hold) for resident in stage.residents]
    async with AsyncExitStack() as programs:
        for phone, _ in pairs:
            await programs.enter_async_context(phone)
        for _, caller in pairs:
            await programs.enter_async_context(caller)
        for phone, _ in pairs:
            await phone.received("ACK", 15)
        await asyncio.sleep(_SETTLES)
        before = stage.processes.spent()
        await asyncio.sleep(seconds)
        after = stage.processes.spent()
        for _, caller in pairs:  # it was a call to the end, and ended by its caller
            await caller.succeeded(2 * _SPARE)
    for resident in stage.residents:
        await stage.quiet(resident)
    workers = stage.processes.workers()
    return before.percent_until(after), before.percent_until(after, *workers)


def _ends(stage: Stage, resident: Resident, number: int, hold: float) -> tuple[Sipp, Sipp]:
    phone = Sipp(
        stage.directory / f"round-{number}",
        resident.phone_name,
        "answer",
        port=resident.phone_port,
        ring=_RINGS,
        echo=True,
    )
    caller = Sipp(
        stage.directory / f"round-{number}",
        f"caller-{resident.account.user}",
        "call",
        target=stage.provider.address,
        service=resident.account.user,
        speaks=say("Good morning. We talk about this and that, and nobody is in a hurry."),
        hold=hold,
    )
    return phone, caller
