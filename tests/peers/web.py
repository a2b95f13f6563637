"""A web server on loopback: pages that are put there, the files of a directory, and scripts that
misbehave (tests/peers/hostile_web.py).

    async with WebServer() as web:
        web.put("/feed.xml", b"<rss>...", etag='"1"')
        web.address("/feed.xml")   # http://127.0.0.1:PORT/feed.xml
        web.asked                  # what came in, in its order

Pages know validators (RFC 9110 section 13) and ranges (section 14), as the big hosters do.
"""

from __future__ import annotations

import asyncio
import gzip
import mimetypes
import ssl
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self
from urllib.parse import unquote

_REASONS = {200: "OK", 206: "Partial Content", 304: "Not Modified", 404: "Not Found"}


@dataclass(frozen=True)
class Asked:
    """`headers` by their names in small letters; `host` is the address that was connected to."""

    path: str
    headers: dict[str, str]
    host: str


@dataclass(frozen=True)
class Page:
    body: bytes = b""
    mime: str = "application/octet-stream"
    status: int = 200
    etag: str = ""
    modified: str = ""
    packed: bool = False
    """gzip, for whoever accepts it."""
    headers: dict[str, str] = field(default_factory=dict)


Script = Callable[[Asked, asyncio.StreamWriter], Awaitable[None]]
"""Writes its answer, status line and all; the connection is closed after it."""


class WebServer:
    """With `tls` it speaks https; its addresses are still written by the caller then."""

    def __init__(
        self,
        directory: Path | None = None,
        host: str = "127.0.0.1",
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.asked: list[Asked] = []
        self.pages: dict[str, Page | Script] = {}
        self.port = 0
        self.most_at_once = 0
        """Requests that were being answered at the same time."""
        self._at_once = 0
        self._directory, self._host, self._tls = directory, host, tls
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._connected, self._host, 0, ssl=self._tls)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        for connection in list(self._connections):
            connection.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)
        await self._server.wait_closed()

    def put(self, path: str, body: bytes = b"", mime: str = "text/xml", **more: object) -> str:
        """The address where it is from now on; see Page for `more`."""
        self.pages[path] = Page(body, mime, **more)  # type: ignore[arg-type]
        return self.address(path)

    def script(self, path: str, script: Script) -> str:
        self.pages[path] = script
        return self.address(path)

    def address(self, path: str, host: str = "") -> str:
        return f"http://{host or self._host}:{self.port}{path}"

    def times(self, path: str) -> int:
        return sum(one.path == path for one in self.asked)

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # a task of our own: asyncio complains of its own ones when they are cancelled
        task = asyncio.create_task(self._serve(reader, writer))
        self._connections.add(task)
        task.add_done_callback(self._connections.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while (asked := await _request(reader, writer)) is not None:
                self.asked.append(asked)
                self._at_once += 1
                self.most_at_once = max(self.most_at_once, self._at_once)
                try:
                    stays = await self._answer(asked, writer)
                    await writer.drain()
                finally:
                    self._at_once -= 1
                if not stays:
                    return
        except (OSError, asyncio.IncompleteReadError):
            pass  # the other side has gone
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    async def _answer(self, asked: Asked, writer: asyncio.StreamWriter) -> bool:
        page = self.pages.get(asked.path) or self._file(asked.path)
        if not isinstance(page, Page):
            await page(asked, writer)
            return False
        writer.write(rendered(asked, page))
        return True

    def _file(self, path: str) -> Page:
        name = unquote(path.partition("?")[0]).lstrip("/")
        file = self._directory / name if self._directory and ".." not in name else None
        if file is None or not file.is_file():
            return Page(status=404)
        changed = file.stat()
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        return Page(file.read_bytes(), kind, etag=f'"{changed.st_mtime_ns:x}-{changed.st_size:x}"')


def rendered(asked: Asked, page: Page) -> bytes:
    """Status line, headers and body, as this request gets them."""
    headers, body, status = {"Content-Type": page.mime, **page.headers}, page.body, page.status
    if page.etag:
        headers["ETag"] = page.etag
    if page.modified:
        headers["Last-Modified"] = page.modified
    if status == 200 and _is_unchanged(asked, page):
        status, body = 304, b""
    elif status == 200 and (wanted := _range(asked, page)):
        first, last = wanted
        headers["Content-Range"] = f"bytes {first}-{last}/{len(body)}"
        status, body = 206, body[first : last + 1]
    elif page.packed and "gzip" in asked.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        body = gzip.compress(body)
    if status != 304:
        headers.setdefault("Content-Length", str(len(body)))
    lines = [f"HTTP/1.1 {status} {_REASONS.get(status, 'Well')}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


def _is_unchanged(asked: Asked, page: Page) -> bool:
    known = asked.headers.get("if-none-match")
    if known is not None:
        return bool(page.etag) and page.etag in known
    return bool(page.modified) and asked.headers.get("if-modified-since") == page.modified


def _range(asked: Asked, page: Page) -> tuple[int, int] | None:
    """`bytes=FIRST-`, the only one that downloads need; If-Range decides."""
    wish = asked.headers.get("range", "")
    if not wish.startswith("bytes=") or not wish.endswith("-"):
        return None
    if asked.headers.get("if-range", page.etag) not in (page.etag, page.modified or page.etag):
        return None
    first = int(wish.removeprefix("bytes=").removesuffix("-"))
    return (first, len(page.body) - 1) if first < len(page.body) else None


async def _request(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Asked | None:
    line = await reader.readline()
    if not line:
        return None
    headers = {}
    while (header := await reader.readline()).strip():
        name, _, value = header.decode("latin-1").partition(":")
        headers[name.strip().lower()] = value.strip()
    return Asked(line.split()[1].decode(), headers, writer.get_extra_info("sockname")[0])
