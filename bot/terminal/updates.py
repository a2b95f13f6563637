"""The queue of getUpdates: an update stays until the bot confirms it by asking for a later one."""

import asyncio
from collections.abc import Sequence
from typing import Any

from bot.terminal.bell import Bell
from bot.terminal.refusal import BotApiRefusal

Update = dict[str, Any]


class Updates:
    def __init__(self) -> None:
        self._kept: list[Update] = []
        self._next = 1
        self._polls = 0
        self._allowed: frozenset[str] = frozenset()
        self._bell = Bell()

    def push(self, kind: str, content: dict[str, Any]) -> None:
        if self._allowed and kind not in self._allowed:
            return
        self._kept.append({"update_id": self._next, kind: content})
        self._next += 1
        self._bell.ring()

    async def take(
        self,
        offset: int = 0,
        limit: int = 100,
        timeout: float = 0,
        allowed: Sequence[str] | None = None,
    ) -> list[Update]:
        """Wait up to `timeout` seconds; whoever asked before is told of the conflict."""
        self._polls += 1
        mine = self._polls
        if allowed is not None:
            self._allowed = frozenset(allowed)
        if offset < 0:
            self._kept = self._kept[offset:]
        else:
            self._kept = [update for update in self._kept if update["update_id"] >= offset]
        self._bell.ring()
        try:
            async with asyncio.timeout(timeout):
                await self._bell.until(lambda: self._kept or self._polls != mine)
        except TimeoutError:
            return []
        if self._polls != mine:
            raise BotApiRefusal(
                409,
                "Conflict: terminated by other getUpdates request; "
                "make sure that only one bot instance is running",
            )
        return self._kept[:limit]

    async def confirmed(self) -> None:
        """Wait until the bot has taken everything over."""
        await self._bell.until(lambda: not self._kept)
