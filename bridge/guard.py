"""Which hosts of strangers may be connected to, and the connection itself (SSRF).

A name is resolved here, every address that it has is checked, and the connection goes to exactly
the address that was checked: a name that answers otherwise the second time (DNS rebinding) gains
nothing.
"""

import asyncio
import socket
from collections.abc import Callable, Collection
from contextlib import suppress
from functools import cache
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_interface,
    ip_network,
)
from typing import Any

import psutil

from bridge.errors import NotAllowed

Resolve = Callable[[str, int], list[str]]
Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

PORTS = {80, 443}
LEAST_PORT = 1024
"""Below it only PORTS: what listens there else is mail, name servers and the like."""
_TRIED = 3
"""So many addresses of a name get a chance."""
_GLOBAL_UNICAST = IPv6Network("2000::/3")  # RFC 4291 section 2.4; nothing else is assigned
_NAT = IPv6Network("64:ff9b::/96")  # RFC 6052: how IPv6-only networks see IPv4
_NO_PLACES = tuple(
    map(
        ip_network,
        (
            "192.0.0.0/24",  # RFC 6890
            "192.88.99.0/24",  # RFC 7526: relays of 6to4, to wherever
            "3fff::/20",  # RFC 9637: for documentation
        ),
    )
)
_ISATAP = (0x00005EFE, 0x02005EFE)
"""RFC 5214 section 6.1: such an interface is a tunnel to the IPv4 address behind it."""
_A_NETWORK = 8
"""Bits of a prefix; one that is shorter is a way to everywhere, not a network."""


async def dial(
    host: str, port: int, allowed: Collection[str], *, resolve: Resolve | None = None
) -> socket.socket:
    """A TCP connection for somebody who may not make one, such as a child; blocking, and yours.
    NotAllowed as below; OSError. It takes as long as it takes: `resolve` runs in a thread.
    """
    check_port(port, host)
    found = literal(host) or await asyncio.to_thread(resolve or resolved, host, port)
    failure = OSError("the name has no address")
    for address in checked(found, host, allowed):
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        line = socket.socket(family, socket.SOCK_STREAM)
        try:
            line.setblocking(False)
            await asyncio.get_running_loop().sock_connect(line, (address, port))
        except OSError as why:
            line.close()
            failure = why
        except BaseException:
            line.close()
            raise
        else:
            line.setblocking(True)
            return line
    raise failure


def check_port(port: int, host: str) -> None:
    """NotAllowed("odd_address") for one that is none of the web."""
    if port not in PORTS and port < LEAST_PORT:
        raise NotAllowed("odd_address", host=host)


def check_address(address: str, host: str, allowed: Collection[str]) -> None:
    """NotAllowed("private_address") unless `address`, to which `host` was resolved, is a public
    one that belongs neither to this machine nor to a network that it is in.
    """
    names, networks = _allowances(frozenset(allowed))
    numeric = _plain(ip_address(address))
    if host.lower().rstrip(".") in names or any(numeric in network for network in networks):
        return
    if not _is_public(numeric) or any(numeric in network for network in own_networks()):
        raise NotAllowed("private_address", host=host)


def resolved(host: str, port: int) -> list[str]:
    """All addresses of a name, in the order in which they should be tried; other spellings of a
    number (decimal, octal) become plain ones. OSError.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(place[4][0]) for place in found))


def literal(host: str) -> list[str]:
    """The address, when it is written as one."""
    with suppress(ValueError):
        return [str(ip_address(host))]
    return []


def checked(addresses: list[str], host: str, allowed: Collection[str]) -> list[str]:
    """Those to be tried. One that is private spoils them all: nobody has such a name by chance."""
    for address in addresses:
        check_address(address, host, allowed)
    return addresses[:_TRIED]


def own_networks() -> list[Network]:
    """In which this machine is at this moment: a neighbour's printer may have a public address."""
    found = []
    for addresses in psutil.net_if_addrs().values():
        for one in addresses:
            if one.family in (socket.AF_INET, socket.AF_INET6):
                mask = one.netmask or ""
                width = sum(part.bit_count() for part in _bytes_of(mask)) if mask else None
                written = one.address.partition("%")[0]
                network = ip_interface(f"{written}/{width}" if width else written).network
                found.append(network if network.prefixlen >= _A_NETWORK else ip_network(written))
    return found


def _bytes_of(mask: str) -> bytes:
    return ip_address(mask).packed


def _is_public(address: Address) -> bool:
    if any(address in network for network in _NO_PLACES):
        return False
    if isinstance(address, IPv6Address):
        tunnel = int(address) >> 32 & 0xFFFFFFFF in _ISATAP
        usual = address in _GLOBAL_UNICAST and address.is_global
        return usual and not address.sixtofour and not tunnel
    return address.is_global and not address.is_multicast and not address.is_reserved


def _plain(address: Address) -> Address:
    """The IPv4 address that is meant by one of IPv6, if it is (RFC 4291 section 2.5.5, 6052)."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return address.ipv4_mapped
        if address in _NAT:
            return IPv4Address(int(address) & 0xFFFFFFFF)
    return address


@cache
def _allowances(allowed: frozenset[str]) -> tuple[frozenset[str], tuple[Any, ...]]:
    names, networks = set(), []
    for each in allowed:
        try:
            networks.append(ip_network(each.strip("[]"), strict=False))
        except ValueError:
            names.add(each.lower().rstrip("."))
    return frozenset(names), tuple(networks)
