"""Twenty programs in sessions of their own at once: each is there, and called by its own friend."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from string import ascii_lowercase

import pytest

from bridge.audio.pjmedia.engine import PjsuaEngine
from bridge.audio.pjmedia.mixer import ConferenceMixer
from tests.bridge.connectors.desktop.flat import Desk
from tests.bridge.connectors.desktop.reading.traces import Members, held, mounts
from tests.bridge.connectors.desktop.telephones import Telephones
from tests.bridge.connectors.sip.conftest import engine
from tests.peers.exchange import Exchange, Person
from tests.peers.programs import until

__all__ = ["engine"]

pytestmark = pytest.mark.real

NAMES = ascii_lowercase[:20]
PASSWORD = "open sesame"
BEGIN_TOGETHER, SIGNS_IN_WITHIN = 4, 60.0


@pytest.mark.timeout(300)
async def test_twenty_sessions_at_once(tmp_path: Path, engine: PjsuaEngine) -> None:
    people = {name: Person(name.upper(), PASSWORD) for name in NAMES}
    async with Exchange(people) as exchange:
        mixer = ConferenceMixer(engine, tmp_path / "recordings")
        telephones = Telephones(tmp_path, mixer, exchange)
        before = held(os.getpid())
        async with all_signed_in(telephones, exchange) as desks:
            members = Members.of(os.getpid())
            assert all(desk.legs == [] for desk in desks.values())
            calls = [exchange.ring(name, f"friend of {name}") for name in NAMES]
            await until(lambda: all(desk.legs for desk in desks.values()), "all to ring", 60)
            for name, desk in desks.items():
                [leg] = desk.legs
                assert leg.remote.name == f"friend of {name}"
                await leg.hang_up()
            await until(lambda: len(exchange.declined) == len(calls), "all to be declined", 30)
            assert all(len(desk.legs) == 1 for desk in desks.values())
        await members.are_gone(30)
        await until(lambda: not held(os.getpid()) - before, "all sessions to be let go")
        assert not mounts(tmp_path)


@asynccontextmanager
async def all_signed_in(
    telephones: Telephones, exchange: Exchange
) -> AsyncIterator[dict[str, Desk]]:
    """A few begin at a time, as many as a small machine can."""
    desks = {name: Desk() for name in NAMES}
    door, running = asyncio.Semaphore(BEGIN_TOGETHER), list[asyncio.Task[None]]()

    async def begin(name: str) -> None:
        session = telephones.session(telephones.account(name, PASSWORD), desks[name])
        async with door:
            one = asyncio.create_task(session.run(), name=name)
            running.append(one)
            is_there = partial(is_over_or_ready, one, desks[name])
            await until(is_there, f"{name} to be signed in", SIGNS_IN_WITHIN)

    try:
        await asyncio.gather(*map(begin, NAMES))
        assert not [one.get_name() for one in running if one.done()]
        assert set(exchange.members) == set(NAMES)
        yield desks
    finally:
        for one in running:
            one.cancel()
        await asyncio.gather(*running, return_exceptions=True)


def is_over_or_ready(run: asyncio.Task[None], desk: Desk) -> bool:
    return run.done() or desk.roster is not None
