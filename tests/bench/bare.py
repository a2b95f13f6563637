"""As little as forwards a call: pjsua2, set up as ours is, rings the phone, answers the caller when
that answers, and joins the two. `python -m tests.bench.bare PORT PHONE` is called at
127.0.0.1:PORT and rings the address PHONE.
"""

from __future__ import annotations

import sys
from typing import Any

import pjsua2 as pj

from bridge.audio.pjmedia.endpoint import endpoint_config, transport_config

ENDPOINT = pj.Endpoint()
OK = pj.CallOpParam()
OK.statusCode = 200


class End(pj.Call):  # type: ignore[misc]  # the wheel has no types
    """One end of a call; `other` is the other one."""

    def onCallState(self, _: Any) -> None:
        told = self.getInfo()
        if told.state == pj.PJSIP_INV_STATE_CONFIRMED and told.role == pj.PJSIP_ROLE_UAC:
            self.other.answer(OK)
        elif told.state == pj.PJSIP_INV_STATE_DISCONNECTED and self.other.isActive():
            self.other.hangup(OK)
            ENDPOINT.audDevManager().setNoDev()

    def onCallMediaState(self, _: Any) -> None:
        if self.hasMedia() and self.other.isActive() and self.other.hasMedia():
            self.getAudioMedia(-1).startTransmit(self.other.getAudioMedia(-1))
            self.other.getAudioMedia(-1).startTransmit(self.getAudioMedia(-1))


class Door(pj.Account):  # type: ignore[misc]
    """Where callers come in."""

    def onIncomingCall(self, invited: Any) -> None:
        caller, phone = self.ends = End(self, invited.callId), End(self)
        caller.other, phone.other = phone, caller
        ENDPOINT.audDevManager().setNullDev()
        phone.makeCall(sys.argv[2], pj.CallOpParam(True))


ENDPOINT.libCreate()
ENDPOINT.libInit(endpoint_config("bare"))
transport = transport_config("127.0.0.1")
transport.port = int(sys.argv[1])
ENDPOINT.transportCreate(pj.PJSIP_TRANSPORT_UDP, transport)
ENDPOINT.libStart()
for codec in ENDPOINT.codecEnum2():
    ENDPOINT.codecSetPriority(codec.codecId, 255 * codec.codecId.startswith("PCMA"))
account, door = pj.AccountConfig(), Door()
account.idUri = "sip:bare@127.0.0.1"
door.create(account)
while True:
    ENDPOINT.libHandleEvents(1000)
