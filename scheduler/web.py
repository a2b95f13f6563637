"""The way into the web for everything that is fetched: guarded, capped, and well-behaved.

What goes wrong is named by what can be done about it:

    Throttled("feed_throttled")       429, 503: come back after `seconds`
    NetworkDown("feed_unreachable")   no answer, a broken one, or 5xx: later
    UnknownTarget("feed_gone")        410: never again
    UnknownTarget("feed_refused")     any other 4xx, or redirects that lead nowhere
    BadInput("feed_too_large")        more than the caller can take
    NotAllowed("private_address" | "odd_address")
"""

import asyncio
from collections.abc import AsyncIterator, Collection, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Self

import httpx

from bridge.errors import NetworkDown, Throttled, UnknownTarget
from bridge.guarded_http import guarded_async_client
from scheduler import unpacking
from scheduler.hosts import Hosts

MOST_REDIRECTS = 5
FOR_GOOD = {301, 308}
REDIRECTS = FOR_GOOD | {302, 303, 307}
BUSY = {429, 503}
PATIENCE = httpx.Timeout(10.0, read=20.0, pool=None)
"""Seconds for a connection, and for each piece of an answer."""
ANSWERS_WITHIN = 30.0
"""Seconds for a connection and the head of an answer, in however small pieces that comes."""
_USUAL_REST = 900.0
_HEADERS = {"User-Agent": "skype2sip (podcasts by telephone)", "Accept-Encoding": "gzip, deflate"}


@dataclass(frozen=True)
class WebAnswer:
    """`address` is where it came from; `moved` where it is for good, if it has moved (301, 308)."""

    response: httpx.Response
    address: str
    moved: str | None

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def headers(self) -> httpx.Headers:
        return self.response.headers

    async def body(self, largest: int, within: float) -> bytes:
        """All of it, unpacked, in `within` seconds at most, however slowly the server speaks.
        BadInput("feed_too_large") beyond `largest` bytes.
        """
        with _troubles(self.response.url.host):
            async with asyncio.timeout(within):
                return await unpacking.unpacked(self.response, largest)

    async def pieces(self) -> AsyncIterator[bytes]:
        """As it travels; for what was asked for with Accept-Encoding: identity."""
        with _troubles(self.response.url.host):
            async for piece in self.response.aiter_raw():
                yield piece


class Web:
    """`allowed` hosts may be private; at most `total` connections, `each` to one host."""

    def __init__(
        self, allowed: Collection[str], *, total: int = 20, each: int = 2, **of_guard: Any
    ) -> None:
        self._hosts = Hosts(total, each)
        self._client = guarded_async_client(
            allowed,
            timeout=PATIENCE,
            headers=_HEADERS,
            limits=httpx.Limits(max_connections=None, max_keepalive_connections=total),
            **of_guard,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.aclose()

    @asynccontextmanager
    async def opened(
        self, address: str, headers: Mapping[str, str] | None = None
    ) -> AsyncIterator[WebAnswer]:
        """The answer behind all redirects, its body not yet read: 2xx, 304, or 416 for a Range
        that is none. The errors above for all others.
        """
        request = self._request(address, headers)
        steadily, moved = not request.url.userinfo, None  # a password is not in the new address
        for _ in range(MOST_REDIRECTS + 1):
            url = request.url
            async with self._hosts.turn(url.host), self._sent(request) as response:
                further = response.next_request if response.status_code in REDIRECTS else None
                if further is None:
                    self._check(response)
                    yield WebAnswer(response, str(url), moved)
                    return
            request = further
            steadily = steadily and response.status_code in FOR_GOOD
            if steadily and (request.url.scheme == "https" or url.scheme == "http"):
                moved = str(request.url)
        raise UnknownTarget("feed_refused", host=request.url.host, why="too many redirects")

    async def fetched(
        self,
        address: str,
        largest: int,
        within: float,
        headers: Mapping[str, str] | None = None,
    ) -> tuple[WebAnswer, bytes]:
        """The answer with its whole body; see Answer.body."""
        async with self.opened(address, headers) as answer:
            return answer, await answer.body(largest, within)

    def _request(self, address: str, headers: Mapping[str, str] | None) -> httpx.Request:
        try:
            return self._client.build_request("GET", address, headers=dict(headers or {}))
        except (httpx.InvalidURL, ValueError):
            raise UnknownTarget("feed_refused", host="", why="no address") from None

    @asynccontextmanager
    async def _sent(self, request: httpx.Request) -> AsyncIterator[httpx.Response]:
        host = request.url.host
        with _troubles(host):
            try:
                async with asyncio.timeout(ANSWERS_WITHIN):
                    response = await self._client.send(request, stream=True)
            except (httpx.ConnectError, httpx.TimeoutException, TimeoutError):
                self._hosts.is_down(host)
                raise
        try:
            yield response
        finally:
            await response.aclose()

    def _check(self, response: httpx.Response) -> None:
        status, host = response.status_code, response.url.host
        if status in BUSY:
            seconds = self._hosts.rests(host, _retry_after(response))
            raise Throttled("feed_throttled", seconds, host=host)
        if status >= 500:
            raise NetworkDown("feed_unreachable", host=host)
        if status == 410:
            raise UnknownTarget("feed_gone", host=host)
        if not (response.is_success or status in (304, 416)):
            raise UnknownTarget("feed_refused", host=host, why=f"HTTP {status}")


@contextmanager
def _troubles(host: str) -> Iterator[None]:
    try:
        yield
    except (httpx.HTTPError, TimeoutError, OSError):
        raise NetworkDown("feed_unreachable", host=host) from None


def _retry_after(response: httpx.Response) -> float:
    """Seconds (RFC 9110 section 10.2.3): a number of them, or a date."""
    wish = response.headers.get("retry-after", "").strip()
    if wish.isascii() and wish.isdigit():
        return float(wish[:9])
    try:
        until = parsedate_to_datetime(wish)
        aware = until if until.tzinfo else until.replace(tzinfo=UTC)
        return max(0.0, (aware - datetime.now(UTC)).total_seconds())
    except (ValueError, OverflowError):
        return _USUAL_REST
