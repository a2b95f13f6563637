"""The way out to the user's phones."""

from typing import Protocol
from uuid import UUID

from bridge.api.views import PhoneView
from bridge.calls.ports.leg import Leg
from bridge.terms import Party


class OutboundRoute(Protocol):
    """Dials phones: numbers through a trunk, sip: addresses directly."""

    async def dial(self, phone: PhoneView, showing: Party, call: UUID) -> Leg:
        """Ring `phone`, its display showing `showing`; gives a leg in OUTGOING.

        Raises NotAllowed when nothing may or can dial it, NetworkDown, UnknownTarget.
        """

    def counted(self, phone: PhoneView) -> bool:
        """Whether a call to it goes through a trunk and costs money."""
