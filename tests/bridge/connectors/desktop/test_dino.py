"""Two sessions of Dino call each other over a real XMPP server, by the recipe of the house."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from functools import partial
from itertools import permutations
from pathlib import Path

import pytest

from bridge.audio.pjmedia.engine import PjsuaEngine
from bridge.audio.pjmedia.mixer import ConferenceMixer
from bridge.calls.ports.leg import Leg
from bridge.connectors.desktop.sandbox.network import HOUSE
from bridge.errors import LoginRejected
from bridge.terms import Cause, Party, State
from tests.bridge.connectors.desktop.flat import (
    HEARD,
    Flat,
    becomes,
    comes_through,
    heard,
    is_this_one,
)
from tests.bridge.connectors.sip.conftest import engine
from tests.peers import dino
from tests.peers.coturn import Coturn
from tests.peers.hearing import correlation
from tests.peers.programs import PeerFailed, until
from tests.peers.prosody import PORT, Person, Prosody
from tests.peers.speech import Sound, say

__all__ = ["engine"]

pytestmark = [pytest.mark.real, pytest.mark.timeout(400)]  # another test may have the port

PEOPLE = {"ada": Person("Ada Lovelace", "open sesame"), "ben": Person("Ben Franklin", "kite")}
ADA_SAYS = "Hello Ben, this is Ada. I telephone without a telephone, and you do too."
BEN_SAYS = "Good morning Ada. It is a strange world in which nobody has a window to look through."


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[Prosody]:
    """Sessions reach it, and its relay, as the house; each other not at all."""
    async with (
        Coturn(tmp_path / "relay") as relay,
        Prosody(tmp_path / "server", PEOPLE, domain=HOUSE, port=PORT, relay=relay) as server,
    ):
        yield server


def flat(server: Prosody, directory: Path, mixer: ConferenceMixer, who: str) -> Flat:
    one = Flat(directory / who, mixer, "dino", authorities=server.authority)
    dino.signed_in(one.folder.home, server.address(who), PEOPLE[who].password)
    return one


class Two:
    """Ada's session and Ben's."""

    ben_runs: asyncio.Task[None]

    def __init__(self, directory: Path, engine: PjsuaEngine, server: Prosody) -> None:
        self.directory, self.server = directory, server
        self.mixer = ConferenceMixer(engine, directory / "recordings")
        self.ada, self.ben = (flat(server, directory, self.mixer, who) for who in PEOPLE)

    async def rings(self) -> tuple[Leg, Leg]:
        """Ada calls Ben."""
        calling = await self.ada.session.dial(self.server.address("ben"))
        called = await self.ben.rings(15)
        assert called.remote == Party("", "Ada Lovelace", "xmpp")
        await called.ring()
        await becomes(calling, State.RINGING)
        return calling, called

    async def talk(self) -> tuple[Leg, Leg]:
        """In the first call that has sound."""
        for _ in range(dino.CALLS):
            calling, called = await self.rings()
            await called.answer()
            await becomes(called, State.ESTABLISHED)
            await becomes(calling, State.ESTABLISHED)
            if await self._have_sound(called, calling):
                return calling, called
            await calling.hang_up()
            await becomes(called, State.TERMINATED)
        raise PeerFailed(f"{dino.CALLS} calls had no sound")

    async def _have_sound(self, *legs: Leg) -> bool:
        """The sound of a call begins a moment after the call."""
        try:
            for speaker, hearer in permutations(legs):
                hello = partial(self._says_hello, speaker, hearer)
                await until(hello, "sound to flow", dino.SOUND_WITHIN)
        except PeerFailed:
            return False
        return True

    async def hears(self, hearer: Leg, speaker: Leg, said: Sound, other: Sound) -> None:
        clearly = partial(is_this_one, said, other)
        await comes_through(self.mixer, speaker, hearer, said, self.directory, clearly)

    async def _says_hello(self, speaker: Leg, hearer: Leg) -> bool:
        hello = say("Hello?", rate=16000)
        path = await heard(self.mixer, speaker, hearer, hello, self.directory)
        has_come = correlation(hello, path).correlation > HEARD
        path.unlink()
        return has_come


@pytest.fixture
async def two(tmp_path: Path, engine: PjsuaEngine, server: Prosody) -> AsyncIterator[Two]:
    two = Two(tmp_path, engine, server)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(two.ada.serving())
        two.ben_runs = await stack.enter_async_context(two.ben.serving())
        for who, one in (("ada", two.ada), ("ben", two.ben)):
            await one.is_ready()
            await server.signed_in(who, 40)
        yield two


async def test_they_hear_each_other_and_hang_up(two: Two) -> None:
    ada_says, ben_says = say(ADA_SAYS, rate=16000), say(BEN_SAYS, rate=16000, speed=150)
    calling, called = await two.talk()
    await two.hears(called, calling, ada_says, other=ben_says)
    await two.hears(calling, called, ben_says, other=ada_says)
    await called.hang_up()
    await becomes(calling, State.TERMINATED)
    assert calling.cause is Cause.NORMAL
    calling, called = await two.talk()  # and once more; now the caller hangs up
    await calling.hang_up()
    await becomes(called, State.TERMINATED)
    assert called.cause is Cause.NORMAL


async def test_a_caller_gives_up_and_another_is_declined(two: Two) -> None:
    calling, called = await two.rings()
    await calling.hang_up(Cause.CANCELLED)
    await becomes(called, State.TERMINATED)
    assert called.cause is Cause.CANCELLED
    calling, called = await two.rings()
    await called.hang_up(Cause.DECLINED)
    await becomes(calling, State.TERMINATED, 20)
    assert calling.cause is Cause.NO_ANSWER


async def test_a_password_that_was_changed_elsewhere_is_told(two: Two) -> None:
    two.server.change_password("ben", "poor richard")
    await two.server.restart()
    with pytest.raises(LoginRejected, match="sign_in_expired"):
        await asyncio.wait_for(two.ben_runs, 60)


async def test_the_contacts_it_has_learnt_are_listed(
    tmp_path: Path, engine: PjsuaEngine, server: Prosody
) -> None:
    ada = flat(server, tmp_path, ConferenceMixer(engine, tmp_path), "ada")
    async with ada.serving():
        await ada.is_ready()
        await server.signed_in("ada", 40)
        await until(lambda: dino.contacts(ada.folder.home), "it to learn them")
    ada.desk.roster = None
    async with ada.serving():
        await ada.is_ready()
    assert ada.desk.roster == [Party(server.address("ben"), "Ben Franklin", "xmpp")]
