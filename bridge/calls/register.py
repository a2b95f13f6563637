"""The calls of one user that go on."""

import asyncio
from collections.abc import Iterator
from uuid import UUID

from bridge.calls.errand import Errand
from bridge.calls.incoming import IncomingCall
from bridge.calls.playout.call_out import CallOut

AnyCall = IncomingCall | CallOut | Errand


class Register:
    """By their ids, the oldest first."""

    def __init__(self) -> None:
        self._calls: dict[UUID, AnyCall] = {}
        self._empty = asyncio.Event()
        self._empty.set()

    def __iter__(self) -> Iterator[AnyCall]:
        return iter(list(self._calls.values()))

    def get(self, call: UUID) -> AnyCall | None:
        return self._calls.get(call)

    def add(self, call: AnyCall) -> None:
        self._calls[call.id] = call
        self._empty.clear()

    def remove(self, call: AnyCall) -> None:
        del self._calls[call.id]
        if not self._calls:
            self._empty.set()

    def engaged(self, but: AnyCall | None = None) -> bool:
        """Whether a call rings or occupies one of the user's phones."""
        return any(call.engages_user for call in self if call is not but)

    async def empty(self) -> None:
        """Returns once all calls are over and closed."""
        await self._empty.wait()
