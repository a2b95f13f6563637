"""A session's way into the internet, and into nothing else.

Each session has a network namespace of its own. slirp4netns gives it one interface, behind which
this machine's ordinary sockets carry what it sends, as if the house itself had opened them. Routes
keep it away from what only the house may reach: private networks, the machine's own addresses, also
those that it gets later (within LOOKS_EVERY), and its loopback. Nobody from outside can open
anything towards a session. IPv4 only.
"""

import asyncio
import fcntl
import os
import socket
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import ExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Network, NetmaskValueError
from pathlib import Path

import psutil

from bridge.errors import SetupFault
from bridge.scope import uninterrupted

_OWN = IPv4Network("198.18.0.0/24")
"""Of every session; "benchmarking" (RFC 2544), so nobody else's."""
_SESSION = "198.18.0.100"
HOUSE, NAME_SERVER = "198.18.0.2", "198.18.0.3"
"""At the first a session reaches the machine's loopback, where that is allowed, and behind it lies
the internet; what is sent to the second goes to the machine's own resolver.
"""
_LOOPBACK = IPv4Network("127.0.0.1/32")
_PRIVATE = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",  # RFC 1122
        *("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"),  # RFC 1918
        "100.64.0.0/10",  # RFC 6598: providers, and many a VPN
        "169.254.0.0/16",  # RFC 3927, and where clouds keep a machine's keys
        *("224.0.0.0/4", "240.0.0.0/4"),  # to many at once
    )
)
_INTERFACE, _MTU = "way", 65520
_READY_WITHIN = 10.0
LOOKS_EVERY = 5.0
"""Seconds between two looks at the machine's own addresses."""
_NS_GET_USERNS = 0xB701  # ioctl_ns(2)


@dataclass(frozen=True)
class InternetAccess:
    """`private`: names, addresses and networks that a session may reach although they are private;
    127.0.0.1 among them means the loopback of the house, at HOUSE.
    """

    private: tuple[str, ...] = ()


def of_this_machine() -> frozenset[IPv4Network]:
    """What listens on all addresses is behind no firewall for whoever calls from inside."""
    return frozenset(
        IPv4Network(address.address)
        for addresses in psutil.net_if_addrs().values()
        for address in addresses
        if address.family is socket.AF_INET and not address.address.startswith("127.")
    )


@asynccontextmanager
async def connected(
    pid: int,
    way: InternetAccess,
    own: Callable[[], frozenset[IPv4Network]] = of_this_machine,
    every: float = LOOKS_EVERY,
) -> AsyncIterator[asyncio.subprocess.Process]:
    """While it lasts, the network namespace of the process `pid` has this way. Gives the program
    that carries it; SetupFault("desktop_no_network") when there is none. `own` are the machine's
    addresses, looked at `every` so many seconds.
    """
    allowed = await asyncio.to_thread(_networks, way.private)
    with ExitStack() as stack:
        try:
            namespaces = _Namespaces(pid, stack)
        except OSError:
            raise _no_network("it has ended already") from None
        if namespaces.owner is not None:
            await _has_users(pid)
        until, ended = (stack.enter_context(end) for end in socket.socketpair())
        carrier = await _carrier(namespaces, _LOOPBACK not in allowed, ended)
        ended.close()
        try:
            closed = own()
            await _change(namespaces, [*_interface(), *_routes(allowed, closed)])
            following = asyncio.create_task(_follow(namespaces, allowed, closed, own, every))
            try:
                yield carrier
            finally:
                following.cancel()
                await asyncio.gather(following, return_exceptions=True)
        finally:
            until.close()  # that is its sign to end
            await carrier.wait()


class _Namespaces:
    """Of a process, held open; a user that is not root enters through the owner's door."""

    def __init__(self, pid: int, stack: ExitStack) -> None:
        self.network = os.open(f"/proc/{pid}/ns/net", os.O_RDONLY)
        stack.callback(os.close, self.network)
        self.owner: int | None = None
        if os.geteuid() != 0:
            self.owner = fcntl.ioctl(self.network, _NS_GET_USERNS)
            stack.callback(os.close, self.owner)

    @property
    def through_the_door(self) -> tuple[str, ...]:
        """For nsenter(1)."""
        if self.owner is None:
            return ()
        return (f"--user=/proc/self/fd/{self.owner}", "--preserve-credentials")

    @property
    def held(self) -> tuple[int, ...]:
        return (self.network,) if self.owner is None else (self.network, self.owner)


async def _has_users(pid: int) -> None:
    """Until its user namespace knows who is who: whoever enters before is nobody there."""
    maps = [Path(f"/proc/{pid}/{name}") for name in ("uid_map", "gid_map")]
    with suppress(TimeoutError, OSError):  # it is dead: then nothing can be entered
        async with asyncio.timeout(_READY_WITHIN):
            while not all(one.read_text() for one in maps):  # noqa: ASYNC110 - the kernel tells nobody
                await asyncio.sleep(0.005)


async def _carrier(
    namespaces: _Namespaces, is_loopback_closed: bool, ended: socket.socket
) -> asyncio.subprocess.Process:
    ready, tell = socket.socketpair()
    words = [
        *(f"--mtu={_MTU}", f"--cidr={_OWN}", "--enable-sandbox", "--enable-seccomp"),
        *(("--disable-host-loopback",) if is_loopback_closed else ()),
        *(f"--exit-fd={ended.fileno()}", f"--ready-fd={tell.fileno()}"),
    ]
    words += ["--netns-type=path", f"/proc/self/fd/{namespaces.network}", _INTERFACE]
    # not its own --userns-path: with that its sandbox does not start
    enter = () if namespaces.owner is None else ("nsenter", *namespaces.through_the_door)
    with ready:
        with tell:
            try:
                carrier = await asyncio.create_subprocess_exec(
                    *(*enter, "slirp4netns", *words),
                    stdin=asyncio.subprocess.DEVNULL,
                    stdout=asyncio.subprocess.DEVNULL,
                    stderr=asyncio.subprocess.DEVNULL,
                    pass_fds=(ended.fileno(), tell.fileno(), *namespaces.held),
                )
            except FileNotFoundError:
                raise _no_network("slirp4netns is missing") from None
        if await told(ready, b"1", _READY_WITHIN) == b"1":
            return carrier
    with suppress(ProcessLookupError):
        carrier.kill()
    await carrier.wait()
    raise _no_network("it could not be entered; may this user open /dev/net/tun?")


async def _follow(
    namespaces: _Namespaces,
    allowed: frozenset[IPv4Network],
    closed: frozenset[IPv4Network],
    own: Callable[[], frozenset[IPv4Network]],
    every: float,
) -> None:
    while True:
        await asyncio.sleep(every)
        if new := own() - closed:
            with suppress(SetupFault):  # it is over, or is asked again
                await uninterrupted(_change(namespaces, _unreachable(new, allowed)))
                closed |= new


async def _change(namespaces: _Namespaces, lines: Iterable[str]) -> None:
    enter = (f"--net=/proc/self/fd/{namespaces.network}", *namespaces.through_the_door)
    ip = await asyncio.create_subprocess_exec(
        *("nsenter", *enter, "ip", "-batch", "-"),
        stdin=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        pass_fds=namespaces.held,
    )
    _, complaint = await ip.communicate("".join(lines).encode())
    if ip.returncode != 0:
        raise _no_network(complaint.decode(errors="replace").strip()[:200])


def _interface() -> Iterator[str]:
    """What slirp4netns would do itself, but for the namespace's loopback. Whoever made the
    namespace may not have come to that yet, and bubblewrap gives up when it is there before.
    """
    yield f"link set {_INTERFACE} up mtu {_MTU}\n"
    yield f"address add {_SESSION}/{_OWN.prefixlen} dev {_INTERFACE}\n"
    yield f"route add default via {HOUSE}\n"


def _routes(allowed: frozenset[IPv4Network], own: frozenset[IPv4Network]) -> Iterator[str]:
    """More narrow ones go before wider ones, whatever their order."""
    yield from _unreachable(own.union(_PRIVATE), allowed)
    for network in allowed - {_LOOPBACK}:
        yield f"route replace {network} via {HOUSE}\n"


def _unreachable(closed: frozenset[IPv4Network], allowed: frozenset[IPv4Network]) -> Iterator[str]:
    for network in closed - allowed:
        if not any(network.subnet_of(wider) for wider in allowed):
            yield f"route replace unreachable {network}\n"


def _networks(private: Iterable[str]) -> frozenset[IPv4Network]:
    found: set[IPv4Network] = set()
    for entry in private:
        try:
            found.add(IPv4Network(entry, strict=False))
        except (AddressValueError, NetmaskValueError):
            with suppress(OSError):  # a name that nobody knows (now) allows nothing
                answers = socket.getaddrinfo(entry, None, socket.AF_INET, socket.SOCK_STREAM)
                found |= {IPv4Network(answer[4][0]) for answer in answers}
    return frozenset(found)


async def told(end: socket.socket, last: bytes, seconds: float) -> bytes:
    """What comes until `last` has come, or the other end is closed, or it takes too long."""
    loop, said = asyncio.get_running_loop(), b""
    end.setblocking(False)
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            while last not in said and (piece := await loop.sock_recv(end, 4096)):
                said += piece
    return said


def _no_network(why: str) -> SetupFault:
    return SetupFault(
        "desktop_no_network",
        why=f"A session got no way into the internet: {why}.",
        remedy="Run make desktop, then python -m bridge doctor.",
    )
