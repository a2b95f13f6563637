"""Every call passes here: this file is the table of contents of the house.

Several doors, one hall. A friend calls an account (`incoming`); the house calls because there is
something to hear (`call_out`), to verify a phone (`verify`) or to test it (`test_call`). Each call
is served from its first ring to its record, and none is lost: whatever happens, one CDR is written.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any
from uuid import UUID

from bridge.audio.port import Mixer, Speaker
from bridge.calls import cdr, routing, talk, tollguard, voicemail
from bridge.calls.book import Book, Phone
from bridge.calls.call import Account
from bridge.calls.checkup import Checkup
from bridge.calls.clock import Clock
from bridge.calls.errand import Errand
from bridge.calls.exchange import Exchange
from bridge.calls.incoming import IncomingCall
from bridge.calls.leg import Leg
from bridge.calls.library import Library, Order
from bridge.calls.line import Line
from bridge.calls.playout import dialogue
from bridge.calls.playout.call_out import CallOut
from bridge.calls.register import AnyCall, Register
from bridge.calls.routing import Plan
from bridge.calls.scope import uninterrupted
from bridge.calls.verification import Verification, new_digits
from bridge.control.events import Event
from bridge.control.listening import Key
from bridge.control.views import CallAction, CallCard, VerificationView
from bridge.errors import NotAllowed, UnknownTarget
from bridge.terms import Cause, Direction, EndedBy

log = logging.getLogger(__name__)


class Switchboard:
    """All calls of one user."""

    def __init__(
        self,
        book: Book,
        line: Line,
        mixer: Mixer,
        speaker: Speaker,
        tell: Callable[[Event], None],
        clock: Clock,
        *,
        encode: Callable[[Path], Awaitable[bytes]],
        library: Library,
        voicemail_seconds: float = 180.0,
    ) -> None:
        self._exchange = Exchange(
            book, line, mixer, speaker, tell, clock, encode, voicemail_seconds
        )
        self._library = library
        self._calls = Register()
        self._tasks: set[asyncio.Task[None]] = set()
        self._closing = False

    # --- somebody calls --------------------------------------------------------------------------

    def offer(self, leg: Leg, account: Account) -> None:
        """Take a call that a session offers; returns at once."""
        self._start(self.incoming(leg, account))

    async def incoming(self, leg: Leg, account: Account) -> None:
        """Somebody rings one of the user's accounts; returns when the call is over and kept."""
        call = IncomingCall(self._exchange, leg, account)
        async with self._served(call), call.alive():
            await self._put_through(call)

    async def _put_through(self, call: IncomingCall) -> None:
        """The life of a call. The caller is answered only once somebody accepts, or to record."""
        if self._closing:
            call.end(Cause.NO_ANSWER, EndedBy.HOUSE)  # 480; 503 would condemn the route to us
        if call.ending is not None:
            return
        engaged = self._calls.engaged(but=call)
        plan = routing.plan(call.rules, call.caller, self._exchange.clock.now(), engaged)
        call.reason = plan.reason
        if plan.rejected:
            return call.end(Cause.DECLINED, EndedBy.HOUSE)
        call.show()
        await call.leg.ring()
        winner = await call.hunt.ring_out(plan)
        if winner is None:
            call.reason = call.reason or call.hunt.refusal
            winner = await voicemail.take(call)
        if winner is not None:
            await talk.join(call, winner)

    async def act(self, call: UUID, action: CallAction, phone: UUID | None = None) -> None:
        """A button of a call card. UnknownTarget("call_over") when it comes too late."""
        running = self._calls.get(call)
        if running is None:
            raise UnknownTarget("call_over")
        await running.act(action, phone)

    # --- there is something to hear --------------------------------------------------------------

    async def call_out(self, order: Order) -> None:
        """Ring the user's phones and play to him; returns as soon as they may ring.

        UnknownTarget("slot_over" | "nothing_new" | "no_such_..."), NetworkDown("not_downloaded"),
        NotAllowed("no_phone" | "already_calling").
        """
        playlist = await self._library.playlist(order)
        if not routing.rounds_of(self._exchange.book.rules()):
            raise NotAllowed("no_phone")
        if self._closing or self._calls.engaged():
            raise NotAllowed("already_calling")
        call = CallOut(self._exchange, self._library, order, playlist)
        self._calls.add(call)  # from now on nobody else calls these phones
        try:
            if order.slot is not None and not await self._library.dialling(order.slot, call.id):
                raise UnknownTarget("slot_over")
        except BaseException:
            self._calls.remove(call)
            raise
        self._start(self._play_out(call))

    async def _play_out(self, call: CallOut) -> None:
        """The life of a call-out."""
        async with self._served(call), call.alive():
            if call.ending is not None:  # drained before it began
                return
            call.show()
            winner = await call.hunt.ring_out(Plan(routing.rounds_of(call.rules)))
            if winner is not None:
                await dialogue.listen(call, winner)

    async def press(self, call: UUID, key: Key) -> None:
        """A button of who listens. UnknownTarget("call_over") when it comes too late."""
        running = self._calls.get(call)
        if not isinstance(running, CallOut):
            raise UnknownTarget("call_over")
        running.press(key)

    # --- the house calls -------------------------------------------------------------------------

    async def verify(self, phone: UUID) -> VerificationView:
        """Call a phone and ask for the digits that this gives back at once; PhoneChecked follows.

        NotAllowed("cooling" | "already_calling" | a rule of the tollguard), UnknownTarget.
        """
        tries_left = await self._exchange.book.verification_tries_left(phone)
        call = self._errand(Direction.VERIFICATION, phone)
        digits = new_digits()
        self._start(self._run(call, Verification(call, digits, tries_left)))
        return VerificationView(digits=digits, tries_left=tries_left)

    async def test_call(self, phone: UUID) -> None:
        """Call a phone to test its sound and keys; TestCallEnded follows.

        NotAllowed("not_verified" | "already_calling" | a rule of the tollguard), UnknownTarget.
        """
        if not self._own_phone(phone).verified:
            raise NotAllowed("not_verified")
        call = self._errand(Direction.TEST, phone)
        self._start(self._run(call, Checkup(call)))

    def _errand(self, direction: Direction, phone_id: UUID) -> Errand:
        phone = self._own_phone(phone_id)
        tollguard.check(phone.address, self._exchange.book.rules().countries)
        running = (call for call in self._calls if isinstance(call, Errand))
        if self._closing or any(call.phone.id == phone.id for call in running):
            raise NotAllowed("already_calling")
        call = Errand(self._exchange, direction, phone)
        self._calls.add(call)  # from now on nobody else calls this phone
        return call

    async def _run(self, call: Errand, dialogue: Verification | Checkup) -> None:
        async with self._served(call):
            await dialogue.run()

    def _own_phone(self, id: UUID) -> Phone:
        phone = self._exchange.book.rules().phone(id)
        if phone is None:
            raise UnknownTarget("no_such_phone")
        return phone

    # --- all calls -------------------------------------------------------------------------------

    def running(self) -> list[CallCard]:
        """The calls that go on, the oldest first."""
        return [call.card() for call in self._calls if call.ending is None]

    async def drain(self, seconds: float) -> None:
        """Take no more calls, let the running ones go on for `seconds`, then end them."""
        self._closing = True
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._calls.empty()
        for call in self._calls:
            call.end(Cause.NO_ANSWER if call.answered is None else Cause.NORMAL, EndedBy.HOUSE)
        await self._calls.empty()
        if self._tasks:
            await asyncio.wait(self._tasks)

    @asynccontextmanager
    async def _served(self, call: AnyCall) -> AsyncIterator[None]:
        """Whatever happens in the body, the call is closed and its record written, once."""
        self._calls.add(call)
        try:
            yield
        except Exception:
            log.exception("a call failed")
        finally:
            call.note_end(Cause.FAILED, EndedBy.HOUSE)
            await uninterrupted(self._close(call))

    async def _close(self, call: AnyCall) -> None:
        try:
            match call:
                case IncomingCall():
                    await voicemail.keep(call)
                case CallOut():
                    await call.settle()
        except Exception:
            log.exception("what a call leaves behind could not be kept")
        try:
            await self._exchange.book.write(cdr.of(call))
        except Exception:
            log.exception("the record of a call could not be written")
        self._calls.remove(call)
        call.close()

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
