"""Our side of a child that reads one thing after another; the other one is `serving`."""

import asyncio
import json
import logging
import re
from typing import Any, Self, TypeVar

from pydantic import TypeAdapter

from bridge.children.kinds import ChildKind
from bridge.children.launch import Child

log = logging.getLogger(__name__)

T = TypeVar("T")

IDLE = 60.0
"""Seconds without a question after which the child goes: it holds some 50 MB."""
MOST = 500
"""Things that one child reads: memory that one of them left in pieces comes back with the next."""
_LONGEST = 64 << 20
"""Bytes of an answer."""
_CODE = re.compile(r"[a-z_]{0,40}")


class ReadingRefused(Exception):
    """There is no sense in it; `code` is what the child found, empty when it found nothing, or
    took more time or memory than any honest thing does.
    """

    def __init__(self, code: str = "") -> None:
        super().__init__(code)
        self.code = code


class Reader:
    """`async with` it; the child is started when there is something to read. One thing at a time,
    each `within` so many seconds; the child's processor time is limited besides.
    """

    def __init__(self, kind: ChildKind, within: float, idle: float = IDLE) -> None:
        self._kind, self._within, self._idle = kind, within, idle
        self._alone = asyncio.Lock()
        self._child: Child | None = None
        self._read = 0
        self._leaving: asyncio.TimerHandle | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        async with self._alone:
            if self._leaving:
                self._leaving.cancel()
            await self._end()

    @property
    def pid(self) -> int | None:
        return self._child.pid if self._child else None

    async def ask(self, answer: TypeAdapter[T], body: bytes, **head: Any) -> T:
        """What the child says of `body`, if it is such an answer: that is all that is certain.
        ReadingRefused.
        """
        async with self._alone:
            if self._leaving:
                self._leaving.cancel()
            if self._read >= MOST or (self._child and self._child.gone):
                await self._end()
            self._read += 1
            try:
                async with asyncio.timeout(self._within):
                    said, refused = await self._asked(answer, body, head)
            except (TimeoutError, OSError, ValueError, EOFError):
                log.warning("%s is ended: %d bytes were too much", self._kind.module, len(body))
                await self._end()
                raise ReadingRefused from None
            except BaseException:  # cancelled in the middle of an answer, which nobody will read
                await self._end()
                raise
            self._leaving = asyncio.get_running_loop().call_later(self._idle, self._leave)
        if refused is not None:
            raise ReadingRefused(refused)
        return said

    async def _asked(
        self, answer: TypeAdapter[T], body: bytes, head: dict[str, Any]
    ) -> tuple[T, None] | tuple[Any, str]:
        self._child = self._child or Child(self._kind)
        self._child.renew_time()
        reader, writer = await self._child.streams(_LONGEST)
        writer.write(json.dumps({**head, "length": len(body)}).encode() + b"\n")
        writer.write(body)
        await writer.drain()
        line = await reader.readline()
        if not line.endswith(b"\n"):
            raise EOFError
        if line.startswith(b"!"):
            code = line[1:-1].decode()
            return None, code if _CODE.fullmatch(code) else ""
        return answer.validate_json(line), None

    def _leave(self) -> None:
        """Nothing was read for a while. What is left of it is cleared away with the next thing."""
        if self._child is not None and not self._alone.locked():
            self._read = MOST
            self._child.kill()

    async def _end(self) -> None:
        child, self._child, self._read = self._child, None, 0
        if child is not None:
            await child.end()
