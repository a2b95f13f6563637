"""SIP keeps the contract of all connectors, against a real registrar."""

import pytest

from bridge.connectors.sip.sip_stack import SipStack
from tests.bridge.connectors.contract import ConnectorContract
from tests.bridge.connectors.sip.conftest import SipNetwork
from tests.peers.kamailio import Kamailio


class TestSip(ConnectorContract):
    @pytest.fixture
    async def network(self, kamailio: Kamailio, stack: SipStack) -> SipNetwork:  # type: ignore[override]
        return SipNetwork(kamailio, stack)
