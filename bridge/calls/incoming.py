"""A call that comes in: the caller's leg, the hunt for a phone, the card with its buttons."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Literal
from uuid import UUID

from bridge.calls import card
from bridge.calls.book import Phone
from bridge.calls.call import Account, Call
from bridge.calls.exchange import Exchange
from bridge.calls.hunt import Hunt
from bridge.calls.leg import Became, Fact, Leg, Silent
from bridge.calls.listener import Listener, hang_up
from bridge.calls.scope import Scope, uninterrupted
from bridge.control.events import CardChanged, NothingHeard
from bridge.control.views import CallAction, CallCard, CardState
from bridge.errors import NotAllowed, UnknownTarget
from bridge.terms import Cause, Direction, EndedBy, MediaReport, Party, State

if TYPE_CHECKING:
    from bridge.calls.voicemail import Message

LONGEST_NAME = 200
ANSWER_WITHIN = 10.0
"""Seconds in which a caller's network must confirm that we answered (RFC 3261: the ACK)."""


class IncomingCall(Call):
    """Served inside `alive`; every change is told to the chat by `show`."""

    body: Scope

    def __init__(self, exchange: Exchange, leg: Leg, account: Account) -> None:
        super().__init__(exchange, Direction.INCOMING)
        self.network, self.account = account.network, account.label
        self.caller, self.called = _legible(leg.remote), leg.called
        self.leg = leg
        self.listener = Listener(leg, self._heard)
        self.hunt = Hunt(self)
        self.message: Message | None = None
        """What the voicemail recorded and nobody has kept yet."""
        self._answering = False
        self._sides_told: set[str] = set()
        self._shown: CallCard | None = None
        self._closed = False

    @property
    def engages_user(self) -> bool:
        waits = self.reason == "busy_line" or self.state is CardState.RECORDING
        return self.ending is None and (self.answered is not None or not waits)

    @property
    def _rang_until(self) -> float | None:
        return self.listener.established_at  # by the voicemail too

    def reports(self) -> tuple[MediaReport, ...]:
        winner = self.hunt.winner
        joined = winner.dialled.leg.media_report() if winner and winner.dialled else MediaReport()
        return self.leg.media_report(), joined

    @asynccontextmanager
    async def alive(self) -> AsyncIterator[None]:
        """The body is left when the caller is gone or the call ends; then nothing is left of it."""
        async with self.listener.attending() as self.body:
            self.leave = self.body.leave
            if self.leg.over:  # gone before anybody looked
                self.gone(self.leg.cause, EndedBy.CALLER)
            try:
                yield
                self.note_end(self._missed, EndedBy.HOUSE)
            finally:
                ending = self.note_end(Cause.FAILED, EndedBy.HOUSE)
                await uninterrupted(hang_up(self.leg, self._farewell(ending.cause)))

    async def answer(self) -> None:
        """Now the caller is through to us."""
        if self.listener.established_at is not None:
            return
        if not self._answering:
            self._answering = True
            await self.leg.answer()
        try:
            async with asyncio.timeout(ANSWER_WITHIN):
                await self.listener.established()
        except TimeoutError:
            self.end(Cause.NETWORK_LOST, EndedBy.CALLER)
            await asyncio.Future()  # the body is being left

    # --- what the chat sees and says -------------------------------------------------------------

    def become(self, state: CardState) -> None:
        self.state = state
        self.show()

    def show(self) -> None:
        """Tell the chat what has changed; after the end only `close` has something to tell."""
        if (self.ending is None or self._closed) and (drawn := self.card()) != self._shown:
            self._shown = drawn
            self.exchange.tell(CardChanged(user=self.rules.user, card=drawn))

    def card(self) -> CallCard:
        return card.draw(self, self.hunt.states(only_live=self.state is CardState.RECORDING))

    def close(self) -> None:
        """The last card."""
        self._closed = True
        self.become(self._final_state())

    async def act(self, action: CallAction, phone: UUID | None) -> None:
        """A button. One that no longer fits the moment does nothing: the card has changed."""
        if self.ending is not None:
            raise UnknownTarget("call_over")
        joined, recording = self.hunt.won.done(), self.state is CardState.RECORDING
        match action:
            case CallAction.RING if not joined:
                self.hunt.ring(self._own_phone(phone), again=True)
            case CallAction.VOICEMAIL if not joined and not recording:
                self.hunt.send_to_voicemail()
            case CallAction.NOT_NOW if not joined and not recording:
                self.end(Cause.BUSY, EndedBy.PHONE)
            case CallAction.HANG_UP:
                self._hung_up(joined, recording)
            case CallAction.BLOCK:
                self.reason = "blocked"
                self.end(Cause.NORMAL if joined else Cause.DECLINED, EndedBy.PHONE)
                await self.exchange.book.block(self.caller)

    def _hung_up(self, joined: bool, recording: bool) -> None:
        unjoined = self._missed if recording else Cause.BUSY
        self.end(Cause.NORMAL if joined else unjoined, EndedBy.PHONE)

    def _own_phone(self, id: UUID | None) -> Phone:
        phone = self.exchange.book.rules().phone(id) if id else None
        if phone is None:
            raise UnknownTarget("no_such_phone")
        if not phone.verified:
            raise NotAllowed("not_verified")
        return phone

    # --- what happens to it ----------------------------------------------------------------------

    def ringing(self) -> None:
        """A phone is being rung."""
        self.become(CardState.RINGING if self.state is CardState.ARRIVED else self.state)

    def joined_to(self, phone: Phone) -> None:
        """Caller and user are through to each other."""
        if self.answered is None:
            self.pick_up(phone)
            self.become(CardState.ANSWERED)

    def nothing_heard(self, side: Literal["caller", "phone"], seconds: float, likely: str) -> None:
        """One-way sound; told once for each side."""
        if side not in self._sides_told:
            self._sides_told.add(side)
            self.exchange.tell(
                NothingHeard(
                    user=self.rules.user, call=self.id, side=side, seconds=seconds, likely=likely
                )
            )

    def gone(self, cause: Cause | None, by: EndedBy) -> None:
        """One side is gone. A leg that died of silence was ended by the house."""
        if cause is Cause.MEDIA_LOST:
            by = EndedBy.HOUSE
        elif self._never_talked(by):
            cause = self._missed
        self.end(cause or Cause.FAILED, by)

    def _never_talked(self, by: EndedBy) -> bool:
        """Whether caller and user were never joined, though somebody was answered."""
        early = self.answered is None and by is EndedBy.PHONE
        return early or self.state is CardState.RECORDING

    def _heard(self, fact: Fact) -> None:
        match fact:
            case Became(State.ESTABLISHED) if (winner := self.hunt.winner) is not None:
                # not only once the sound is joined: who hangs up in this moment was answered, too
                self.joined_to(winner.phone)
            case Became(State.TERMINATED, cause):
                self.gone(cause, EndedBy.CALLER)
            case Silent(seconds, likely):
                self.nothing_heard("caller", seconds, likely)

    @property
    def _missed(self) -> Cause:
        """Why nobody spoke to the caller: the user did not want to, or was not there."""
        return Cause.DECLINED if self.hunt.sent_away.done() else Cause.NO_ANSWER

    def _farewell(self, cause: Cause) -> Cause:
        """What the caller's network is told: once answered, it is simply over."""
        return cause if self.listener.established_at is None else Cause.NORMAL

    def _final_state(self) -> CardState:
        cause = self.ending.cause if self.ending else Cause.FAILED
        if self.answered or cause is Cause.ELSEWHERE:
            return CardState.ENDED
        if self.reason == "blocked":
            return CardState.BLOCKED
        if cause in (Cause.BUSY, Cause.DECLINED):
            return CardState.DECLINED
        return CardState.MISSED


def _legible(stranger: Party) -> Party:
    """Names come from strangers: no surrogates (they cannot be sent on), no line breaks, no
    novels.
    """
    address, name = (
        " ".join(text.encode("utf-8", "replace").decode().split())[:LONGEST_NAME]
        for text in (stranger.address, stranger.name)
    )
    return Party(address, name, stranger.network)
