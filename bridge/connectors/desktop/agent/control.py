"""The agent's end of the link: requests come in as lines, facts and replies go out.

The other end is the worker, which is trusted; when it is gone, so is the reason to be here.
"""

import asyncio
import logging
import socket
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Self

from pydantic import ValidationError

from bridge.connectors.desktop.protocol.messages import LONGEST, Reply, Told
from bridge.connectors.desktop.protocol.requests import REQUEST, Leave, Request

log = logging.getLogger(__name__)


class Refused(Exception):
    """A request that cannot be carried out, by its code."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


Serve = Callable[[Request], Awaitable[Reply | None]]
"""Carries a request out; None is a reply without content. Raises Refused."""


class Control:
    """`async with` it over the inherited socket, which it closes."""

    def __init__(self, control: socket.socket) -> None:
        self._socket = control
        self._asked: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._reader, self._writer = await asyncio.open_unix_connection(
            sock=self._socket, limit=LONGEST
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._asked:
            task.cancel()
        await asyncio.gather(*self._asked, return_exceptions=True)
        self._writer.close()
        with suppress(OSError):  # TimeoutError is one: nobody reads any more
            async with asyncio.timeout(1):
                await self._writer.wait_closed()

    def tell(self, fact: Told) -> None:
        self._writer.write(fact.model_dump_json().encode() + b"\n")

    async def serve(self, serve: Serve) -> None:
        """Until the worker says Leave, or is gone. Every request in a task of its own: a slow page
        keeps nobody from hanging up.
        """
        while line := await self._reader.readline():
            try:
                request = REQUEST.validate_json(line)
            except ValidationError as why:
                log.error("a request was not understood: %s", why.errors(include_input=False)[0])
                continue
            if isinstance(request, Leave):
                self.tell(Reply(id=request.id))
                return
            task = asyncio.create_task(self._answer(request, serve))
            self._asked.add(task)
            task.add_done_callback(self._asked.discard)

    async def _answer(self, request: Request, serve: Serve) -> None:
        try:
            reply = await serve(request) or Reply(id=request.id)
            reply = reply.model_copy(update={"id": request.id})
        except Refused as why:
            reply = Reply(id=request.id, code=why.code)
        except Exception as why:
            # never its text: it may hold what was to be typed
            log.error("%s failed: %s", request.kind, type(why).__name__)
            reply = Reply(id=request.id, code="desktop_failed")
        self.tell(reply)
