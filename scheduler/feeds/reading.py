"""Our side of the parser: feeds are read in another process, which may be killed at any time."""

import asyncio
import json
import logging
from typing import Self
from urllib.parse import urlsplit

from bridge.children.kinds import FEED_PARSER
from bridge.children.launch import Child
from bridge.errors import BadInput
from scheduler.feeds.feed_document import Document

log = logging.getLogger(__name__)

WITHIN = 40.0
"""Seconds for one feed; its processor time is limited in the process itself."""
IDLE = 60.0
"""Seconds without a feed after which the process goes: it holds 50 MB."""
MOST = 500
"""Feeds that one process reads: memory that one of them left in pieces comes back with the next."""
_LONGEST = 64 << 20


class FeedReader:
    """`read` starts the process when there is something to read; one feed at a time."""

    def __init__(self, within: float = WITHIN, idle: float = IDLE) -> None:
        self._within, self._idle = within, idle
        self._alone = asyncio.Lock()
        self._child: Child | None = None
        self._read = 0
        self._leaving: asyncio.TimerHandle | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        async with self._alone:
            await self._end()

    @property
    def pid(self) -> int | None:
        return self._child.pid if self._child else None

    async def read(self, body: bytes, address: str, content_type: str = "") -> Document:
        """BadInput("feed_broken") when there is no sense in it, or it takes more time or memory
        than any honest feed.
        """
        async with self._alone:
            if self._leaving:
                self._leaving.cancel()
            if self._read >= MOST or (self._child and self._child.gone):
                await self._end()
            self._read += 1
            try:
                async with asyncio.timeout(self._within):
                    told = await self._asked(body, address, content_type)
            except (TimeoutError, OSError, ValueError, EOFError):
                log.warning("the parser is ended: a feed of %d bytes was too much", len(body))
                await self._end()
                told = None
            except BaseException:  # cancelled in the middle of an answer, which nobody will read
                await self._end()
                raise
            self._leaving = asyncio.get_running_loop().call_later(self._idle, self._leave)
        if told is None:
            raise BadInput("feed_broken", host=urlsplit(address).hostname or "")
        return Document.of_json(told)

    async def _asked(
        self, body: bytes, address: str, content_type: str
    ) -> dict[str, object] | None:
        self._child = self._child or Child(FEED_PARSER)
        self._child.renew_time()
        reader, writer = await self._child.streams(_LONGEST)
        head = {"length": len(body), "address": address, "content_type": content_type}
        writer.write(json.dumps(head).encode() + b"\n")
        writer.write(body)
        await writer.drain()
        line = await reader.readline()
        if not line.endswith(b"\n"):
            raise EOFError
        told: dict[str, object] | None = json.loads(line)
        return told

    def _leave(self) -> None:
        """Nothing was read for a while. What is left of it is cleared away with the next feed."""
        if self._child is not None and not self._alone.locked():
            self._read = MOST
            self._child.kill()

    async def _end(self) -> None:
        child, self._child, self._read = self._child, None, 0
        if child is not None:
            await child.end()
