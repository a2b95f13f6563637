"""Phones on the loopback network."""

from uuid import UUID

from bridge.api.views import PhoneView
from bridge.calls.ports.leg import Leg
from bridge.connectors.base import AccountSession
from bridge.terms import Party


class LoopbackRoute:
    """Dials phones through an account of the loopback network, each by its address there."""

    def __init__(self, trunk: AccountSession) -> None:
        self._trunk = trunk

    async def dial(self, phone: PhoneView, showing: Party, call: UUID) -> Leg:
        return await self._trunk.dial(phone.address, showing)

    def counted(self, phone: PhoneView) -> bool:
        return not phone.address.startswith("sip:")
