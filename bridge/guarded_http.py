"""HTTP to addresses that strangers choose, and never into the house's own network (SSRF).

A name is resolved here, every address that it has is checked, and the connection goes to exactly
the address that was checked: a name that answers otherwise the second time (DNS rebinding) gains
nothing. Host header, SNI and certificate stay those of the name. Each redirect is a request of its
own and is checked anew.

The sync client is for threads and small programs, the other one for asyncio.
"""

import asyncio
import socket
import ssl
from collections.abc import Callable, Collection, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

import httpcore
import httpx

from bridge.errors import NotAllowed

Resolve = Callable[[str, int], list[str]]
Address = IPv4Address | IPv6Address

PORTS = {80, 443}
LEAST_PORT = 1024
"""Below it only PORTS: what listens there else is mail, name servers and the like."""
_TRIED = 3
"""So many addresses of a name get a chance."""
_RESOLVERS = 8

_GLOBAL_UNICAST = IPv6Network("2000::/3")  # RFC 4291 section 2.4; nothing else is assigned
_NAT = IPv6Network("64:ff9b::/96")  # RFC 6052: how IPv6-only networks see IPv4
_PROTOCOLS = ip_network("192.0.0.0/24")  # RFC 6890


def guarded_client(
    allowed: Collection[str],
    *,
    resolve: Resolve | None = None,
    trust: ssl.SSLContext | None = None,
    **of_httpx: Any,
) -> httpx.Client:
    """`allowed` are names, addresses and networks that may be private. Whatever else is private,
    or has an odd scheme or port, is NotAllowed("private_address" | "odd_address").
    """
    transport = _Transport(_Backend(allowed, resolve or resolved), trust or _trust())
    return httpx.Client(transport=transport, trust_env=False, **of_httpx)


def guarded_async_client(
    allowed: Collection[str],
    *,
    resolve: Resolve | None = None,
    trust: ssl.SSLContext | None = None,
    limits: httpx.Limits | None = None,
    **of_httpx: Any,
) -> httpx.AsyncClient:
    """As above. `resolve` is called in a thread."""
    backend = _LoopBackend(allowed, resolve or resolved)
    transport = _LoopTransport(backend, trust or _trust(), limits or httpx.Limits())
    return httpx.AsyncClient(transport=transport, trust_env=False, **of_httpx)


def check_url(url: httpx.URL) -> None:
    """NotAllowed("odd_address") for what is no http or https on a port of the web."""
    port = url.port
    usual = port is None or port in PORTS or port >= LEAST_PORT
    if url.scheme not in ("http", "https") or not url.host or not usual:
        raise NotAllowed("odd_address", host=url.host)


def check_address(address: str, host: str, allowed: Collection[str]) -> None:
    """NotAllowed("private_address") unless `address`, to which `host` was resolved, is a public
    one.
    """
    names, networks = _allowances(frozenset(allowed))
    numeric = _plain(ip_address(address))
    if host.lower().rstrip(".") in names or any(numeric in network for network in networks):
        return
    if not _is_public(numeric):
        raise NotAllowed("private_address", host=host)


def resolved(host: str, port: int) -> list[str]:
    """All addresses of a name, in the order in which they should be tried; other spellings of a
    number (decimal, octal) become plain ones. OSError.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(place[4][0]) for place in found))


def _is_public(address: Address) -> bool:
    if isinstance(address, IPv6Address):
        return address in _GLOBAL_UNICAST and address.is_global and not address.sixtofour
    odd = address.is_multicast or address.is_reserved or address in _PROTOCOLS
    return address.is_global and not odd


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


@cache
def _trust() -> ssl.SSLContext:
    """One for all: it costs half a megabyte and 20 ms."""
    return httpx.create_ssl_context(trust_env=False)


def _checked(addresses: list[str], host: str, allowed: Collection[str]) -> list[str]:
    """Those to be tried. One that is private spoils them all: nobody has such a name by chance."""
    for address in addresses:
        check_address(address, host, allowed)
    return addresses[:_TRIED]


def _literal(host: str) -> list[str]:
    try:
        return [str(ip_address(host))]
    except ValueError:
        return []


class _Transport(httpx.HTTPTransport):
    def __init__(self, backend: "_Backend", trust: ssl.SSLContext) -> None:
        super().__init__(verify=trust, trust_env=False)
        # httpx has no way to say this; httpcore, which it stands on, has
        self._pool = httpcore.ConnectionPool(trust, network_backend=backend)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        check_url(request.url)
        return super().handle_request(request)


class _LoopTransport(httpx.AsyncHTTPTransport):
    def __init__(
        self, backend: "_LoopBackend", trust: ssl.SSLContext, limits: httpx.Limits
    ) -> None:
        super().__init__(verify=trust, trust_env=False)
        self._backend = backend
        self._pool = httpcore.AsyncConnectionPool(
            trust,
            max_connections=limits.max_connections,
            max_keepalive_connections=limits.max_keepalive_connections,
            keepalive_expiry=limits.keepalive_expiry,
            network_backend=backend,
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        check_url(request.url)
        return await super().handle_async_request(request)

    async def aclose(self) -> None:
        await super().aclose()
        self._backend.close()


class _Backend(httpcore.NetworkBackend):
    """Connects to addresses only, and only to those that were checked."""

    def __init__(self, allowed: Collection[str], resolve: Resolve) -> None:
        self._allowed, self._resolve = allowed, resolve
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        try:
            found = _literal(host) or self._resolve(host, port)
        except OSError as why:
            raise httpcore.ConnectError(str(why)) from why
        failure: Exception = httpcore.ConnectError("the name has no address")
        for address in _checked(found, host, self._allowed):
            try:
                return self._sockets.connect_tcp(
                    address, port, timeout, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as why:
                failure = why
        raise failure


class _LoopBackend(httpcore.AsyncNetworkBackend):
    def __init__(self, allowed: Collection[str], resolve: Resolve) -> None:
        self._allowed, self._resolve = allowed, resolve
        self._sockets = httpcore.AnyIOBackend()
        # its own: names that nobody answers for must not keep the store's threads
        self._threads = ThreadPoolExecutor(_RESOLVERS, thread_name_prefix="resolver")

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        failure: Exception = httpcore.ConnectError("the name has no address")
        for address in _checked(await self._found(host, port, timeout), host, self._allowed):
            try:
                return await self._sockets.connect_tcp(
                    address, port, timeout, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as why:
                failure = why
        raise failure

    async def _found(self, host: str, port: int, timeout: float | None) -> list[str]:
        literal = _literal(host)
        if literal:
            return literal
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(timeout):
                return await loop.run_in_executor(self._threads, self._resolve, host, port)
        except TimeoutError as why:
            raise httpcore.ConnectTimeout("the name server does not answer") from why
        except OSError as why:
            raise httpcore.ConnectError(str(why)) from why

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)
