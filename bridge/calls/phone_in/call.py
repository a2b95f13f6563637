"""Somebody rings a number of the house itself: the user, if he can prove it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from uuid import UUID

from bridge.api.views import CallAction, CallCard, CardState, PhoneView
from bridge.audio.port import AudioPort
from bridge.calls.call import card
from bridge.calls.call.answering import Answering, legible
from bridge.calls.call.call import Call, CalledAccount
from bridge.calls.call.listener import Listener, hang_up
from bridge.calls.ivr.ivr import Ivr
from bridge.calls.phone_in.phones import calling_from
from bridge.calls.ports.call_services import CallServices
from bridge.calls.ports.leg import Became, Fact, Leg
from bridge.errors import UnknownTarget
from bridge.scope import Scope, uninterrupted
from bridge.terms import Cause, Direction, EndedBy, MediaReport, State

Serve = Callable[[Call], AbstractAsyncContextManager[None]]
"""Within it a call is among those that go on; afterwards its record is written."""


class PhonedIn(Call):
    """Served inside `alive`. The calls that are made from it are served by `serve`."""

    body: Scope
    """What goes on as long as the call does."""

    def __init__(
        self, services: CallServices, leg: Leg, account: CalledAccount, serve: Serve
    ) -> None:
        super().__init__(services, Direction.PHONED_IN)
        self.network, self.account = account.network, account.label
        self.caller, self.called = legible(leg.remote), leg.called
        self.serve = serve
        self.leg = leg
        self.listener = Listener(leg, self._heard)
        self.ivr = Ivr(services, self.listener, self._nobody_answers)
        self.phone: PhoneView | None = calling_from(self.rules, self.caller)
        """The user's own one that shows this number; which proves nothing."""
        self._answering = Answering(self.listener)

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
        async with self.listener.attending() as self.body:
            self.leave = self.body.leave
            if self.leg.over:  # gone before anybody looked
                self.note_end(self.leg.cause or Cause.FAILED, EndedBy.CALLER)
                self.leave()
            try:
                yield
                self.note_end(Cause.NORMAL, EndedBy.HOUSE)
            finally:
                ending = self.note_end(Cause.FAILED, EndedBy.HOUSE)
                await uninterrupted(hang_up(self.leg, self._answering.farewell(ending.cause)))

    async def answer(self) -> None:
        if not await self._answering.through():
            self.end(Cause.NETWORK_LOST, EndedBy.CALLER)
            await asyncio.Future()  # the body is being left

    def admitted(self) -> None:
        """It is the user."""
        self.state = CardState.ANSWERED
        self.through(self.label)

    def card(self) -> CallCard:
        return card.draw(self, {})

    async def act(self, action: CallAction, _phone: UUID | None) -> None:
        """It has no card; but it can be hung up."""
        if self.ending is not None:
            raise UnknownTarget("call_over")
        if action is CallAction.HANG_UP:
            self.end(Cause.NORMAL, EndedBy.PHONE)

    def _heard(self, fact: Fact) -> None:
        match fact:
            case Became(State.TERMINATED, cause):
                self.note_end(cause or Cause.FAILED, EndedBy.CALLER)

    def _nobody_answers(self) -> None:
        self.end(Cause.NORMAL, EndedBy.HOUSE)
