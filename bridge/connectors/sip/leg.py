"""One SIP call as a leg: pjsua2's callbacks become facts, the leg's verbs become SIP.

`PjCall` lives on the pjsua2 thread, `SipLeg` on the event loop; they meet in `engine.do` and
`engine.tell`.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

import pjsua2 as pj

from bridge.audio.pjmedia.endpoint import MAX_CALLS
from bridge.audio.pjmedia.patch_bay import Slot
from bridge.audio.pjmedia.pjsua import reason_of
from bridge.calls.ports.leg import Leg
from bridge.connectors.sip import rtp_watchdog
from bridge.connectors.sip.pjcall import PjCall
from bridge.connectors.sip.sip_stack import SipStack
from bridge.connectors.sip.tones import hear_keys
from bridge.errors import NotAllowed, UnknownTarget
from bridge.terms import Cause, MediaReport, Party, State

log = logging.getLogger(__name__)

_COMPLETED_ELSEWHERE = 'SIP;cause=200;text="Call completed elsewhere"'  # RFC 3326
_SLOT_FREE_SOON = 70010  # PJ_ETOOMANY: the library frees a call a moment after telling us so
_ATTEMPTS, _PAUSE = 10, 0.1
SILENT_AFTER = 5.0
"""Seconds without any answer to four INVITEs: nobody is there, though SIP would go on for 32 s."""


class SipLeg(Leg):
    """A leg in pjsua2. Made by `offered` (it rings us) or `place` (we ring it)."""

    def __init__(self, stack: SipStack, remote: Party, called: str, outgoing: bool) -> None:
        super().__init__(remote, called)
        self.engine = stack.engine
        self.slot = Slot(stack.mixer.bay, wants_silence=True)
        self.dead_after = stack.dead_after
        self._outgoing = outgoing
        self._call: PjCall | None = None
        self._ending: Cause | None = None
        self._held = False
        self._report = MediaReport()
        self._watch: asyncio.Task[None] | None = None
        self._tones: asyncio.Task[None] | None = None
        self._heard_of = False

    @classmethod
    def offered(
        cls, stack: SipStack, account: pj.Account, call_id: int, remote: Party, called: str
    ) -> "SipLeg":
        """On the pjsua2 thread: an INVITE has arrived."""
        leg = cls(stack, remote, called, outgoing=False)
        leg._call = PjCall(leg, account, call_id)
        return leg

    @classmethod
    async def place(
        cls,
        stack: SipStack,
        account: pj.Account,
        uri: str,
        *,
        remote: Party,
        shown_as: str = "",
        headers: dict[str, str] | None = None,
    ) -> "SipLeg":
        """Send an INVITE to `uri`; `shown_as` is the From address. Gives a leg that is OUTGOING.

        Raises NotAllowed("lines_busy") when the library is full, UnknownTarget for a bad URI.
        """
        engine = stack.engine
        leg = cls(stack, remote, "", outgoing=True)
        leg.became(State.OUTGOING)
        for _ in range(_ATTEMPTS):
            if engine.live_calls < MAX_CALLS:
                try:
                    await engine.do(lambda: leg._invite(account, uri, shown_as, headers or {}))
                    leg._watch = asyncio.create_task(leg._end_if_nobody_is_there())
                    return leg
                except pj.Error as why:
                    if why.status != _SLOT_FREE_SOON:
                        raise UnknownTarget("cannot_dial", why=why.reason) from None
            await asyncio.sleep(_PAUSE)
        raise NotAllowed("lines_busy", limit=str(MAX_CALLS))

    def _invite(
        self, account: pj.Account, uri: str, shown_as: str, headers: dict[str, str]
    ) -> None:
        call = PjCall(self, account)
        request = pj.CallOpParam(True)
        request.txOption.localUri = shown_as
        for name, value in headers.items():
            request.txOption.headers.append(_header(name, value))
        try:
            call.makeCall(uri, request)
        except pj.Error:
            call.let_go()
            raise
        self._call = call

    # --- verbs ------------------------------------------------------------------------------------

    @property
    def audio(self) -> Slot:
        return self.slot

    async def ring(self) -> None:
        if self.state is State.INCOMING:
            await self._verb(lambda call: call.answer(_status(180)))
            if self.state is State.INCOMING:
                self.became(State.RINGING)

    async def answer(self) -> None:
        await self._verb(lambda call: call.answer(_status(200)))

    async def hang_up(self, cause: Cause = Cause.NORMAL) -> None:
        if self._ending is None:
            self._ending = cause
            if await self._verb(lambda call: call.hang_up(self._farewell(cause))):
                # over when BYE is sent (RFC 3261 section 15.1.1): who is gone never answers it
                self._end(cause)

    def _farewell(self, cause: Cause) -> Any:
        request = pj.CallOpParam()
        if self.state in (State.INCOMING, State.RINGING) and not self._outgoing:
            request.statusCode = cause.sip_code if cause.sip_code >= 300 else 480
        if cause is Cause.ELSEWHERE:
            # the phone then lists no missed call
            request.txOption.headers.append(_header("Reason", _COMPLETED_ELSEWHERE))
        return request

    async def press(self, digits: str) -> None:
        await self._verb(lambda call: call.send_digits(digits))

    async def hold(self, held: bool) -> None:
        for _ in range(_ATTEMPTS):
            done = await self._verb(lambda call: call.hold(held))
            if done or self.state not in (State.ESTABLISHED, State.HELD):
                return
            await asyncio.sleep(_PAUSE)  # the re-INVITE before this one is not answered yet

    def media_report(self) -> MediaReport:
        return self._report

    async def _verb(self, work: Callable[["PjCall"], None]) -> bool:
        """Whether it was done. A verb that comes too late, or that the library refuses because of
        a race, is no error.
        """

        def run() -> None:
            # looked up there: the last reference to a call must never be dropped on this thread
            if self._call is not None:
                work(self._call)

        if not self.over:
            try:
                await self.engine.do(run)
                return True
            except pj.Error as why:
                log.debug("verb came too late: %s", reason_of(why))
        return False

    async def _end_if_nobody_is_there(self) -> None:
        await asyncio.sleep(SILENT_AFTER)
        if not self._heard_of and self.state is State.OUTGOING:
            await self.hang_up(Cause.UNREACHABLE)

    # --- facts, on the event loop -----------------------------------------------------------------

    def on_state(self, state: int, code: int) -> None:
        if state == pj.PJSIP_INV_STATE_EARLY and self._outgoing:
            self.became(State.EARLY if code == 183 else State.RINGING)
        elif state == pj.PJSIP_INV_STATE_CONFIRMED:
            self.became(State.ESTABLISHED)
            self.on_hold(self._held)  # it may have been offered on hold
            if self._watch:
                self._watch.cancel()
            self._watch = asyncio.create_task(
                rtp_watchdog.watch(self, self.measure, self.dead_after)
            )
        elif state == pj.PJSIP_INV_STATE_DISCONNECTED:
            self._end(self._cause(code))

    def _end(self, cause: Cause) -> None:
        for task in (self._watch, self._tones):
            if task:
                task.cancel()
        self.became(State.TERMINATED, cause)

    def _cause(self, code: int) -> Cause:
        if self._ending is not None:
            return self._ending
        if self.state in (State.ESTABLISHED, State.HELD):
            return Cause.NORMAL if code < 300 else Cause.NETWORK_LOST
        return Cause.of_sip_code(code)

    def on_hold(self, held: bool) -> None:
        self._held = held
        wanted = State.HELD if held else State.ESTABLISHED
        if self.state in (State.ESTABLISHED, State.HELD) and self.state is not wanted:
            self.became(wanted)

    def on_medium(self, takes_events: bool) -> None:
        if takes_events and self._tones:
            self._tones.cancel()
            self._tones = None
        elif not takes_events and not self._tones and not self.over:
            self._tones = asyncio.create_task(hear_keys(self.slot, self._on_tone))

    def _on_tone(self, key: str) -> None:
        def run() -> None:
            if self._call is not None:
                self._call.heard(key)

        self.engine.post(run)

    def on_answer(self) -> None:
        self._heard_of = True

    def on_elsewhere(self) -> None:
        if self._ending is None and self.state not in (State.ESTABLISHED, State.HELD):
            self._ending = Cause.ELSEWHERE

    def let_go(self) -> None:
        self._call = None

    async def measure(self) -> rtp_watchdog.Counts:
        """The packet counts of this moment; remembers the report for the CDR."""
        counts = await self.engine.do(lambda: rtp_watchdog.counts(self._call))
        if counts.report.codec:
            self._report = counts.report
        return counts


def _status(code: int) -> Any:
    request = pj.CallOpParam()
    request.statusCode = code
    return request


def _header(name: str, value: str) -> Any:
    header = pj.SipHeader()
    header.hName, header.hValue = name, value
    return header
