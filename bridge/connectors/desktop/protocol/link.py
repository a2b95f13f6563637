"""The worker's end of a session: what its agent tells, and what it is asked.

The agent is no friend: it runs beside a program that nobody here wrote, as the same user. What is
too long, too much or cannot be understood ends the session, and never more than that.
"""

import asyncio
import logging
import re
import socket
from asyncio import Future, Queue, StreamReader, StreamWriter
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

from pydantic import ValidationError

from bridge.connectors.desktop.protocol.messages import LONGEST, TOLD, Reply, Told
from bridge.connectors.desktop.protocol.requests import Request
from bridge.errors import HouseError, NetworkDown

log = logging.getLogger(__name__)

PATIENCE = 10.0
"""Seconds for a reply."""
_LONGEST_FACT = 64 << 10
"""Bytes of a line that is no reply, and so may come unasked."""
_WAITING = 500
"""So many facts may wait to be read."""
_CODE = re.compile(r"[a-z][a-z_]{1,39}")


class AgentLink:
    """To one session, from its first word to its last. `sound` is a non-blocking SOCK_SEQPACKET,
    each packet one frame of 20 ms, 16-bit mono; it is closed with the link.
    """

    def __init__(self, reader: StreamReader, writer: StreamWriter, sound: socket.socket) -> None:
        self.sound = sound
        self._reader, self._writer = reader, writer
        self._facts: Queue[Told] = Queue(_WAITING)
        self._replies: dict[int, Future[Reply]] = {}
        self._last = 0
        self._fault: Future[HouseError] = asyncio.get_running_loop().create_future()
        self._reading = asyncio.create_task(self._read())

    @classmethod
    async def over(cls, control: socket.socket, sound: socket.socket) -> "AgentLink":
        """A link over our ends of the session's two socket pairs; it owns them from now on."""
        reader, writer = await asyncio.open_unix_connection(sock=control, limit=LONGEST)
        sound.setblocking(False)
        return cls(reader, writer, sound)

    async def ask(self, request: Request, timeout: float = PATIENCE) -> Reply:
        """The reply; the link numbers the request. Raises what the agent could not do as a
        HouseError with its code, NetworkDown("desktop_silent") when it says nothing, and what
        `told` raises when the session is over.
        """
        self._last += 1
        number = self._last
        waiting = self._replies[number] = asyncio.get_running_loop().create_future()
        try:
            if self._fault.done():
                raise self._fault.result()
            line = request.model_copy(update={"id": number}).model_dump_json()
            self._writer.write(line.encode() + b"\n")
            async with asyncio.timeout(timeout):
                reply: Reply = await waiting
        except TimeoutError:
            raise NetworkDown("desktop_silent", asked=request.kind) from None
        finally:
            del self._replies[number]
        if reply.code:
            raise HouseError(reply.code if _CODE.fullmatch(reply.code) else "desktop_failed")
        return reply

    async def told(self) -> AsyncIterator[Told]:
        """The facts in their order, without end: when the session is over it raises NetworkDown
        ("desktop_lost", "desktop_garbled", or whatever it was ended for). One reader at a time.
        """
        while True:
            fact = asyncio.ensure_future(self._facts.get())
            try:
                both: set[Future[Any]] = {fact, self._fault}
                await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
            finally:
                if not fact.done():
                    fact.cancel()
            if not fact.done() or fact.cancelled():
                raise self._fault.result()
            yield fact.result()

    def fail(self, fault: HouseError) -> None:
        """The session is over, for this reason; a second one is dropped."""
        if self._fault.done():
            return
        self._fault.set_result(fault)
        for waiting in self._replies.values():
            if not waiting.done():
                waiting.set_exception(fault)

    async def close(self) -> None:
        """The agent sees the end of its input, and ends everything."""
        self.fail(NetworkDown("desktop_lost"))
        self._reading.cancel()
        with suppress(asyncio.CancelledError):
            await self._reading
        self._writer.close()
        with suppress(OSError):
            await self._writer.wait_closed()
        self.sound.close()

    async def _read(self) -> None:
        try:
            while line := await self._reader.readline():
                self._take(line)
            self.fail(NetworkDown("desktop_lost"))
        except (ValueError, asyncio.QueueFull) as why:
            log.warning("a desktop session is given up: %s", _first_line(why))
            self.fail(NetworkDown("desktop_garbled"))
        except OSError:
            self.fail(NetworkDown("desktop_lost"))

    def _take(self, line: bytes) -> None:
        fact = TOLD.validate_json(line)
        if isinstance(fact, Reply):
            waiting = self._replies.get(fact.id)  # None: nobody waits for it any longer
            if waiting is not None and not waiting.done():
                waiting.set_result(fact)
        elif len(line) > _LONGEST_FACT:
            raise ValueError(f"{len(line)} bytes of {fact.kind}")
        else:
            self._facts.put_nowait(fact)


def _first_line(why: Exception) -> str:
    """What was not understood, but never the words themselves: they may be anybody's secrets."""
    if isinstance(why, ValidationError):
        return "; ".join(error["msg"] for error in why.errors(include_input=False)[:1])
    return str(why) or type(why).__name__
