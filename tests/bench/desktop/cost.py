"""What one session costs, and how soon it is there: a web app in Chromium, and a native program
(linphone-desktop). All processes of the session are counted, and the one that carries its network;
not the worker, which runs anyway.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bridge.connectors.desktop.sandbox.network import HOUSE
from tests.bench.desktop.natives import linphone, talking
from tests.bench.desktop.taken import Taken, taken
from tests.bench.figure import Figure, Goal, Series
from tests.bench.listening_phone import called
from tests.bridge.connectors.desktop.flat import Flat
from tests.peers.programs import PeerFailed
from tests.peers.web_telephone import WebTelephone

ROUNDS, QUICK_ROUNDS = 8, 2
SECONDS, QUICK_SECONDS = 60.0, 5.0
SETTLES, QUICK_SETTLES = 20.0, 2.0
"""Seconds after which the start is over."""
_WITHIN, _OPENS = 60.0, 5.0
"""Seconds to be READY; and after that, until a native program's window takes commands."""


async def measure(directory: Path, quick: bool) -> list[Figure]:
    rounds = QUICK_ROUNDS if quick else ROUNDS
    seconds = QUICK_SECONDS if quick else SECONDS
    settles = QUICK_SETTLES if quick else SETTLES
    async with called(directory) as (mixer, _, _), WebTelephone(directory, {"ada": "one"}) as app:
        web = Flat(directory / "web", mixer, "web", address=app.page(HOUSE, "ada"))
        native = linphone(directory / "native", mixer)
        starts = {
            name: [await _starts(flat) for _ in range(rounds)]
            for name, flat in (("web app", web), ("native program", native))
        }
        idle = {}
        for name, flat in (("web app", web), ("native program", native)):
            async with _ready(flat):
                await asyncio.sleep(settles)
                idle[name] = await taken(seconds)
        async with _ready(native):
            await asyncio.sleep(_OPENS)
            async with talking(native, directory):
                await asyncio.sleep(settles)
                talks = await taken(seconds)
    return [
        *(_start(name, found) for name, found in starts.items()),
        *(one for name, found in idle.items() for one in costs(f"a {name}'s session, idle", found)),
        *costs("a native program's session, talking", talks),
    ]


async def _starts(flat: Flat) -> float:
    """Seconds from nothing until it is READY; the first time with an empty profile."""
    began = time.monotonic()
    async with _ready(flat):
        return time.monotonic() - began


@asynccontextmanager
async def _ready(flat: Flat) -> AsyncIterator[None]:
    """PeerFailed when it ends instead."""
    flat.desk.roster = None
    async with flat.serving() as run:
        ready = asyncio.create_task(flat.is_ready(_WITHIN))
        await asyncio.wait({ready, run}, return_when=asyncio.FIRST_COMPLETED)
        if run.done():
            ready.cancel()
            raise PeerFailed(f"a session ended: {run.exception()}")
        await ready
        yield


def _start(name: str, seconds: list[float]) -> Figure:
    return Figure(
        f"start of a {name}'s session -> READY",
        "s",
        Series(tuple(seconds)),
        Goal("p95", 15),
        notes=f"with an empty profile {seconds[0]:.2f} s; half a second is patience: signed in is "
        "believed after it has lasted so long",
    )


def costs(whose: str, found: Taken, notes: str = "") -> list[Figure]:
    return [
        Figure(f"CPU of {whose}", "% of a core", Series((found.percent,))),
        Figure(
            f"PSS of {whose}",
            "MiB",
            Series((found.memory,)),
            notes="; ".join(filter(None, (f"{found.processes} processes", notes))),
        ),
    ]
