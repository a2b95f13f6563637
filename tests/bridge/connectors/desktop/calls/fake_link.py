"""A link to a session that a test tells what is seen in it. It keeps the contract of a real one
(tests/contracts/agent_link.py).
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

from bridge.connectors.desktop.protocol.messages import Reply, Told
from bridge.connectors.desktop.protocol.requests import Request
from bridge.errors import HouseError, NetworkDown

TAKES = 0.02
"""Seconds from a request to its effect."""


class FakeLink:
    """Keeps what was asked; what is put into `facts` is told."""

    sound = None

    def __init__(self) -> None:
        self.asked: list[Request] = []
        self.facts: asyncio.Queue[Told | None] = asyncio.Queue()
        self.said: dict[str, str] = {"read": "Ada Lovelace\nBen\n"}
        self.refused: dict[str, str] = {}
        """Codes for what cannot be done, by the kind of request."""
        self.effects: dict[type, list[Told]] = {}
        """What follows at once when something is asked."""
        self.silent: set[type] = set()
        """What is done, and never replied to."""
        self._fault: HouseError | None = None
        self._over = asyncio.Event()

    async def ask(self, request: Request, timeout: float = 10.0) -> Reply:
        if self._fault is not None:
            raise self._fault
        self.asked.append(request)
        await self._wait(TAKES)
        for fact in self.effects.get(type(request), []):
            self.facts.put_nowait(fact)
        if type(request) in self.silent:
            await self._wait(timeout)
            raise NetworkDown("desktop_silent", asked=request.kind)
        if code := self.refused.get(request.kind):
            raise HouseError(code)
        return Reply(id=1, text=self.said.get(request.kind, ""))

    async def told(self) -> AsyncIterator[Told]:
        while (fact := await self.facts.get()) is not None:
            yield fact
        self.facts.put_nowait(None)  # for whoever comes later
        assert self._fault is not None
        raise self._fault

    def fail(self, fault: HouseError) -> None:
        """The session is over; a second reason is dropped."""
        if self._fault is None:
            self._fault = fault
            self._over.set()
            self.facts.put_nowait(None)

    def of(self, kind: type) -> list[Any]:
        return [one for one in self.asked if isinstance(one, kind)]

    async def _wait(self, seconds: float) -> None:
        """Unless the session ends meanwhile."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._over.wait()
        if self._fault is not None:
            raise self._fault
