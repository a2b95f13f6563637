"""A call of the house itself to one of the user's phones: to verify it, or to test it."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from bridge.api.views import CardState, PhoneView
from bridge.calls.call.cardless import CardlessCall
from bridge.calls.call.dialling import Dialled, OwnPhone, dialled
from bridge.calls.ports.call_services import CallServices
from bridge.calls.spoken import N_, spoken
from bridge.errors import HouseError, NotAllowed
from bridge.scope import scope
from bridge.terms import Cause, Direction, EndedBy, MediaReport, Party

log = logging.getLogger(__name__)

RING_SECONDS = 45.0
"""The user has the phone at hand, but may have to find it."""
_SHOWN = {Direction.VERIFICATION: N_("Verification call"), Direction.TEST: N_("Test call")}


class ServiceCall(CardlessCall):
    """Rings `phone` and talks to whoever picks up."""

    def __init__(self, services: CallServices, direction: Direction, phone: PhoneView) -> None:
        super().__init__(services, direction)
        self.phone = phone
        self.called = phone.address
        self.state = CardState.RINGING
        self.report = MediaReport()

    def reports(self) -> tuple[MediaReport, ...]:
        return (self.report,)

    async def make(self, dialogue: Callable[[Dialled], Awaitable[None]]) -> None:
        """Ring, and once somebody picks up, speak `dialogue`; afterwards `ending` says how it went.

        Never raises a HouseError: a phone that may not or cannot be dialled is an ending, too.
        """
        if self.ending is not None:  # drained before it began
            return
        async with scope() as body:
            self.leave = body.leave
            try:
                await self._made(dialogue)
            except NotAllowed as why:
                self.refused(why)
                self.note_end(Cause.FORBIDDEN, EndedBy.HOUSE)
            except HouseError as why:
                log.warning("a phone could not be dialled: %s", why.code)
                self.note_end(Cause.UNREACHABLE, EndedBy.HOUSE)

    async def _made(self, dialogue: Callable[[Dialled], Awaitable[None]]) -> None:
        showing = Party("", spoken(self.rules.language, _SHOWN[self.direction]))
        async with dialled(self, OwnPhone(self, self.phone, showing), self._farewell) as end:
            try:
                async with asyncio.timeout(RING_SECONDS):
                    await end.listener.established()
                self.pick_up(self.phone)
                self.state = CardState.ANSWERED
                async with asyncio.timeout_at(end.ends_at):
                    await dialogue(end)
                self.note_end(Cause.NORMAL, EndedBy.HOUSE)
            except TimeoutError:
                if self.answered:
                    self.refused(end.ticket.rule)
                late = Cause.LIMIT if self.answered else Cause.NO_ANSWER
                self.note_end(late, EndedBy.HOUSE)
            except HouseError as why:
                log.warning("a dialogue broke off: %s", why.code)
                self.note_end(Cause.FAILED, EndedBy.HOUSE)
            finally:
                self.report = end.leg.media_report()
                if end.leg.over:
                    self.note_end(end.leg.cause or Cause.FAILED, EndedBy.PHONE)

    def _farewell(self) -> Cause:
        return Cause.CANCELLED if self.answered is None else Cause.NORMAL
