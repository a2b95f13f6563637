"""What all SIP accounts and phone legs of one worker share: the engine, the mixer, the pace, the
door.
"""

import asyncio
import logging
import threading
import time
from collections import deque
from ipaddress import IPv4Address, IPv4Network
from typing import Any

from bridge.audio.pjmedia.engine import MAX_ACCOUNTS, PjsuaEngine
from bridge.audio.pjmedia.mixer import ConferenceMixer
from bridge.connectors.sip.leg import SipLeg
from bridge.connectors.sip.pacing import MIN_LIFE, STARTS, WINDOW, Pace
from bridge.connectors.sip.packet_filter import (
    addresses_of,
    close_to_strangers,
    cut_off,
    program,
    shorten_queues,
)
from bridge.errors import NetworkDown, NotAllowed
from bridge.terms import Cause, State

_LOOK_AGAIN = 1.0
_FLOOD_OVER = 60.0

log = logging.getLogger(__name__)


class Premises:
    """One per worker. `trusted` may always speak to us, whatever accounts there are."""

    def __init__(
        self,
        engine: PjsuaEngine,
        mixer: ConferenceMixer,
        trusted: tuple[IPv4Network, ...] = (),
        dead_after: float = 30.0,
    ) -> None:
        self.engine = engine
        self.mixer = mixer
        self.pace = Pace()
        self.dead_after = dead_after
        self._trusted = trusted
        self._admitted: dict[str, set[IPv4Network]] = {}
        self._refusals: set[asyncio.Task[None]] = set()
        self._arrivals: deque[float] = deque(maxlen=STARTS)
        self._flooded = False
        self._flood_seen = -_FLOOD_OVER
        self._door = threading.Lock()

    def shut(self) -> None:
        """Close the door to everybody not admitted, on all transports there are."""
        shorten_queues(self.engine.listening_ports())
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
        """Whether the door is open for `address`, on behalf of `who` if given. Any thread."""
        groups = self._admitted.values() if who is None else [self._admitted.get(who, set())]
        return any(IPv4Address(address) in network for group in groups for network in group)

    def dismiss(self, who: str, account: Any = None) -> None:
        """Take the admission of `who` back, after the last call of `account`."""
        if any(call.account is account for call in tuple(self.engine.calls.values())):
            asyncio.get_running_loop().call_later(_LOOK_AGAIN, self.dismiss, who, account)
        elif who in self._admitted:
            self._admitted = {one: net for one, net in self._admitted.items() if one != who}
            self._close()

    def _close(self) -> None:
        with self._door:
            allowed = {*self._trusted, *(one for group in self._admitted.values() for one in group)}
            bell = (self.engine.settings.address, self.engine.bell_port)
            datagrams = program(allowed, bell, invites=not self._flooded)
            # nobody connects to us: providers call back on the connection that we opened
            close_to_strangers(self.engine.listening_ports(), datagrams, program((), bell))

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
            self.engine.tell(self._reopen_later)
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

    def refuse(self, leg: SipLeg) -> None:
        """Turn a call away, slowly: a held slot cannot be filled again, so a flood wears nothing
        out.
        """
        leg.became(State.INCOMING)
        task = asyncio.create_task(_refuse_slowly(leg))
        self._refusals.add(task)
        task.add_done_callback(self._refusals.discard)

    def take_account(self) -> None:
        """Count one more pjsua2 account; the library aborts the process on the ninth."""
        if self.engine.accounts >= MAX_ACCOUNTS:
            raise NotAllowed("too_many_accounts", limit=str(MAX_ACCOUNTS))
        self.engine.accounts += 1

    def give_account(self) -> None:
        self.engine.accounts -= 1


async def located(host: str) -> set[IPv4Network]:
    """The addresses behind a host's name, now. Raises NetworkDown when it cannot be resolved."""
    try:
        return await asyncio.to_thread(addresses_of, host)
    except OSError as why:
        raise NetworkDown("registrar_unreachable", host=host) from why


async def _refuse_slowly(leg: SipLeg) -> None:
    await asyncio.sleep(MIN_LIFE)
    await leg.hang_up(Cause.BUSY)
