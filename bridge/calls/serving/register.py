"""The calls of one user that go on."""

import asyncio
from collections.abc import Iterator
from uuid import UUID

from bridge.calls.call.call import Call


class Register:
    """By their ids, the oldest first."""

    def __init__(self) -> None:
        self._calls: dict[UUID, Call] = {}
        self._empty = asyncio.Event()
        self._empty.set()

    def __iter__(self) -> Iterator[Call]:
        return iter(list(self._calls.values()))

    def get(self, call: UUID) -> Call | None:
        return self._calls.get(call)

    def add(self, call: Call) -> None:
        self._calls[call.id] = call
        self._empty.clear()

    def remove(self, call: Call) -> None:
        del self._calls[call.id]
        if not self._calls:
            self._empty.set()

    def engaged(self, but: Call | None = None) -> bool:
        """Whether a call rings or occupies one of the user's phones."""
        return any(call.engages_user for call in self if call is not but)

    def unproved(self, but: Call) -> int:
        """How many others who phone in have not proved yet who they are."""
        return sum(call.unproved for call in self if call is not but)

    async def empty(self) -> None:
        """Returns once all calls are over and closed."""
        await self._empty.wait()
