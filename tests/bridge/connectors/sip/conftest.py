"""SIP against a real registrar, in this process.

pjsua2 allows one endpoint per process, so the engine is started once and lent to each test's loop.
"""

import asyncio
from collections.abc import AsyncIterator
from ipaddress import IPv4Address
from pathlib import Path

import pytest

from bridge.audio.pjmedia.engine import EngineSettings, PjsuaEngine
from bridge.audio.pjmedia.mixer import ConferenceMixer
from bridge.connectors.base import AccountSession, Credentials, Desk
from bridge.connectors.sip.session import SipSession
from bridge.connectors.sip.sip_stack import SipStack
from tests.bridge.connectors.contract import Network
from tests.peers.fixtures import baresip_factory, kamailio, sipp_factory
from tests.peers.kamailio import Account, Kamailio
from tests.peers.programs import until

__all__ = ["baresip_factory", "kamailio", "sipp_factory"]

SIP_TESTS = Path(__file__).parent
_ENGINES: list[PjsuaEngine] = []


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if SIP_TESTS in item.path.parents:
            item.add_marker(pytest.mark.real)


@pytest.fixture
async def engine() -> AsyncIterator[PjsuaEngine]:
    if not _ENGINES:
        started = PjsuaEngine(EngineSettings(IPv4Address("127.0.0.1"), (20000, 29999)))
        await started.start()
        _ENGINES.append(started)
    lent = _ENGINES[0]
    lent._loop = asyncio.get_running_loop()
    yield lent
    try:
        await until(lambda: lent.live_calls == 0, "all calls of this test to be over", 5)
    finally:  # the next test shall not suffer for this one
        await lent.do(lent._endpoint.hangupAllCalls)
    await until(lambda: lent._sounding == 0, "the clock to be stopped", 5)


@pytest.fixture
async def stack(engine: PjsuaEngine, tmp_path: Path) -> SipStack:
    found = SipStack(engine, ConferenceMixer(engine, tmp_path / "recordings"))
    found.acl.shut()
    return found


class SipNetwork(Network):
    """Two accounts at one provider."""

    notices_loss = True

    def __init__(self, provider: Kamailio, stack: SipStack) -> None:
        self.provider = provider
        self.stack = stack

    def account(self, who: str) -> Account:
        return self.provider.account("bob" if who == "ben" else who)

    def credentials(self, who: str) -> Credentials:
        return credentials_of(self.account(who))

    def wrong_credentials(self, who: str) -> Credentials:
        right = credentials_of(self.account(who))
        return Credentials(right.address, right.options, {"password": "guessed-badly"})

    def session(self, credentials: Credentials, desk: Desk) -> AccountSession:
        session = SipSession(credentials, desk, self.stack)
        session.refresh_every, session.answer_within = 0.5, 1.5
        return session

    def address(self, who: str) -> str:
        return self.provider.account("bob" if who == "ben" else who, password="").uri

    async def lose(self) -> None:
        await self.provider.kill()


def credentials_of(account: Account, **options: str) -> Credentials:
    found = {"registrar": account.registrar, "user": account.user, "transport": account.transport}
    return Credentials(account.uri, {**found, **options}, {"password": account.password})


@pytest.fixture
async def network(kamailio: Kamailio, stack: SipStack) -> SipNetwork:
    return SipNetwork(kamailio, stack)
