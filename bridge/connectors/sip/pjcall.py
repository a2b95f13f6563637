"""A call on the pjsua2 thread: its callbacks become facts of its leg."""

from typing import TYPE_CHECKING, Any

import pjsua2 as pj

from bridge.audio.pjsua import guarded

if TYPE_CHECKING:
    from bridge.connectors.sip.leg import SipLeg

_BY_RFC_4733, _BY_INFO = 0, 1


class PjCall(pj.Call):  # type: ignore[misc]  # the wheel has no types
    """Kept alive by its leg until it is disconnected, and dropped outside of any callback."""

    def __init__(
        self, leg: "SipLeg", account: pj.Account, call_id: int = pj.PJSUA_INVALID_ID
    ) -> None:
        super().__init__(account, call_id)
        self.leg, self.engine = leg, leg.engine
        self.sounding = False
        self.digits_by: int | None = None
        self.engine.live_calls += 1

    @guarded
    def onCallState(self, _prm: Any) -> None:
        facts = self.getInfo()
        self.engine.tell(self.leg._on_state, facts.state, facts.lastStatusCode)
        if facts.state == pj.PJSIP_INV_STATE_DISCONNECTED:
            self.engine.post(self._let_go)

    def _let_go(self) -> None:
        self.engine.live_calls -= 1
        self.leg.slot.changed(None)
        if self.sounding:
            self.engine.sound_off()
        self.leg._call = None

    @guarded
    def onCallMediaState(self, _prm: Any) -> None:
        # the clock may have to be started first, which must not happen inside a callback
        self.engine.post(self._media_changed)

    def _media_changed(self) -> None:
        if self.leg._call is not self:
            return
        facts = self.getInfo()
        media = facts.media  # bound first: iterating over a temporary reads freed memory
        for index, one in enumerate(media):
            if one.type != pj.PJMEDIA_TYPE_AUDIO or one.status == pj.PJSUA_CALL_MEDIA_NONE:
                continue
            if not self.sounding:
                self.sounding = True
                self.engine.sound_on()
            self.leg.slot.changed(self.getAudioMedia(index))
            held = one.status in (
                pj.PJSUA_CALL_MEDIA_LOCAL_HOLD,
                pj.PJSUA_CALL_MEDIA_REMOTE_HOLD,
            )
            self.engine.tell(self.leg._on_hold, held)

    @guarded
    def onDtmfDigit(self, prm: Any) -> None:
        # some phones send every key twice, by RFC 4733 and by INFO: the first way that was used
        # counts
        if self.digits_by is None or (self.digits_by == _BY_INFO and prm.method == _BY_RFC_4733):
            first = self.digits_by is None
            self.digits_by = prm.method
            if not first:
                return
        if prm.method == self.digits_by:
            self.engine.tell(self.leg.pressed, prm.digit)

    @guarded
    def onCallTransferRequest(self, prm: Any) -> None:
        prm.statusCode = pj.PJSIP_SC_FORBIDDEN  # nobody dials through us by REFER

    def onCallRedirected(self, _prm: Any) -> int:
        return int(pj.PJSIP_REDIRECT_STOP)  # nor by a 302

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
