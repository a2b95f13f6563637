"""An account on the pjsua2 thread: callbacks become facts of its session, INVITEs become legs."""

import re
from typing import TYPE_CHECKING, Any

import pjsua2 as pj

from bridge.audio.pjmedia.pjsua import guarded
from bridge.connectors.sip import addresses
from bridge.connectors.sip.acl import Premises
from bridge.connectors.sip.leg import SipLeg
from bridge.terms import Party

if TYPE_CHECKING:
    from bridge.connectors.sip.session import SipSession

_PRIVATE = {"id", "user", "header"}  # RFC 3323 section 4.2, RFC 3325 section 9.3


class PjAccount(pj.Account):  # type: ignore[misc]  # the wheel has no types
    """pjsua2's account; reports to its session."""

    def __init__(self, session: "SipSession") -> None:
        super().__init__()
        self.session = session
        self.engine = session.premises.engine
        self.codecs = session.provider.codecs

    @guarded
    def onRegState(self, prm: Any) -> None:
        wait = re.match(r"\d{1,9}", _header(prm.rdata.wholeMsg or "", "Retry-After"))
        seconds = float(wait[0]) if wait else 0.0
        self.engine.tell(self.session._answered, prm.code, prm.reason, seconds)

    @guarded
    def onIncomingCall(self, prm: Any) -> None:
        leg = incoming_leg(self, prm, self.session.premises, self.session.name)
        self.engine.tell(self.session._offered, leg)


def incoming_leg(account: pj.Account, prm: Any, premises: Premises, provider: str = "") -> SipLeg:
    """On the pjsua2 thread: the leg of an INVITE, with who calls and which of our numbers was
    dialled. `provider` is who was admitted and may vouch for the caller.
    """
    premises.arrived(prm.rdata.srcAddress)
    request = prm.rdata.wholeMsg
    # from the message itself: the library's own copies hold 255 bytes, name and all
    caller = addresses.party(_header(request, "(?:From|f)"))
    called = addresses.party(_header(request, "(?:To|t)")).address
    if premises.admits(prm.rdata.srcAddress.rpartition(":")[0], provider):
        caller = _asserted(request, caller)
    return SipLeg.offered(premises.mixer, account, prm.callId, caller, called)


def _asserted(request: str, caller: Party) -> Party:
    """Who calls by the word of the provider, which knows better than the caller's phone
    (RFC 3325); a caller who wants to stay unknown does.
    """
    identity = _header(request, "P-Asserted-Identity")
    wishes = {one.strip().lower() for one in _header(request, "Privacy").split(";")}
    if not identity or wishes & _PRIVATE:
        return caller
    known = addresses.party(identity)
    return Party(known.address or caller.address, known.name or caller.name, "sip")


def _header(message: str, name: str) -> str:
    """The first header of this name, "" without one. What stands in the body is no header."""
    head = re.sub("\n[ \t]+", " ", message.replace("\r\n", "\n").partition("\n\n")[0])
    found = re.search(rf"^{name}[ \t]*:(.*)$", head, re.IGNORECASE | re.MULTILINE)
    return found[1].strip() if found else ""
