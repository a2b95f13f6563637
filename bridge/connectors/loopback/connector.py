"""A network inside this process: every account can ring every other.

The smallest useful connector. The tests live on it; copy it to start a new one.
"""

import asyncio
from dataclasses import dataclass
from weakref import WeakSet

from bridge.audio.port import AudioPort
from bridge.calls.ports.leg import Leg
from bridge.connectors.base import AccountSession, Ask, Connector, Credentials, Desk
from bridge.errors import LoginRejected, NetworkDown, UnknownTarget
from bridge.terms import Cause, Party, State


@dataclass(eq=False)
class LoopbackPort(AudioPort):
    """Whose sound it is; there is none."""

    owner: str


class LoopbackLeg(Leg):
    """One end; `peer` is the other one."""

    peer: "LoopbackLeg"

    def __init__(self, remote: Party, called: str = "") -> None:
        super().__init__(remote, called)
        self._port = LoopbackPort(remote.address)

    @property
    def audio(self) -> LoopbackPort:
        return self._port

    async def ring(self) -> None:
        if self.state is State.INCOMING:
            self.became(State.RINGING)
            self.peer.became(State.RINGING)

    async def answer(self) -> None:
        if self.state in (State.INCOMING, State.RINGING, State.EARLY):
            for leg in (self, self.peer):
                leg.became(State.ESTABLISHED)

    async def hang_up(self, cause: Cause = Cause.NORMAL) -> None:
        for leg in (self, self.peer):
            leg.became(State.TERMINATED, cause)

    async def press(self, digits: str) -> None:
        for digit in digits:
            self.peer.pressed(digit)

    async def hold(self, held: bool) -> None:
        wanted = State.HELD if held else State.ESTABLISHED
        if self.peer.state in (State.ESTABLISHED, State.HELD) and self.peer.state is not wanted:
            self.peer.became(wanted)


class LoopbackSession(AccountSession):
    """Reachable by all others as long as it runs."""

    def __init__(self, credentials: Credentials, desk: Desk, network: "Loopback") -> None:
        super().__init__(credentials, desk)
        self._network = network

    async def run(self) -> None:
        if self.credentials.secrets.get("password") != "open sesame":
            raise LoginRejected("wrong_password")
        if self._network.cut.is_set():
            raise NetworkDown("registrar_unreachable")
        online = self._network.online
        online[self.credentials.address] = self
        self.desk.ready([Party(address, network="loopback") for address in online])
        try:
            await self._network.cut.wait()
            raise NetworkDown("registrar_unreachable")
        finally:
            online.pop(self.credentials.address, None)

    async def dial(self, target: str, showing: Party | None = None) -> Leg:
        called = self._network.online.get(target)
        if called is None:
            raise UnknownTarget("cannot_dial")
        me = self.credentials.address
        shown = showing or Party(me, network="loopback")
        ours, theirs = LoopbackLeg(Party(target, network="loopback")), LoopbackLeg(shown, target)
        ours.peer, theirs.peer = theirs, ours
        ours.became(State.OUTGOING)
        theirs.became(State.INCOMING)
        self._network.legs.add(ours)
        called.desk.offer(theirs)
        return ours


class Loopback(Connector):
    """The network itself; its accounts meet in one object."""

    network, title = "loopback", "Loopback"

    def __init__(self) -> None:
        self.online: dict[str, LoopbackSession] = {}
        self.legs: WeakSet[LoopbackLeg] = WeakSet()
        self.cut = asyncio.Event()
        """Set: the network is down."""

    async def sign_in(self, ask: Ask) -> Credentials:
        address = await ask.text("Your name on the loopback network")
        return Credentials(address, secrets={"password": await ask.secret("Password")})

    def session(self, credentials: Credentials, desk: Desk) -> AccountSession:
        return LoopbackSession(credentials, desk, self)

    async def lose(self) -> None:
        """The network goes down, and every call on it with it."""
        self.cut.set()
        for leg in list(self.legs):
            await leg.hang_up(Cause.NETWORK_LOST)
