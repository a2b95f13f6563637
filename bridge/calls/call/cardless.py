"""A call of which the chat shows no card; it can be hung up all the same."""

from uuid import UUID

from bridge.api.views import CallAction, CallCard
from bridge.calls.call import card
from bridge.calls.call.call import Call
from bridge.errors import UnknownTarget
from bridge.terms import Cause, EndedBy


class CardlessCall(Call):
    def card(self) -> CallCard:
        return card.draw(self, {})

    async def act(self, action: CallAction, _phone: UUID | None) -> None:
        if self.ending is not None:
            raise UnknownTarget("call_over")
        if action is CallAction.HANG_UP:
            self.end(Cause.NORMAL, EndedBy.PHONE)
