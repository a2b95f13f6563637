"""A call that comes in: the caller's leg, the hunt for a phone, the card with its buttons."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Literal
from uuid import UUID

from bridge.api.events import NothingHeard
from bridge.api.views import CallAction, CardState
from bridge.audio.port import AudioPort
from bridge.calls import spoken
from bridge.calls.call.answering import Answering
from bridge.calls.call.call import CalledAccount
from bridge.calls.call.listener import Listener
from bridge.calls.forwarding.recorded_message import RecordedMessage
from bridge.calls.forwarding.routed import RoutedCall
from bridge.calls.forwarding.transcriber import MessageTranscriber
from bridge.calls.ports.call_services import CallServices
from bridge.calls.ports.leg import Became, Fact, Leg, Silent
from bridge.errors import UnknownTarget
from bridge.terms import Cause, Direction, EndedBy, MediaReport, Party, State


class IncomingCall(RoutedCall):
    """Served inside `alive`."""

    def __init__(
        self,
        services: CallServices,
        leg: Leg,
        account: CalledAccount,
        transcriber: MessageTranscriber,
    ) -> None:
        super().__init__(services, Direction.INCOMING)
        self.network, self.account = account.network, account.label
        self.caller, self.called = leg.remote.cleaned(), leg.called
        self.leg = leg
        self.listener = Listener(leg, self._heard)
        self.message: RecordedMessage | None = None
        """What the voicemail recorded and nobody has kept yet."""
        self._transcriber = transcriber
        self._answering = Answering(self, self.listener)
        self._sides_told: set[str] = set()

    @property
    def engages_user(self) -> bool:
        waits = self.reason == "busy_line" or self.state is CardState.RECORDING
        return self.ending is None and (self.answered is not None or not waits)

    @property
    def _rang_until(self) -> float | None:
        return self.listener.established_at  # by the voicemail too

    def reports(self) -> tuple[MediaReport, ...]:
        return self.leg.media_report(), *super().reports()

    # --- what the phones show and say ------------------------------------------------------------

    @property
    def showing(self) -> Party:
        return self.caller

    @property
    def screened(self) -> bool:
        return self.rules.preferences.announce

    async def announce(self, port: AudioPort) -> None:
        language = self.rules.language
        await self.services.say(
            port,
            "Call from {name} via {network}. Press 1 to accept, 2 for voicemail, 3 to reject.",
            name=spoken.caller(language, self.caller, self.rules.country),
            network=spoken.network(language, self.network),
        )

    # --- from its first ring to its end ----------------------------------------------------------

    @asynccontextmanager
    async def alive(self) -> AsyncIterator[None]:
        """The body is left when the caller is gone or the call ends; then nothing is left of it."""
        async with self._answering.attending() as self.body:
            if self.leg.over:  # gone before anybody looked
                self.gone(self.leg.cause, EndedBy.CALLER)
            yield
            self.note_end(self._missed, EndedBy.HOUSE)

    async def answer(self) -> None:
        """Now the caller is through to us."""
        await self._answering.through()

    async def settle(self) -> None:
        if self.message is not None:
            await self.message.keep(self, self._transcriber)

    # --- what the chat says ----------------------------------------------------------------------

    async def act(self, action: CallAction, phone: UUID | None) -> None:
        """A button. One that no longer fits the moment does nothing: the card has changed."""
        if self.ending is not None:
            raise UnknownTarget("call_over")
        joined, recording = self.hunt.won.done(), self.state is CardState.RECORDING
        match action:
            case CallAction.RING if not joined:
                self.ring(phone)
            case CallAction.VOICEMAIL if not joined and not recording:
                self.hunt.send_away()
            case CallAction.NOT_NOW if not joined and not recording:
                self.end(Cause.BUSY, EndedBy.PHONE)
            case CallAction.HANG_UP:
                self._hung_up(joined, recording)
            case CallAction.BLOCK:
                self.reason = "blocked"
                self.end(Cause.NORMAL if joined else Cause.DECLINED, EndedBy.PHONE)
                await self.services.subscriber.block(self.caller)

    def _hung_up(self, joined: bool, recording: bool) -> None:
        unjoined = self._missed if recording else Cause.BUSY
        self.end(Cause.NORMAL if joined else unjoined, EndedBy.PHONE)

    # --- what happens to it ----------------------------------------------------------------------

    def nothing_heard(self, side: Literal["caller", "phone"], seconds: float, likely: str) -> None:
        """One-way sound; told once for each side."""
        if side not in self._sides_told:
            self._sides_told.add(side)
            self.services.tell(
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
            case Became(State.TERMINATED, Cause.NETWORK_LOST as cause) if self.answered:
                self.note_end(cause, EndedBy.CALLER)  # the user hears so before it is left
            case Became(State.TERMINATED, cause):
                self.gone(cause, EndedBy.CALLER)
            case Silent(seconds, likely):
                self.nothing_heard("caller", seconds, likely)

    @property
    def _missed(self) -> Cause:
        """Why nobody spoke to the caller: the user did not want to, or was not there."""
        return Cause.DECLINED if self.hunt.sent_away.done() else Cause.NO_ANSWER

    def _final_state(self) -> CardState:
        cause = self.ending.cause if self.ending else Cause.FAILED
        if self.answered or cause is Cause.ELSEWHERE:
            return CardState.ENDED
        if self.reason == "blocked":
            return CardState.BLOCKED
        if cause in (Cause.BUSY, Cause.DECLINED):
            return CardState.DECLINED
        return CardState.MISSED
