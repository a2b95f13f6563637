"""A SIP account, signed in: kept registered, and ringing the house when somebody calls its
number.
"""

import asyncio
import itertools
import logging
import time
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pjsua2 as pj

from bridge.connectors.base import AccountSession, Credentials, Desk
from bridge.connectors.sip import addresses, pjaccount
from bridge.connectors.sip.leg import SipLeg
from bridge.connectors.sip.pjaccount import PjAccount
from bridge.connectors.sip.provider import Provider
from bridge.connectors.sip.sip_stack import SipStack
from bridge.errors import HouseError, LoginRejected, NetworkDown, Throttled
from bridge.terms import Party, State

log = logging.getLogger(__name__)

# a lost registrar must be in the chat within a minute: it is asked every 40 s and given 12 s to
# answer
REFRESH_EVERY = 40.0
ANSWER_WITHIN = 12.0
SIGN_OFF_WITHIN = 1.0
MANY, IN_SECONDS = 10, 10.0
"""More INVITEs than this are a flood: they are refused without a card."""
_numbers = itertools.count(1)
_REJECTED = (401, 403, 404, 407)


class SipSession(AccountSession):
    """One registration. `run` registers and keeps it; `close` signs out."""

    def __init__(self, credentials: Credentials, desk: Desk, stack: SipStack) -> None:
        super().__init__(credentials, desk)
        self.provider = Provider.of(credentials)
        self.name = f"account {next(_numbers)}"
        """Under which its provider is admitted."""
        self.stack = stack
        self.account: PjAccount | None = None
        self.refresh_every = REFRESH_EVERY
        self.answer_within = ANSWER_WITHIN
        self._answers: asyncio.Queue[HouseError | None] = asyncio.Queue()
        self._arrivals: deque[float] = deque(maxlen=MANY)

    async def run(self) -> None:
        await self.stack.acl.admit(self.name, self.provider.servers)
        if self.account is None:
            await self._open()
        ready = False
        while True:
            await self._register()
            if not ready:
                self.desk.ready()
                ready = True
            await asyncio.sleep(self.refresh_every)

    async def _open(self) -> None:
        provider, engine = self.provider, self.stack.engine
        try:
            self.account = await pjaccount.opened(
                self.stack,
                lambda: PjAccount(
                    self.stack, self._offered, self._answered, provider.codecs, self.name
                ),
                lambda: provider.config(engine),
            )
        except pj.Error as why:
            raise LoginRejected("bad_sip_address", why=why.reason) from None

    async def _register(self) -> None:
        """One REGISTER and its answer; raises what the answer means."""
        account = self.account
        assert account is not None
        while not self._answers.empty():
            self._answers.get_nowait()
        try:
            await self.stack.engine.do(lambda: account.setRegistration(True))
            async with asyncio.timeout(self.answer_within):
                trouble = await self._answers.get()
        except pj.Error as why:
            raise NetworkDown("registrar_unreachable", host=self.provider.registrar) from why
        except TimeoutError:
            raise NetworkDown("not_registered_timeout", host=self.provider.registrar) from None
        if trouble is not None:
            raise trouble

    async def dial(self, target: str, showing: Party | None = None) -> SipLeg:
        account = self.account
        if account is None:
            raise NetworkDown("registrar_unreachable", host=self.provider.registrar)
        uri = target if target.startswith(("sip:", "sips:")) else self.provider.uri_of(target)
        shown = addresses.name_addr(showing.name, self.provider.id_uri) if showing else ""
        await self.stack.pace.wait()
        async with self._admitted(addresses.host_port(uri)[0], account):
            return await SipLeg.place(
                self.stack,
                account,
                uri,
                remote=Party(target, network="sip"),
                shown_as=shown,
            )

    @asynccontextmanager
    async def _admitted(self, host: str, account: PjAccount) -> AsyncIterator[None]:
        """Somebody at another provider may answer what is asked of him, until that call is over."""
        if host in self.provider.servers or self.provider.proxy:
            yield
            return
        guest = f"{self.name} to {host}"
        await self.stack.acl.admit(guest, (host,))
        try:
            yield
        finally:
            self.stack.acl.dismiss(guest, account)

    async def close(self) -> None:
        """Sign out. Calls that are up go on; until then its provider stays admitted."""
        account, engine = self.account, self.stack.engine
        if account is None:
            self.stack.acl.dismiss(self.name)
            return
        while not self._answers.empty():
            self._answers.get_nowait()
        try:
            await engine.do(lambda: account.setRegistration(False))
            async with asyncio.timeout(SIGN_OFF_WITHIN):
                await self._answers.get()
        except (pj.Error, TimeoutError):
            log.debug("left without an answer to the un-REGISTER")
        self.account = None
        await pjaccount.closed(self.stack, account)
        self.stack.acl.dismiss(self.name, account)

    # --- facts from the pjsua2 thread -------------------------------------------------------------

    def _answered(self, code: int, reason: str, retry_after: float) -> None:
        self._answers.put_nowait(_meaning(code, reason, retry_after, self.provider.registrar))

    def _offered(self, leg: SipLeg) -> None:
        """An INVITE came in; a flood is refused, slowly, so that it cannot wear out the library's
        sockets.
        """
        now = time.monotonic()
        self.stack.pace.count()
        full = len(self._arrivals) == MANY and now - self._arrivals[0] < IN_SECONDS
        if full:
            self.stack.acl.tell_of_flood()
            self.stack.refuse(leg)
            return
        self._arrivals.append(now)
        leg.became(State.INCOMING)
        self.desk.offer(leg)


def _meaning(code: int, reason: str, retry_after: float, registrar: str) -> HouseError | None:
    """What a REGISTER's final response tells the keeper; None when all is well (RFC 3261 section
    10.2).
    """
    if 200 <= code < 300:
        return None
    if code in _REJECTED:
        return LoginRejected("wrong_password" if code != 404 else "unknown_account", host=registrar)
    if retry_after:
        return Throttled("throttled", retry_after, host=registrar)
    if code == 408:
        return NetworkDown("not_registered_timeout", host=registrar)
    if "TLS" in reason or "certificate" in reason.lower():
        return NetworkDown("tls_not_trusted", host=registrar)
    if code in (502, 503):
        return NetworkDown("registrar_unreachable", host=registrar)
    return NetworkDown("server_error", host=registrar, why=f"{code} {reason}")
