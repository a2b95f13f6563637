"""HTTP to addresses that strangers choose, and never into the house's own network (SSRF).

`guard` says where a connection may go. Host header, SNI and certificate stay those of the name.
Each redirect is a request of its own and is checked anew.
"""

import asyncio
import socket
import ssl
from collections.abc import Callable, Collection, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

import httpcore
import httpx
from httpcore._backends.sync import SyncStream

from bridge.errors import NotAllowed
from bridge.guard import Resolve, check_port, checked, literal, resolved

Dial = Callable[[str, int], socket.socket]
"""Of a host and a port; OSError, or NotAllowed."""

_RESOLVERS = 8


def guarded_client(
    dial: Dial, *, trust: ssl.SSLContext | None = None, **of_httpx: Any
) -> httpx.Client:
    """For a child, which cannot connect by itself: `dial` does so for it, and is its guard."""
    transport = _Transport(_Backend(dial), trust or _trust())
    return httpx.Client(transport=transport, trust_env=False, **of_httpx)


def guarded_async_client(
    allowed: Collection[str],
    *,
    resolve: Resolve | None = None,
    trust: ssl.SSLContext | None = None,
    limits: httpx.Limits | None = None,
    **of_httpx: Any,
) -> httpx.AsyncClient:
    """`allowed` are names, addresses and networks that may be private. Whatever else is private, or
    has an odd scheme or port, is NotAllowed("private_address" | "odd_address"). `resolve` is called
    in a thread.
    """
    backend = _LoopBackend(allowed, resolve or resolved)
    transport = _LoopTransport(backend, trust or _trust(), limits or httpx.Limits())
    return httpx.AsyncClient(transport=transport, trust_env=False, **of_httpx)


def check_url(url: httpx.URL) -> None:
    """NotAllowed("odd_address") for what is no http or https on a port of the web."""
    if url.scheme not in ("http", "https") or not url.host:
        raise NotAllowed("odd_address", host=url.host)
    check_port(url.port or 443, url.host)


@cache
def _trust() -> ssl.SSLContext:
    """One for all: it costs half a megabyte and 20 ms."""
    return httpx.create_ssl_context(trust_env=False)


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
    """Lets somebody else connect."""

    def __init__(self, dial: Dial) -> None:
        self._dial = dial

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        try:
            # httpcore has streams on sockets of its own only; its own have this class
            return SyncStream(self._dial(host, port))
        except OSError as why:
            raise httpcore.ConnectError(str(why)) from why


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
        for address in checked(await self._found(host, port, timeout), host, self._allowed):
            try:
                return await self._sockets.connect_tcp(
                    address, port, timeout, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as why:
                failure = why
        raise failure

    async def _found(self, host: str, port: int, timeout: float | None) -> list[str]:
        if written := literal(host):
            return written
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
