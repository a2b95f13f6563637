"""An account on the pjsua2 thread: its callbacks become facts, INVITEs become legs."""

import re
from collections.abc import Callable, Collection
from typing import Any

import pjsua2 as pj

from bridge.audio.pjmedia.pjsua import guarded, retire
from bridge.connectors.sip import addresses
from bridge.connectors.sip.codecs import ALL
from bridge.connectors.sip.leg import SipLeg
from bridge.connectors.sip.sip_stack import SipStack
from bridge.terms import Party

_PRIVATE = {"id", "user", "header"}  # RFC 3323 section 4.2, RFC 3325 section 9.3


def _to_nobody(_code: int, _reason: str, _retry_after: float) -> None:
    pass


class PjAccount(pj.Account):  # type: ignore[misc]  # the wheel has no types
    """pjsua2's account. On the event loop's thread, `offered` gets the leg of each INVITE, and
    `answered` the final response to a REGISTER: code, reason, seconds to wait.

    `provider` is who was admitted for it, and may vouch for callers.
    """

    def __init__(
        self,
        stack: SipStack,
        offered: Callable[[SipLeg], None],
        answered: Callable[[int, str, float], None] = _to_nobody,
        codecs: Collection[str] = ALL,
        provider: str = "",
    ) -> None:
        super().__init__()
        self.codecs = codecs
        self._stack = stack
        self._offered, self._answered = offered, answered
        self._provider = provider

    @guarded
    def onRegState(self, prm: Any) -> None:
        wait = re.match(r"\d{1,9}", _header(prm.rdata.wholeMsg or "", "Retry-After"))
        seconds = float(wait[0]) if wait else 0.0
        self._stack.engine.tell(self._answered, prm.code, prm.reason, seconds)

    @guarded
    def onIncomingCall(self, prm: Any) -> None:
        acl, request = self._stack.acl, prm.rdata.wholeMsg
        acl.arrived(prm.rdata.srcAddress)
        # from the message itself: the library's own copies hold 255 bytes, name and all
        caller = addresses.party(_header(request, "(?:From|f)"))
        called = addresses.party(_header(request, "(?:To|t)")).address
        if acl.admits(prm.rdata.srcAddress.rpartition(":")[0], self._provider):
            caller = _asserted(request, caller)
        leg = SipLeg.offered(self._stack, self, prm.callId, caller, called)
        self._stack.engine.tell(self._offered, leg)


async def opened(
    stack: SipStack, make: Callable[[], PjAccount], config: Callable[[], pj.AccountConfig]
) -> PjAccount:
    """One more account, made on the pjsua2 thread. NotAllowed("too_many_accounts"), pj.Error for an
    address that cannot be.
    """

    def create() -> PjAccount:
        account = make()
        account.create(config())
        return account

    stack.take_account()
    try:
        account = await stack.engine.do(create)
    except pj.Error:
        stack.give_account()
        raise
    stack.acl.shut()  # a TCP or TLS transport may just have been opened
    return account


async def closed(stack: SipStack, account: PjAccount) -> None:
    await stack.engine.do(lambda: retire(account))
    stack.give_account()


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
