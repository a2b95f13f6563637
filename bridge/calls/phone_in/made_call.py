"""A call that the user makes from the menu: its place among the calls, and its record."""

from bridge.api.views import CardState
from bridge.calls.call.cardless import CardlessCall
from bridge.calls.ports.call_services import CallServices
from bridge.calls.ports.directory import DirectoryEntry, OpenAddress
from bridge.terms import Direction, Party


class MadeCall(CardlessCall):
    """To `contact`, by `way`; once it is hung up, the user is in the menu again."""

    def __init__(self, services: CallServices, contact: DirectoryEntry, way: OpenAddress) -> None:
        super().__init__(services, Direction.OUTGOING)
        self.network = way.network
        self.caller = Party(way.address, contact.name, way.network)
        self.called = way.address
        self.state = CardState.RINGING
