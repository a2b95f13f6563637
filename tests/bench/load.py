"""What a forwarded call costs: processor time of all processes of the service, G.711 on both sides,
both talking. sipp calls and sends speech, the phone (sipp) sends back what it gets.

"Direct" is the same call through `bare`, sixty lines on the same library, a process for each call;
the two take turns. Each round is a new call: what a call costs depends on how its packets happen to
lie between the ticks of the clock.
"""

from __future__ import annotations

import asyncio
import os
import sys
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tests.bench.cost import Spent, spent_by
from tests.bench.figure import Figure, Goal, Series
from tests.bench.stage import Resident, Stage
from tests.peers.programs import Program, free_port
from tests.peers.sipp import Sipp
from tests.peers.speech import say
from tests.real.service import REPOSITORY


@dataclass(frozen=True)
class _Household:
    """`users`, each with one call, in a house with this setting of WIDEBAND. `times` is how much
    more than the bare one a call may cost; that one mixes at 8 kHz always.
    """

    name: str
    users: int
    wideband: str
    times: float | None = None


HOUSEHOLDS = (
    _Household("one forwarded G.711 call", 1, "no", 1.3),
    _Household("16 such calls at once, each", 16, "no", 1.15),
    _Household("one forwarded G.711 call, WIDEBAND=yes", 1, "yes"),
)
ROUNDS, QUICK_ROUNDS = 4, 2
SECONDS, QUICK_SECONDS = 20.0, 8.0
_RINGS = 2.2
"""Seconds before the phone is picked up: whoever is quicker is taken for a machine, and asked."""
_SETTLES = 3.0
"""Seconds after which what belongs to the beginning of a call is over."""
_SPARE = 5.0


async def measure(directory: Path, quick: bool) -> list[Figure]:
    rounds, seconds = (QUICK_ROUNDS, QUICK_SECONDS) if quick else (ROUNDS, SECONDS)
    figures: list[Figure] = []
    for number, house in enumerate(HOUSEHOLDS):
        async with Stage(directory / f"{number}", WIDEBAND=house.wideband) as stage:
            await stage.settle(house.users)
            figures += await _compared(stage, house, rounds, seconds)
    return figures


async def _compared(stage: Stage, house: _Household, rounds: int, seconds: float) -> list[Figure]:
    ours: list[float] = []
    workers: list[float] = []
    bare: list[float] = []
    async with AsyncExitStack() as programs:
        targets = [await _bare(programs, stage, one) for one in stage.residents]
        for number in range(rounds):
            before, after = await _talk(stage, f"ours-{number}", seconds)
            ours.append(before.percent_until(after) / house.users)
            workers.append(before.percent_until(after, *stage.processes.workers()) / house.users)
            for resident in stage.residents:
                await stage.quiet(resident)
            before, after = await _talk(stage, f"bare-{number}", seconds, targets)
            pids = [program.pid for program, _ in targets]
            bare.append(before.percent_until(after, *pids) / house.users)
    cost = Figure(
        f"CPU of {house.name}",
        "% of a core",
        direct=Series(tuple(bare)),
        through=Series(tuple(ours)),
        notes=f"of this the worker {median(workers):.2f}",
    )
    if house.times is None:
        return [cost]
    times = Figure(
        f"CPU of {house.name}, against the bare one",
        "times",
        through=Series((median(ours) / median(bare),)),
        goal=Goal("median", house.times),
        notes=f"the worker alone {median(workers) / median(bare):.2f}",
        if_missed="House, chat and clock count in full, also where they only wait.",
    )
    return [cost, times]


async def _bare(programs: AsyncExitStack, stage: Stage, resident: Resident) -> tuple[Program, int]:
    """For this resident's phone, and the port at which it is called."""
    port = free_port()
    program = Program("bare", stage.directory / f"bare-{resident.account.user}")
    programs.push_async_callback(program.end)
    phone = f"sip:{resident.phone_name}@127.0.0.1:{resident.phone_port}"
    await program.spawn(
        *(sys.executable, "-m", "tests.bench.bare", str(port), phone),
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
    )
    return program, port


async def _talk(
    stage: Stage, name: str, seconds: float, bare: list[tuple[Program, int]] | None = None
) -> tuple[Spent, Spent]:
    """Everybody is on the phone for `seconds`, by the service or by `bare`: what had been spent
    when they began, and when they had done so.
    """
    hold = _SETTLES + seconds + _SPARE
    targets = [f"127.0.0.1:{port}" for _, port in bare or ()] or None
    pairs = [
        _ends(stage, resident, name, hold, targets[place] if targets else stage.provider.address)
        for place, resident in enumerate(stage.residents)
    ]
    async with AsyncExitStack() as programs:
        for phone, _ in pairs:
            await programs.enter_async_context(phone)
        for _, caller in pairs:
            await programs.enter_async_context(caller)
        for phone, _ in pairs:
            await phone.received("ACK", 15)
        await asyncio.sleep(_SETTLES)
        pids = [*stage.processes.pids(), *(program.pid for program, _ in bare or ())]
        before = spent_by(*pids)
        await asyncio.sleep(seconds)
        after = spent_by(*pids)
        for _, caller in pairs:  # it was a call to the end, and ended by its caller
            await caller.succeeded(2 * _SPARE)
    return before, after


def _ends(
    stage: Stage, resident: Resident, name: str, hold: float, target: str
) -> tuple[Sipp, Sipp]:
    directory = stage.directory / name
    phone = Sipp(
        directory,
        resident.phone_name,
        "answer",
        port=resident.phone_port,
        ring=_RINGS,
        echo=True,
    )
    caller = Sipp(
        directory,
        f"caller-{resident.account.user}",
        "call",
        target=target,
        service=resident.account.user,
        speaks=say("Good morning. We talk about this and that, and nobody is in a hurry."),
        hold=hold,
    )
    return phone, caller
