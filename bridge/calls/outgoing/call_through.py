"""The user calls a contact from the chat: his own phone rings first, then she is called."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from uuid import UUID

from bridge.api.views import CallAction, CardState
from bridge.audio.port import AudioPort
from bridge.calls import spoken
from bridge.calls.call import limits
from bridge.calls.call.dialling import Dialled
from bridge.calls.forwarding.branch import Branch
from bridge.calls.forwarding.routed import RoutedCall
from bridge.calls.outgoing.conversation import Conversation
from bridge.calls.ports.call_services import CallServices
from bridge.calls.ports.directory import DirectoryEntry, OpenAddress
from bridge.errors import UnknownTarget
from bridge.scope import scope
from bridge.terms import Cause, Direction, EndedBy, Party


class CallThrough(RoutedCall):
    """To `contact`, by `way`. Served inside `alive`."""

    def __init__(self, services: CallServices, contact: DirectoryEntry, way: OpenAddress) -> None:
        super().__init__(services, Direction.OUTGOING)
        self.network = way.network
        self.caller = Party(way.address, contact.name, way.network)
        self.called = way.address
        self.state = CardState.RINGING
        self._contact = contact
        self._way = way

    @asynccontextmanager
    async def alive(self) -> AsyncIterator[None]:
        """The body is left when the call ends."""
        async with scope() as self.body:
            self.leave = self.body.leave
            yield
            self.note_end(Cause.NO_ANSWER, EndedBy.HOUSE)

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

    @property
    def screened(self) -> bool:
        return True  # a carrier's voicemail shall not call anybody

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

    async def act(self, action: CallAction, phone: UUID | None) -> None:
        """A button of its card. One that no longer fits the moment does nothing."""
        if self.ending is not None:
            raise UnknownTarget("call_over")
        accepted = self.hunt.won.done()
        if action is CallAction.RING and not accepted:
            self.ring(phone)
        elif action is CallAction.HANG_UP:
            self.end(Cause.NORMAL if self.answered else Cause.CANCELLED, EndedBy.PHONE)

    def gone(self, cause: Cause | None, by: EndedBy) -> None:
        """The user's phone is gone."""
        ended = Cause.CANCELLED if self.answered is None else cause or Cause.FAILED
        self.end(ended, EndedBy.HOUSE if cause is Cause.MEDIA_LOST else by)

    def _final_state(self) -> CardState:
        return CardState.MISSED if self.answered is None else CardState.ENDED
