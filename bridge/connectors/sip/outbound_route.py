"""How the user's phones are rung: telephone numbers through the trunk, sip: addresses directly."""

import logging
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from uuid import UUID

import pjsua2 as pj

from bridge.api.views import PhoneView
from bridge.calls.ports.leg import Leg
from bridge.connectors.sip import addresses, pjaccount
from bridge.connectors.sip.acl import located
from bridge.connectors.sip.leg import SipLeg
from bridge.connectors.sip.pjaccount import PjAccount
from bridge.connectors.sip.provider import Provider, account_config
from bridge.connectors.sip.session import SipSession
from bridge.connectors.sip.sip_stack import SipStack
from bridge.errors import NetworkDown, NotAllowed
from bridge.terms import Party

log = logging.getLogger(__name__)


class SipRoute:
    """The way out to the phones. `trunk` is the host's; `own_trunk` an account that the user chose
    instead.
    """

    def __init__(self, stack: SipStack, trunk: Provider | None) -> None:
        self.stack = stack
        self.trunk = trunk
        self.own_trunk: SipSession | None = None
        self._direct: PjAccount | None = None
        self._through_trunk: PjAccount | None = None

    async def open(self) -> None:
        """The account for direct calls and, if there is a trunk, the one for calls through it."""
        engine, trunk = self.stack.engine, self.trunk
        own = addresses.uri("bridge", f"{engine.settings.address}:{engine.sip_port}")
        self._direct = await self._opened(lambda: account_config(engine, own))
        if trunk is not None:
            self._through_trunk = await self._opened(lambda: trunk.config(engine))

    async def _opened(self, config: Callable[[], pj.AccountConfig]) -> PjAccount:
        """One that places calls and takes none."""
        return await pjaccount.opened(
            self.stack, lambda: PjAccount(self.stack, self.stack.refuse), config
        )

    def counted(self, phone: PhoneView) -> bool:
        """Whether a call to this phone costs money."""
        return not phone.address.startswith(("sip:", "sips:"))

    async def dial(self, phone: PhoneView, showing: Party, call: UUID) -> Leg:
        """Ring `phone`, its display showing who calls. Raises NotAllowed("no_trunk" |
        "phone_is_trunk"), NetworkDown, UnknownTarget.
        """
        if self.counted(phone):
            account, uri, shown_as, headers = await self._by_trunk(phone, showing)
        else:
            account, uri, shown_as, headers = await self._directly(phone, showing)
        await self.stack.pace.wait()
        return await SipLeg.place(
            self.stack,
            account,
            uri,
            remote=Party(phone.address, phone.label, "sip"),
            shown_as=shown_as,
            headers=headers,
        )

    async def _by_trunk(
        self, phone: PhoneView, showing: Party
    ) -> tuple[Any, str, str, dict[str, str]]:
        if self.own_trunk is not None:
            account, provider = self.own_trunk.account, self.own_trunk.provider
            if account is None:  # the host's trunk is no stand-in: calls through it are the host's
                raise NetworkDown("registrar_unreachable", host=provider.registrar)
        elif self.trunk is not None and self._through_trunk is not None:
            account, provider = self._through_trunk, self.trunk
            await self.stack.acl.admit("trunk", provider.servers)
        else:
            raise NotAllowed("no_trunk")
        headers: dict[str, str] = {}
        if provider.shows_caller and addresses.number_of(showing.address):
            # RFC 3325: only a trunk that was declared to trust us is told who really calls
            caller = addresses.uri(addresses.number_of(showing.address), provider.host)
            headers["P-Asserted-Identity"] = addresses.name_addr(showing.name, caller)
        shown_as = addresses.name_addr(showing.shown, provider.id_uri)
        return account, provider.uri_of(phone.address), shown_as, headers

    async def _directly(
        self, phone: PhoneView, showing: Party
    ) -> tuple[Any, str, str, dict[str, str]]:
        host, port = addresses.host_port(phone.address)
        await self._refuse_trunk(host, port)
        await self.stack.acl.admit(f"phone {phone.id}", (host,))
        engine = self.stack.engine
        number = addresses.number_of(showing.address) or "anonymous"
        caller = addresses.uri(number, f"{engine.settings.address}:{engine.sip_port}")
        return self._direct, phone.address, addresses.name_addr(showing.shown, caller), {}

    async def _refuse_trunk(self, host: str, port: int) -> None:
        """A trunk may know us by our address alone: asked directly it would call anybody, counted
        by nobody. Inside a house one machine has many things, and the port tells them apart.
        """
        if self.trunk is None:
            return
        phone = await located(host)
        for server in filter(None, (self.trunk.registrar, self.trunk.proxy)):
            name, its_port = addresses.host_port(server)
            with suppress(NetworkDown):  # who cannot be found cannot be reached by another name
                shared = phone & await located(name)
                if any(one.is_global or port == its_port for one in shared):
                    raise NotAllowed("phone_is_trunk")
