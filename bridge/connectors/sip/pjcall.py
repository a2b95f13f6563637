"""A call on the pjsua2 thread: its callbacks become facts of its leg."""

import re
from typing import Any, Protocol

import pjsua2 as pj

from bridge.audio.pjmedia.patch_bay import Slot
from bridge.audio.pjmedia.pjsua import guarded
from bridge.connectors.sip import codecs, key_guard

# RFC 3326: another device of the user took the call
_ELSEWHERE = re.compile(r"^Reason[ \t]*:[^\n]*\bcause[ \t]*=[ \t]*200\b", re.I | re.M)
_BY_RFC_4733, _BY_INFO, _BY_SOUND = 0, 1, 2
"""In the order in which they are believed; the first two as the library numbers them."""
_WITH_SOUND = (
    pj.PJSUA_CALL_MEDIA_ACTIVE,
    pj.PJSUA_CALL_MEDIA_LOCAL_HOLD,
    pj.PJSUA_CALL_MEDIA_REMOTE_HOLD,
)


class CallObserver(Protocol):
    """Whoever hears of a call: its leg. On the event loop's thread, but for `slot` and `let_go`."""

    slot: Slot

    def on_state(self, state: int, code: int) -> None: ...

    def on_medium(self, takes_events: bool) -> None:
        """There is sound; whether keys come and go beside it (RFC 4733)."""

    def on_hold(self, held: bool) -> None: ...

    def on_answer(self) -> None:
        """The far end, or a proxy before it, has the INVITE."""

    def on_elsewhere(self) -> None:
        """Another device of the user took the call."""

    def pressed(self, digit: str) -> None: ...

    def let_go(self) -> None:
        """On the pjsua2 thread: the call is over, and its number may be another call's from now
        on: no verb may use it any more.
        """


class PjCall(pj.Call):  # type: ignore[misc]  # the wheel has no types
    """Kept alive by its leg until it is disconnected, and dropped outside of any callback."""

    def __init__(
        self, leg: CallObserver, account: pj.Account, call_id: int = pj.PJSUA_INVALID_ID
    ) -> None:
        super().__init__(account, call_id)
        self.leg, self.engine, self.account = leg, leg.slot.bay.engine, account
        self.sounding = False
        self.over = self.gone = False
        self.digits_by: int | None = None
        self.engine.live_calls += 1
        if call_id != pj.PJSUA_INVALID_ID:
            self.engine.calls[call_id] = self

    @guarded
    def onCallState(self, _prm: Any) -> None:
        facts = self.getInfo()
        self.engine.calls[facts.id] = self
        self.engine.tell(self.leg.on_state, facts.state, facts.lastStatusCode)
        if facts.state == pj.PJSIP_INV_STATE_DISCONNECTED:
            self.over = True
            self.leg.let_go()
            self.quiet()
            self.engine.post(self.let_go)

    def quiet(self) -> None:
        """Before the library ends this call: its place at the mixer must not be touched any more,
        or parting it from another one aborts the process.
        """
        self.leg.slot.changed(None)

    def hang_up(self, request: Any) -> None:
        self.quiet()
        self.hangup(request)

    def let_go(self) -> None:
        """Outside of any callback: the library has forgotten this call. Once or more often."""
        if self.gone:
            return
        self.gone = True
        self.engine.live_calls -= 1
        self.quiet()
        if self.sounding:
            self.engine.sound_off()
        number = self.getId()
        if self.engine.calls.get(number) is self:
            del self.engine.calls[number]
        elif number != pj.PJSUA_INVALID_ID:
            self.__disown__()  # its destructor would hang up the call that has the number now

    @guarded
    def onCallSdpCreated(self, prm: Any) -> None:
        prm.sdp.wholeSdp = codecs.only(prm.sdp.wholeSdp, self.account.codecs)

    @guarded
    def onCallMediaState(self, _prm: Any) -> None:
        # the clock may have to be started first, which must not happen inside a callback
        self.engine.post(self._media_changed)

    def _media_changed(self) -> None:
        if self.over or self.gone:
            return
        facts = self.getInfo()
        media = facts.media  # bound first: iterating over a temporary reads freed memory
        heard = [
            (index, one.status)
            for index, one in enumerate(media)
            if one.type == pj.PJMEDIA_TYPE_AUDIO and one.status in _WITH_SOUND
        ]
        if not heard:
            self.leg.slot.changed(None)  # its place at the mixer may soon be another call's
            return
        index, status = heard[0]
        if not self.sounding:
            self.sounding = True
            self.engine.sound_on()
        self.leg.slot.changed(self.getAudioMedia(index))
        self.engine.tell(self.leg.on_medium, self._takes_events())
        self.engine.tell(self.leg.on_hold, status != pj.PJSUA_CALL_MEDIA_ACTIVE)

    @guarded
    def onCallTsxState(self, prm: Any) -> None:
        change = prm.e.body.tsxState
        if change.tsx.method == "CANCEL" and _ELSEWHERE.search(change.src.rdata.wholeMsg):
            self.engine.tell(self.leg.on_elsewhere)
        elif change.tsx.method == "INVITE" and change.tsx.state == pj.PJSIP_TSX_STATE_PROCEEDING:
            self.engine.tell(self.leg.on_answer)
        elif change.tsx.method == "INFO" and change.tsx.state == pj.PJSIP_TSX_STATE_TRYING:
            key = key_guard.blank_unfinished(change.src.rdata)
            if key:
                self._pressed(key, _BY_INFO)

    @guarded
    def onDtmfDigit(self, prm: Any) -> None:
        self._pressed(prm.digit, prm.method)

    def _takes_events(self) -> bool:
        """Whether the two SDPs agreed on telephone-event (RFC 4733): no digits can be sent, or
        cannot.
        """
        try:
            self.dialDtmf("")
        except pj.Error:
            return False
        return True

    def heard(self, digit: str) -> None:
        """A key as a tone in the sound."""
        self._pressed(digit, _BY_SOUND)

    def _pressed(self, digit: str, method: int) -> None:
        # some phones send every key twice, by RFC 4733 and by INFO: the first way that was used
        # counts
        if self.digits_by is None or method < self.digits_by:
            first = self.digits_by is None
            self.digits_by = method
            if not first:
                return
        if method == self.digits_by:
            self.engine.tell(self.leg.pressed, digit)

    @guarded
    def onCallTransferRequest(self, prm: Any) -> None:
        prm.statusCode = pj.PJSIP_SC_FORBIDDEN  # nobody dials through us by REFER

    @guarded
    def onCallReplaceRequest(self, prm: Any) -> None:
        prm.statusCode = pj.PJSIP_SC_FORBIDDEN  # nor takes a call over by Replaces (RFC 3891)

    def onCallRedirected(self, _prm: Any) -> int:
        return int(pj.PJSIP_REDIRECT_REJECT)  # nor by a 302; STOP would look like a CANCEL of ours

    def send_digits(self, digits: str) -> None:
        """By RFC 4733 where the other end takes it, else by SIP INFO (RFC 6086)."""
        try:
            self.dialDtmf(digits)
        except pj.Error:
            request = pj.CallSendDtmfParam()
            request.digits, request.method = digits, pj.PJSUA_DTMF_METHOD_SIP_INFO
            self.sendDtmf(request)

    def hold(self, held: bool) -> None:
        if held:
            self.setHold(pj.CallOpParam())
        else:
            request = pj.CallOpParam(True)  # a plain one would silently stay on hold
            request.opt.flag = pj.PJSUA_CALL_UNHOLD
            self.reinvite(request)
