"""A call that the user makes from the menu: its place among the calls, and its record."""

from uuid import UUID

from bridge.api.views import CallAction, CallCard, CardState
from bridge.calls.call import card
from bridge.calls.call.call import Call
from bridge.calls.ports.call_services import CallServices
from bridge.calls.ports.directory import DirectoryEntry, OpenAddress
from bridge.errors import UnknownTarget
from bridge.terms import Cause, Direction, EndedBy, Party


class MadeCall(Call):
    """To `contact`, by `way`."""

    def __init__(self, services: CallServices, contact: DirectoryEntry, way: OpenAddress) -> None:
        super().__init__(services, Direction.OUTGOING)
        self.network = way.network
        self.caller = Party(way.address, contact.name, way.network)
        self.called = way.address
        self.state = CardState.RINGING

    def card(self) -> CallCard:
        return card.draw(self, {})

    async def act(self, action: CallAction, _phone: UUID | None) -> None:
        """It has no card; but it can be hung up, and the user is in the menu again."""
        if self.ending is not None:
            raise UnknownTarget("call_over")
        if action is CallAction.HANG_UP:
            self.end(Cause.NORMAL, EndedBy.PHONE)
