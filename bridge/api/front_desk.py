"""The front desk as the bot and the scheduler see it, and what stands in for it in tests."""

from collections.abc import AsyncIterator
from typing import Protocol, TypeVar
from uuid import UUID

from bridge.api.command import Command
from bridge.api.events import Numbered

R = TypeVar("R")


class FrontDesk(Protocol):
    """As bridge.api.client.Client serves it; most askers need no more than `ask`."""

    async def ask(self, command: Command[R]) -> R: ...

    def events(self, consumer: str) -> AsyncIterator[Numbered]: ...

    async def acknowledge(self, consumer: str, number: int) -> None: ...

    async def episode(self, user: UUID, episode: UUID) -> bytes: ...
