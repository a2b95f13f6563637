"""Servers that lie, dawdle and overwhelm: scripts for tests.peers.web.WebServer."""

from __future__ import annotations

import asyncio
import gzip

from tests.peers.web import Asked, Script


def says(status: int, body: bytes = b"", **headers: str) -> Script:
    """Exactly this, whatever was asked; `_` in a header's name is a dash."""

    async def script(asked: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(_head(status, {"Content-Length": str(len(body)), **headers}) + body)
        await writer.drain()

    return script


def redirects(to: str, status: int = 302) -> Script:
    return says(status, Location=to)


def drips(body: bytes, every: float, head_too: bool = False) -> Script:
    """A slow loris: a byte at a time, `every` so many seconds."""

    async def script(asked: Asked, writer: asyncio.StreamWriter) -> None:
        head = _head(200, {"Content-Length": str(len(body))})
        if not head_too:
            writer.write(head)
        for byte in body if not head_too else head + body:
            await asyncio.sleep(every)
            writer.write(bytes([byte]))
            await writer.drain()

    return script


def breaks_off(body: bytes, after: int, **headers: str) -> Script:
    """Promises all of `body` and hangs up `after` so many bytes."""

    async def script(asked: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(_head(200, {"Content-Length": str(len(body)), **headers}) + body[:after])
        await writer.drain()

    return script


def bomb(unpacked: int) -> Script:
    """So many bytes of nothing, as a gzip of a thousandth of that."""
    packed = gzip.compress(bytes(unpacked), 9)

    async def script(asked: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(
            _head(200, {"Content-Encoding": "gzip", "Content-Length": str(len(packed))}) + packed
        )
        await writer.drain()

    return script


def never_ends(piece: bytes) -> Script:
    """No length is promised, and it goes on until the other side has enough."""

    async def script(asked: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(_head(200, {}))
        while True:
            writer.write(piece)
            await writer.drain()

    return script


def _head(status: int, headers: dict[str, str]) -> bytes:
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"HTTP/1.1 {status} Well", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in told.items()]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")
