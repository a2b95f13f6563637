"""Who may speak SIP to this worker: the packet filter lets nobody else in."""

import asyncio
import logging
import threading
import time
from collections import deque
from ipaddress import IPv4Address, IPv4Network
from typing import Any

from bridge.audio.pjmedia.engine import PjsuaEngine
from bridge.connectors.sip.pacing import STARTS, WINDOW
from bridge.connectors.sip.packet_filter import (
    addresses_of,
    close_to_strangers,
    cut_off,
    program,
    shorten_queues,
)
from bridge.errors import NetworkDown

_LOOK_AGAIN = 1.0
_FLOOD_OVER = 60.0

log = logging.getLogger(__name__)


class Acl:
    """Who may speak to us (an access control list). `trusted` may always, whatever accounts there
    are.
    """

    def __init__(self, engine: PjsuaEngine, trusted: tuple[IPv4Network, ...] = ()) -> None:
        self._engine = engine
        self._trusted = trusted
        self._admitted: dict[str, set[IPv4Network]] = {}
        self._arrivals: deque[float] = deque(maxlen=STARTS)
        self._flooded = False
        self._flood_seen = -_FLOOD_OVER
        self._closing = threading.Lock()

    def shut(self) -> None:
        """Keep everybody out who is not admitted, on all transports there are."""
        shorten_queues(self._engine.listening_ports())
        self._close()

    async def admit(self, who: str, hosts: tuple[str, ...]) -> None:
        """Let the addresses behind `hosts` speak to us on behalf of `who`, in place of earlier
        ones.

        Raises NetworkDown when a name cannot be resolved.
        """
        networks: set[IPv4Network] = set()
        for host in hosts:
            networks |= await located(host)
        if self._admitted.get(who) != networks:
            # replaced, not changed: the pjsua2 thread may be looking through it
            self._admitted = {**self._admitted, who: networks}
            self._close()

    def admits(self, address: str, who: str | None = None) -> bool:
        """Whether `address` may speak to us, on behalf of `who` if given. Any thread."""
        groups = self._admitted.values() if who is None else [self._admitted.get(who, set())]
        return any(IPv4Address(address) in network for group in groups for network in group)

    def dismiss(self, who: str, account: Any = None) -> None:
        """Take the admission of `who` back, after the last call of `account`."""
        if any(call.account is account for call in tuple(self._engine.calls.values())):
            asyncio.get_running_loop().call_later(_LOOK_AGAIN, self.dismiss, who, account)
        elif who in self._admitted:
            self._admitted = {one: net for one, net in self._admitted.items() if one != who}
            self._close()

    def _close(self) -> None:
        with self._closing:
            allowed = {*self._trusted, *(one for group in self._admitted.values() for one in group)}
            bell = (self._engine.settings.address, self._engine.bell_port)
            datagrams = program(allowed, bell, invites=not self._flooded)
            # nobody connects to us: providers call back on the connection that we opened
            close_to_strangers(self._engine.listening_ports(), datagrams, program((), bell))

    def arrived(self, source: str) -> None:
        """On the pjsua2 thread, inside its callback (later is too late): one more INVITE, from
        address:port.

        A burst of INVITE and CANCEL frees and takes call slots faster than the library forgets
        their sockets, and would abort the process: INVITEs are dropped for a moment, and a stream
        of them is cut off.
        """
        now = time.monotonic()
        self._arrivals.append(now)
        burst = len(self._arrivals) == STARTS and now - self._arrivals[0] < WINDOW
        if burst and not self._flooded:
            self._flooded = True
            self._close()
            self._engine.tell(self._reopen_later)
        if self._flooded:
            host, _, port = source.rpartition(":")
            cut_off((host, int(port)))

    def _reopen_later(self) -> None:
        self.tell_of_flood()
        asyncio.get_running_loop().call_later(WINDOW, self._reopen)

    def tell_of_flood(self) -> None:
        """One line for a flood, however long it is."""
        now = time.monotonic()
        if now - self._flood_seen > _FLOOD_OVER:
            log.warning("a flood of calls: most of them are refused or dropped until it is over")
        self._flood_seen = now

    def _reopen(self) -> None:
        self._flooded = False
        self._close()


async def located(host: str) -> set[IPv4Network]:
    """The addresses behind a host's name, now. Raises NetworkDown when it cannot be resolved."""
    try:
        return await asyncio.to_thread(addresses_of, host)
    except OSError as why:
        raise NetworkDown("registrar_unreachable", host=host) from why
