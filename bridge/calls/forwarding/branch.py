"""One phone, rung for one call."""

import asyncio
import logging
from collections.abc import Callable

from bridge.api.views import PhoneState, PhoneView
from bridge.calls.call.dialling import Dialled, OwnPhone, dialled
from bridge.calls.forwarding import screening
from bridge.calls.forwarding.offered import OfferedCall
from bridge.calls.forwarding.screening import ScreeningVerdict
from bridge.calls.ports.leg import Became, Fact, Silent
from bridge.errors import HouseError, NotAllowed
from bridge.terms import Cause, EndedBy, State

log = logging.getLogger(__name__)

_LIVE = {PhoneState.DIALLING, PhoneState.RINGING, PhoneState.ASKING}
_STATES = {
    Cause.BUSY: PhoneState.BUSY,
    Cause.DECLINED: PhoneState.REFUSED,
    Cause.NO_ANSWER: PhoneState.NO_ANSWER,
}


class Branch:
    """Dials the phone, waits for somebody to pick up, and asks who picked up to accept.

    `accept` says whether the call is his then, `put_off` that he does not want it now.
    """

    task: asyncio.Task[None]

    def __init__(
        self,
        call: OfferedCall,
        phone: PhoneView,
        accept: Callable[["Branch"], bool],
        put_off: Callable[[], None],
    ) -> None:
        self.call = call
        self.phone = phone
        self._accept = accept
        self._put_off = put_off
        self.state = PhoneState.DIALLING
        self.dialled: Dialled | None = None
        self.forbidden = ""
        """The rule by which it was not rung."""
        self._farewell: Cause | None = None

    @property
    def over(self) -> bool:
        return self.state not in _LIVE

    async def run(self) -> None:
        """Until the phone is gone: for the winner, until the end of the call."""
        self.call.ringing()
        try:
            callee = OwnPhone(self.call, self.phone, self.call.showing)
            async with dialled(self.call, callee, self._cause) as end:
                self.dialled = end
                end.listener.retell = self._heard
                await self._offered(end)
            if not self.over:
                self._become(_STATES.get(end.leg.cause or Cause.FAILED, PhoneState.UNREACHABLE))
        except asyncio.CancelledError:
            if not self.over:
                self.state = PhoneState.CANCELLED
            raise
        except NotAllowed as why:
            self.forbidden = why.code
            self.call.refused(why)
            self._become(PhoneState.UNREACHABLE)
        except HouseError as why:
            log.warning("a phone could not be dialled: %s", why.code)
            self._become(PhoneState.UNREACHABLE)
        except Exception:
            # one phone's fault must not end the call on the others
            log.exception("a phone could not be rung")
            self._become(PhoneState.UNREACHABLE)

    def give_up(self, cause: Cause) -> None:
        """Stop ringing."""
        if not self.over:
            self._farewell = cause
            self._become(PhoneState.CANCELLED)
            self.task.cancel()

    async def _offered(self, end: Dialled) -> None:
        try:
            async with asyncio.timeout(self.phone.ring_seconds):
                await end.listener.established()
        except TimeoutError:
            self._become(PhoneState.NO_ANSWER)
            return
        if self._is_asked(end):
            self._become(PhoneState.ASKING)
            match await screening.ask(self.call, end):
                case ScreeningVerdict.LATER:
                    self._become(PhoneState.REFUSED)
                    self._put_off()
                    return
                case ScreeningVerdict.REJECT:
                    self._become(PhoneState.REFUSED)
                    self.call.end(Cause.DECLINED, EndedBy.PHONE)
                    return
                case None:
                    self._become(PhoneState.NO_ANSWER)
                    return
        if self._accept(self):
            self._become(PhoneState.ACCEPTED)
            await asyncio.Future()  # the body ends with the phone, or with the call

    def _is_asked(self, end: Dialled) -> bool:
        picked_up = (end.listener.established_at or 0.0) - end.dialled_at
        return self.call.screened or picked_up < screening.INSTANTLY

    def _heard(self, fact: Fact) -> None:
        match fact:
            case Became(State.RINGING | State.EARLY) if self.state is PhoneState.DIALLING:
                self._become(PhoneState.RINGING)
            case Became(State.TERMINATED) if self.state is PhoneState.ASKING:
                self._become(PhoneState.REFUSED)
            case Became(State.TERMINATED, cause) if self.state is PhoneState.ACCEPTED:
                self.call.gone(cause, EndedBy.PHONE)
            case Silent(seconds, likely):
                self.call.nothing_heard("phone", seconds, likely)

    def _become(self, state: PhoneState) -> None:
        self.state = state
        self.call.show()

    def _cause(self) -> Cause:
        """How the phone is told that it is over."""
        if self._farewell is not None:
            return self._farewell
        if self.dialled is not None and self.dialled.listener.established_at is not None:
            return Cause.NORMAL
        ending = self.call.ending
        return Cause.ELSEWHERE if ending and ending.cause is Cause.ELSEWHERE else Cause.CANCELLED
