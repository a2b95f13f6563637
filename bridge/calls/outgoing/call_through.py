"""The user calls a contact from the chat: his own phone rings first, then she is called."""

from functools import partial

from bridge.api.views import CardState
from bridge.audio.port import AudioPort
from bridge.calls import spoken
from bridge.calls.call import limits
from bridge.calls.call.dialling import Dialled
from bridge.calls.forwarding.branch import Branch
from bridge.calls.forwarding.outbound import OutboundCall
from bridge.calls.outgoing.conversation import Conversation
from bridge.calls.ports.call_services import CallServices
from bridge.calls.ports.directory import DirectoryEntry, OpenAddress
from bridge.terms import Cause, Direction, EndedBy, Party


class CallThrough(OutboundCall):
    """To `contact`, by `way`. Served inside `alive`."""

    def __init__(self, services: CallServices, contact: DirectoryEntry, way: OpenAddress) -> None:
        super().__init__(services, Direction.OUTGOING)
        self.network = way.network
        self.caller = Party(way.address, contact.name, way.network)
        self.called = way.address
        self._contact = contact
        self._way = way

    async def connect(self, winner: Branch) -> None:
        """The user is on the phone: call her."""
        end = winner.dialled
        assert end is not None, "a phone that accepted has been dialled"
        self.body.start(limits.keep(self, end, partial(self._warn, end)))
        await Conversation(self, end.listener, winner.phone.label, self._contact, self._way).run()

    async def _warn(self, end: Dialled, left: float) -> None:
        await self.services.say(end.leg.audio, limits.WARNED, seconds=f"{left:.0f}")

    # --- what the phones show and say ------------------------------------------------------------

    @property
    def showing(self) -> Party:
        return self.caller

    async def announce(self, port: AudioPort) -> None:
        await self.services.say(
            port,
            "Your call to {name}. Press 1 to be connected, 3 to leave it.",
            name=spoken.name(self.rules.language, self._contact.spoken),
        )

    # --- what the chat says ----------------------------------------------------------------------

    def through(self, label: str) -> None:
        super().through(label)
        self.become(CardState.ANSWERED)

    def _hung_up(self) -> Cause:
        return Cause.NORMAL if self.answered else Cause.CANCELLED

    def gone(self, cause: Cause | None, by: EndedBy) -> None:
        """The user's phone is gone."""
        ended = Cause.CANCELLED if self.answered is None else cause or Cause.FAILED
        self.end(ended, EndedBy.HOUSE if cause is Cause.MEDIA_LOST else by)

    def _final_state(self) -> CardState:
        return CardState.MISSED if self.answered is None else CardState.ENDED
