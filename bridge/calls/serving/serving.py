"""Serving calls: each in a task of its own, and whatever happens, closed and written down once."""

import asyncio
import logging
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any

from bridge.calls.call import cdr
from bridge.calls.call.call import Call
from bridge.calls.ports.call_services import CallServices
from bridge.calls.serving.register import Register
from bridge.scope import promptly, uninterrupted
from bridge.terms import Cause, EndedBy

log = logging.getLogger(__name__)

_WRITTEN_WITHIN = 30.0
"""Seconds that a record may take: a busy store is waited for, a broken one is not."""


class Serving:
    """Of one user's calls. Once it is `closing`, no new ones shall begin."""

    def __init__(self, services: CallServices) -> None:
        self.calls = Register()
        self.closing = False
        self._services = services
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    @asynccontextmanager
    async def served(self, call: Call) -> AsyncIterator[None]:
        """Whatever happens in the body, the call is closed and its record written, once."""
        self.calls.add(call)
        try:
            yield
        except Exception:
            log.exception("a call failed")
        finally:
            call.note_end(Cause.FAILED, EndedBy.HOUSE)
            await uninterrupted(self._close(call))

    async def drain(self, seconds: float) -> None:
        """Let the running calls go on for `seconds`, then end them."""
        self.closing = True
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self.calls.empty()
        for call in self.calls:
            call.end(Cause.NO_ANSWER if call.answered is None else Cause.NORMAL, EndedBy.HOUSE)
        await self.calls.empty()
        if self._tasks:
            await asyncio.wait(self._tasks)

    async def _close(self, call: Call) -> None:
        try:
            await call.settle()
        except Exception:
            log.exception("what a call leaves behind could not be kept")
        try:
            await promptly(self._services.subscriber.write(cdr.of(call)), _WRITTEN_WITHIN)
        except Exception:
            log.exception("the record of a call could not be written")
        self.calls.remove(call)
        call.close()
