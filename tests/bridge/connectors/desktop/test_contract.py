"""A native program in two real sessions keeps the contract of all connectors."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bridge.audio.pjmedia.engine import PjsuaEngine
from bridge.audio.pjmedia.mixer import ConferenceMixer
from bridge.connectors.base import AccountSession, Credentials, Desk
from bridge.terms import Cause
from tests.bridge.connectors.contract import ADA, BEN, ConnectorContract, Member, Network
from tests.bridge.connectors.desktop.flat import comes_through
from tests.bridge.connectors.desktop.telephones import Telephones
from tests.bridge.connectors.sip.conftest import engine
from tests.peers.exchange import Exchange, Person
from tests.peers.hearing import heard_sentence
from tests.peers.programs import until
from tests.peers.speech import Sound, say

__all__ = ["engine"]

pytestmark = pytest.mark.real

PEOPLE = {ADA: Person("Ada Lovelace", "open sesame"), BEN: Person("Ben Franklin", "kite")}

ADA_SAYS = "Hello Ben, this is Ada. My computer is a server now."
BEN_SAYS = "Good morning Ada. How strange that we telephone through a window."


class DesktopNetwork(Network):
    """What a program shows by itself: one call, and not what the far end types or holds."""

    patience = 20.0
    calls_at_once = 1
    tells_busy = tells_nobody = tells_keys = False
    wrong_password = "sign_in_expired"

    def __init__(self, directory: Path, engine: PjsuaEngine, exchange: Exchange) -> None:
        self.exchange = exchange
        self.mixer = ConferenceMixer(engine, directory / "recordings")
        self._telephones = Telephones(directory, self.mixer, exchange)

    def credentials(self, who: str) -> Credentials:
        return self._telephones.account(who, PEOPLE[who].password)

    def wrong_credentials(self, who: str) -> Credentials:
        return self._telephones.account(who, "guessed badly")

    def session(self, credentials: Credentials, desk: Desk) -> AccountSession:
        return self._telephones.session(credentials, desk)

    def address(self, who: str) -> str:
        return who

    def arrived(self, who: str) -> str:
        return self.exchange.keys[who]

    async def lose(self) -> None:
        await self.exchange.lose()


class TestDesktop(ConnectorContract):
    @pytest.fixture
    async def network(self, tmp_path: Path, engine: PjsuaEngine) -> AsyncIterator[DesktopNetwork]:
        async with Exchange(PEOPLE) as exchange:
            yield DesktopNetwork(tmp_path, engine, exchange)

    async def test_they_hear_each_other(
        self, network: DesktopNetwork, ada: Member, ben: Member, tmp_path: Path
    ) -> None:
        caller, called = await self.talking(ada, ben)
        for speaker, hearer, words in ((caller, called, ADA_SAYS), (called, caller, BEN_SAYS)):
            said = say(words, rate=16000)

            # a busy machine loses a frame
            def clearly(path: Path, said: Sound = said) -> bool:
                return bool(heard_sentence(said, path, enough=0.6))

            ends = speaker.leg, hearer.leg
            await comes_through(network.mixer, *ends, said, tmp_path, clearly)
        await caller.leg.hang_up()
        await called.ends()
        for end in (caller, called):  # also of who was hung up on
            report = end.leg.media_report()
            assert report.codec == "L16"
            assert report.received > 200
            assert report.loss < 0.2  # frames that a busy machine was late with

    async def test_a_second_ring_is_declined(
        self, network: DesktopNetwork, ada: Member, ben: Member
    ) -> None:
        caller, called = await self.talking(ada, ben)
        second = network.exchange.ring(BEN, "Charles Babbage")
        await until(lambda: second in network.exchange.declined, "the stranger to be declined")
        assert ben.offers.empty()
        assert not called.leg.over
        await caller.leg.hang_up()
        await called.ends()

    async def test_a_call_that_is_hung_up_at_once_rings_nowhere(
        self, network: DesktopNetwork, ada: Member, ben: Member
    ) -> None:
        caller = await ada.calls(BEN)
        await caller.leg.hang_up(Cause.CANCELLED)
        await self.is_free(ada, ben)
        assert network.exchange.calls == []
        assert ben.offers.empty()

    async def test_the_contacts_of_the_program_are_told(self, ada: Member) -> None:
        assert [one.name for one in ada.roster] == [BEN]
