"""Twenty sessions at once, each with a web app that is signed in: how long they take to come up
together on this machine, what they take while they wait, what those take that talk, and how many a
machine has room for.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bridge.audio.pjmedia.mixer import ConferenceMixer
from bridge.connectors.desktop.sandbox.network import HOUSE
from bridge.terms import State
from bridge.workers.accounts.keeper import Condition, keep
from tests.bench.cost import percent_during
from tests.bench.desktop.cost import costs
from tests.bench.desktop.taken import Taken, taken
from tests.bench.figure import Figure, Series
from tests.bench.listening_phone import called
from tests.bridge.connectors.desktop.flat import Flat, becomes
from tests.peers.web_telephone import WebTelephone

SESSIONS, QUICK_SESSIONS = 20, 6
PAIRS = 2
"""That talk with each other at last."""
SECONDS, QUICK_SECONDS = 120.0, 5.0
SETTLES, QUICK_SETTLES = 60.0, 2.0
CORES, MEMORY = 2, 8 << 10
"""The machine that room is told for; MiB."""
KEPT_FREE, BUSY, TALK = 2 << 10, 0.8, 0.25
"""MiB for the system and the service; how busy the cores may be; the share of the sessions that
talk at the same time.
"""
_WITHIN = 300.0


async def measure(directory: Path, quick: bool) -> list[Figure]:
    lasts = QUICK_SECONDS if quick else SECONDS
    async with AsyncExitStack() as stack:
        mixer, _, _ = await stack.enter_async_context(called(directory))
        crowd = _Crowd(directory, mixer, stack)
        began = time.monotonic()
        await crowd.arrive(QUICK_SESSIONS if quick else SESSIONS)
        seconds = time.monotonic() - began
        tried_again = sum(len(told) - 1 for told in crowd.told)
        await asyncio.sleep(QUICK_SETTLES if quick else SETTLES)
        count = len(crowd.flats)
        waiting, own = await asyncio.gather(taken(lasts), percent_during(lasts, os.getpid()))
        await crowd.talk()
        talking = await taken(lasts)
    idle = waiting.each(count)
    talks = idle.percent + (talking.percent - waiting.percent) / (2 * PAIRS)
    return [
        Figure(
            f"{count} sessions of web apps begin at once -> all READY",
            "s",
            Series((seconds,)),
            notes=f"{tried_again} times one had to begin again",
        ),
        *costs(
            f"each of {count} web apps' sessions, idle",
            idle,
            f"all together {waiting.memory:.0f} MiB and {waiting.percent:.1f} % of a core; beside "
            f"them {own:.1f} % for this process, which is the worker of all",
        ),
        Figure(
            f"CPU of each of {2 * PAIRS} among them that talk",
            "% of a core",
            Series((talks,)),
        ),
        _room(idle, talks),
    ]


def _room(idle: Taken, talks: float) -> Figure:
    by_memory = (MEMORY - KEPT_FREE) / idle.memory
    by_processor = 100 * CORES * BUSY / (TALK * talks + (1 - TALK) * idle.percent)
    return Figure(
        f"room for web apps' sessions on {CORES} cores and {MEMORY >> 10} GiB",
        "sessions",
        Series((float(int(min(by_memory, by_processor))),)),
        notes=f"by memory {by_memory:.1f} ({KEPT_FREE >> 10} GiB are kept free), by processor "
        f"{by_processor:.1f} (one in {1 / TALK:.0f} talks, and the cores are {100 * BUSY:.0f} % "
        "busy); nobody comes up or signs in meanwhile",
    )


@dataclass
class _Crowd:
    directory: Path
    mixer: ConferenceMixer
    stack: AsyncExitStack
    flats: list[Flat] = field(default_factory=list)
    told: list[list[Condition]] = field(default_factory=list)
    """Of each session, what its keeper said."""

    async def arrive(self, count: int) -> None:
        """All at once; those that talk later have an app for each pair."""
        for place in range(PAIRS):
            await self._of(f"pair{place}", ["ada", "ben"])
        await self._of("others", [f"user{place}" for place in range(count - 2 * PAIRS)])
        for flat in self.flats:
            self.told.append(await self.stack.enter_async_context(_kept(flat)))
        for flat in self.flats:
            await flat.is_ready(_WITHIN)

    async def _of(self, name: str, people: list[str]) -> None:
        where = self.directory / name
        app = WebTelephone(where, dict.fromkeys(people, "secret"))
        await self.stack.enter_async_context(app)
        self.flats += [
            Flat(where / one, self.mixer, "web", address=app.page(HOUSE, one)) for one in people
        ]

    async def talk(self) -> None:
        """The pairs, until the end."""
        for place in range(PAIRS):
            ada, ben = self.flats[2 * place : 2 * place + 2]
            calling = await ada.session.dial("ben")
            ringing = await ben.rings()
            await ringing.ring()
            await ringing.answer()
            for leg in (calling, ringing):
                await becomes(leg, State.ESTABLISHED, 30)


@asynccontextmanager
async def _kept(flat: Flat) -> AsyncIterator[list[Condition]]:
    """As a worker keeps it: what does not come up is tried again."""
    told: list[Condition] = []
    keeping = asyncio.create_task(keep(flat.session, told.append))
    try:
        yield told
    finally:
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)
