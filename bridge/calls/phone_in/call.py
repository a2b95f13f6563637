"""Somebody rings a number of the house itself: the user, if he can prove it."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from bridge.api.views import CardState, PhoneView
from bridge.audio.port import AudioPort
from bridge.calls.call.answering import Answering
from bridge.calls.call.call import Call, CalledAccount
from bridge.calls.call.cardless import CardlessCall
from bridge.calls.call.listener import Listener
from bridge.calls.ivr.ivr import Ivr
from bridge.calls.phone_in.phones import calling_from
from bridge.calls.ports.call_services import CallServices
from bridge.calls.ports.leg import Became, Fact, Leg
from bridge.scope import Scope
from bridge.terms import Cause, Direction, EndedBy, MediaReport, State

Serve = Callable[[Call], AbstractAsyncContextManager[None]]
"""Within it a call is among those that go on; afterwards its record is written."""


class PhonedIn(CardlessCall):
    """Served inside `alive`. The calls that are made from it are served by `serve`."""

    body: Scope
    """What goes on as long as the call does."""

    def __init__(
        self, services: CallServices, leg: Leg, account: CalledAccount, serve: Serve
    ) -> None:
        super().__init__(services, Direction.PHONED_IN)
        self.network, self.account = account.network, account.label
        self.caller, self.called = leg.remote.cleaned(), leg.called
        self.serve = serve
        self.leg = leg
        self.listener = Listener(leg, self._heard)
        self.ivr = Ivr(services, self.listener, self._nobody_answers)
        self.phone: PhoneView | None = calling_from(self.rules, self.caller)
        """The user's own one that shows this number; which proves nothing."""
        self._answering = Answering(self, self.listener)

    @property
    def engages_user(self) -> bool:
        """Not before he has proved who he is."""
        return self.ending is None and self.answered is not None

    @property
    def unproved(self) -> bool:
        return self.ending is None and self.answered is None

    @property
    def port(self) -> AudioPort:
        return self.leg.audio

    @property
    def label(self) -> str:
        """What the user calls the phone."""
        return self.phone.label if self.phone else self.caller.shown

    def reports(self) -> tuple[MediaReport, ...]:
        return (self.leg.media_report(),)

    @asynccontextmanager
    async def alive(self) -> AsyncIterator[None]:
        """The body is left when the caller is gone or the call ends; then nothing is left of it."""
        async with self._answering.attending() as self.body:
            if self.leg.over:  # gone before anybody looked
                self.end(self.leg.cause or Cause.FAILED, EndedBy.CALLER)
            yield
            self.note_end(Cause.NORMAL, EndedBy.HOUSE)

    async def answer(self) -> None:
        await self._answering.through()

    def admitted(self) -> None:
        """It is the user."""
        self.state = CardState.ANSWERED
        self.through(self.label)

    def _heard(self, fact: Fact) -> None:
        match fact:
            case Became(State.TERMINATED, cause):
                self.note_end(cause or Cause.FAILED, EndedBy.CALLER)

    def _nobody_answers(self) -> None:
        self.end(Cause.NORMAL, EndedBy.HOUSE)
