"""A server of feeds that have nothing new: `python -m tests.bench.unchanged_web`.

Prints its port, and says 304 to whoever knows the version, as cheaply as it can.
"""

from __future__ import annotations

import asyncio

from tests.peers.web import Asked, Page, rendered
from tests.scheduler.feeds import shapes

ETAG = '"1"'
_UNCHANGED = f"HTTP/1.1 304 Not Modified\r\nETag: {ETAG}\r\n\r\n".encode()


class _Connection(asyncio.Protocol):
    def __init__(self, feed: bytes) -> None:
        self._feed, self._heard = feed, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._heard += data
        while b"\r\n\r\n" in self._heard:
            asked, _, self._heard = self._heard.partition(b"\r\n\r\n")
            known = b"if-none-match" in asked.lower()
            self._transport.write(_UNCHANGED if known else self._feed)


async def main() -> None:
    page = Page(shapes.rss(*map(shapes.item, range(1000, 950, -1))), "text/xml", etag=ETAG)
    feed = rendered(Asked("/", {}, ""), page)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Connection(feed), "127.0.0.1", 0, backlog=1000)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
