"""Two sessions of a web app call each other by WebRTC, over a relay, by the recipe for web apps."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path

import pytest

from bridge.audio.pjmedia.engine import PjsuaEngine
from bridge.audio.pjmedia.mixer import ConferenceMixer
from bridge.calls.ports.leg import Leg
from bridge.connectors.desktop.sandbox.network import HOUSE
from bridge.errors import LoginRejected
from bridge.terms import Cause, State
from tests.bridge.connectors.desktop.flat import Flat, becomes, comes_through, is_this_one
from tests.bridge.connectors.sip.conftest import engine
from tests.peers.programs import until
from tests.peers.speech import say
from tests.peers.web_telephone import WebTelephone

__all__ = ["engine"]

pytestmark = pytest.mark.real

ADA_SAYS = "Hello Ben, this is Ada. My computer is a server now, and it speaks with yours."
BEN_SAYS = "Good morning Ada. How strange that we telephone through a page without a window."


class Two:
    """Ada's session and Ben's."""

    ben_runs: asyncio.Task[None]

    def __init__(self, directory: Path, engine: PjsuaEngine, app: WebTelephone) -> None:
        self.app = app
        self.mixer = ConferenceMixer(engine, directory / "recordings")
        self.ada, self.ben = (
            Flat(directory / name, self.mixer, "web", address=app.page(HOUSE, name))
            for name in ("ada", "ben")
        )

    async def are_here(self) -> None:
        for name, flat in (("ada", self.ada), ("ben", self.ben)):
            await flat.is_ready()
            await until(lambda name=name: self.app.is_here(name), f"{name} to be signed in")

    async def talk(self) -> tuple[Leg, Leg]:
        calling = await self.ada.session.dial("ben")
        called = await self.ben.rings()
        await called.ring()
        await called.answer()
        await becomes(called, State.ESTABLISHED)
        await becomes(calling, State.ESTABLISHED)
        for name in ("ada", "ben"):
            await until(lambda name=name: (name, "connected", "") in self.app.said, "sound to flow")
        self.app.said.clear()
        return calling, called


@pytest.fixture
async def two(tmp_path: Path, engine: PjsuaEngine) -> AsyncIterator[Two]:
    async with AsyncExitStack() as stack:
        app = WebTelephone(tmp_path / "app", {"ada": "lovelace", "ben": "franklin"})
        await stack.enter_async_context(app)
        two = Two(tmp_path, engine, app)
        await stack.enter_async_context(two.ada.serving())
        two.ben_runs = await stack.enter_async_context(two.ben.serving())
        await two.are_here()
        yield two


async def test_they_hear_each_other_and_hang_up(two: Two, tmp_path: Path) -> None:
    ada_says, ben_says = say(ADA_SAYS, rate=16000), say(BEN_SAYS, rate=16000, speed=150)
    calling, called = await two.talk()
    for speaker, hearer, said, other in (
        (calling, called, ada_says, ben_says),
        (called, calling, ben_says, ada_says),
    ):
        clearly = partial(is_this_one, said, other)
        await comes_through(two.mixer, speaker, hearer, said, tmp_path, clearly)
    await called.hang_up()
    await becomes(calling, State.TERMINATED)
    assert calling.cause is Cause.NORMAL
    calling, called = await two.talk()  # and once more; now the caller hangs up
    await calling.hang_up()
    await becomes(called, State.TERMINATED)
    assert called.cause is Cause.NORMAL


async def test_a_caller_gives_up_and_another_is_declined(two: Two) -> None:
    calling = await two.ada.session.dial("ben")
    called = await two.ben.rings()
    await calling.hang_up(Cause.CANCELLED)
    await becomes(called, State.TERMINATED)
    assert called.cause is Cause.CANCELLED
    calling = await two.ada.session.dial("ben")
    called = await two.ben.rings()
    await called.hang_up(Cause.DECLINED)
    await until(lambda: ("ben", "declined", "ada") in two.app.said, "ada to be told")


async def test_a_page_that_reloads_itself_does_so_after_the_call(two: Two, tmp_path: Path) -> None:
    """It does when its sign-in has expired; then the user is asked to sign in again."""
    calling, called = await two.talk()
    two.app.accounts["ben"] = "poor richard"
    two.app.expire("ben")
    tries = "/say?to=&kind=leaving&sdp="
    await until(lambda: two.app.times(tries), "ben's page to reload itself")
    said = say(ADA_SAYS, rate=16000)
    clearly = partial(is_this_one, said, say(BEN_SAYS, rate=16000, speed=150))
    await comes_through(two.mixer, calling, called, said, tmp_path, clearly)
    assert called.state is State.ESTABLISHED
    await calling.hang_up()
    await becomes(called, State.TERMINATED)
    with pytest.raises(LoginRejected, match="sign_in_expired"):
        await asyncio.wait_for(two.ben_runs, 60)
