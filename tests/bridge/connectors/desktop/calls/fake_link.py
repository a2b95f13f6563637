"""A link to a session that a test tells what is seen in it."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from bridge.connectors.desktop.protocol.messages import Reply, Told
from bridge.connectors.desktop.protocol.requests import Request
from bridge.errors import NetworkDown

TAKES = 0.02
"""Seconds from a request to its effect."""


class FakeLink:
    """Keeps what was asked; what is put into `facts` is told."""

    sound = None

    def __init__(self) -> None:
        self.asked: list[Request] = []
        self.facts: asyncio.Queue[Told | Exception] = asyncio.Queue()
        self.said: dict[str, str] = {"read": "Ada Lovelace\nBen\n"}
        self.effects: dict[type, list[Told]] = {}
        """What follows at once when something is asked."""
        self.silent: set[type] = set()
        """What is done, and never replied to."""

    async def ask(self, request: Request, timeout: float = 10.0) -> Reply:
        self.asked.append(request)
        await asyncio.sleep(TAKES)
        for fact in self.effects.get(type(request), []):
            self.facts.put_nowait(fact)
        if type(request) in self.silent:
            await asyncio.sleep(timeout)
            raise NetworkDown("desktop_silent", asked=request.kind)
        return Reply(id=1, text=self.said.get(request.kind, ""))

    async def told(self) -> AsyncIterator[Told]:
        while True:
            fact = await self.facts.get()
            if isinstance(fact, Exception):
                raise fact
            yield fact

    def of(self, kind: type) -> list[Any]:
        return [one for one in self.asked if isinstance(one, kind)]
