"""The loopback network keeps the contract, by the clock on the wall."""

import subprocess
import sys

import pytest

from bridge.connectors import catalogue
from bridge.connectors.base import AccountSession, Credentials, Desk
from bridge.connectors.loopback.connector import Loopback
from bridge.errors import UnknownTarget
from bridge.terms import Cause
from tests.bridge.connectors.contract import ADA, BEN, ConnectorContract, Network, signed_in


class LoopbackNetwork(Network):
    patience = 1.0
    nobody = "nobody"

    def __init__(self) -> None:
        self.loopback = Loopback()

    def credentials(self, who: str) -> Credentials:
        return Credentials(who, secrets={"password": "open sesame"})

    def wrong_credentials(self, who: str) -> Credentials:
        return Credentials(who, secrets={"password": "open barley"})

    def session(self, credentials: Credentials, desk: Desk) -> AccountSession:
        return self.loopback.session(credentials, desk)

    def address(self, who: str) -> str:
        return who

    async def lose(self) -> None:
        await self.loopback.lose()


class TestLoopback(ConnectorContract):
    @pytest.fixture
    async def network(self) -> Network:
        return LoopbackNetwork()


async def test_a_call_ends_with_the_network() -> None:
    network = LoopbackNetwork()
    async with signed_in(network, ADA) as ada, signed_in(network, BEN) as ben:
        caller = await ada.calls(BEN)
        called = await ben.offered()
        await network.lose()
        assert await caller.ends() is Cause.NETWORK_LOST
        assert await called.ends() is Cause.NETWORK_LOST


class Answers:
    """Somebody who signs in."""

    def __init__(self, *said: str) -> None:
        self.said = list(said)
        self.asked: list[str] = []

    async def text(self, question: str, *, example: str = "", default: str | None = None) -> str:
        self.asked.append(question)
        return self.said.pop(0)

    async def secret(self, question: str) -> str:
        return await self.text(question)

    async def choice(self, question: str, choices: object) -> str:
        return await self.text(question)

    async def show(self, caption: str, png: bytes) -> None:
        self.asked.append(caption)


async def test_signing_in_is_a_dialogue() -> None:
    ask = Answers("ada", "open sesame")
    credentials = await Loopback().sign_in(ask)
    assert credentials == Credentials("ada", secrets={"password": "open sesame"})
    assert "sesame" not in repr(credentials)
    assert ask.asked == ["Your name on the loopback network", "Password"]


def test_the_catalogue_and_the_connector_agree() -> None:
    for network, title in catalogue.TITLES.items():
        connector = catalogue.connector_of(network)
        assert (connector.network, connector.title) == (network, title)


def test_a_network_that_does_not_exist() -> None:
    with pytest.raises(UnknownTarget, match="no_such_network"):
        catalogue.connector_of("skype")


def test_the_catalogue_loads_a_network_only_when_it_is_used() -> None:
    loads = "import sys, bridge.connectors.catalogue; sys.exit('pjsua2' in sys.modules)"
    subprocess.run([sys.executable, "-c", loads], check=True)
