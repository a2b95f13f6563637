"""A call that nobody else makes: it begins at the user's phones."""

from abc import abstractmethod
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

from bridge.api.views import CallAction, CardState
from bridge.calls.forwarding.branch import Branch
from bridge.calls.forwarding.routed import RoutedCall
from bridge.calls.policy.routing import Plan
from bridge.calls.ports.call_services import CallServices
from bridge.errors import UnknownTarget
from bridge.scope import scope
from bridge.terms import Cause, Direction, EndedBy


class OutboundCall(RoutedCall):
    """Served inside `alive`."""

    def __init__(self, services: CallServices, direction: Direction) -> None:
        super().__init__(services, direction)
        self.state = CardState.RINGING

    @asynccontextmanager
    async def alive(self) -> AsyncIterator[None]:
        """The body is left when the call ends."""
        async with scope() as self.body:
            self.leave = self.body.leave
            yield
            ended = Cause.NO_ANSWER if self.answered is None else Cause.NORMAL
            self.note_end(ended, EndedBy.HOUSE)

    async def ring_user(self, plan: Plan) -> Branch | None:
        """The phone on which he takes it, if he does."""
        if self.ending is not None:  # drained before it began
            return None
        self.show()
        return await self.hunt.ring_out(plan)

    @property
    def screened(self) -> bool:
        return True  # a carrier's voicemail is no listener, and shall not call anybody

    async def act(self, action: CallAction, phone: UUID | None) -> None:
        """A button of its card. One that no longer fits the moment does nothing."""
        if self.ending is not None:
            raise UnknownTarget("call_over")
        if action is CallAction.RING and not self.hunt.won.done():
            self.ring(phone)
        elif action is CallAction.HANG_UP:
            self.end(self._hung_up(), EndedBy.PHONE)

    @abstractmethod
    def _hung_up(self) -> Cause:
        """What it means that the user hangs up by its button."""
