"""Time for tests: an event loop whose clock jumps to the next timer as soon as nothing is ready.

A scene of minutes runs in milliseconds, and always the same way. Whoever waits for something that
can never happen fails at once instead of hanging.
"""

import asyncio
import selectors
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
"""A Wednesday."""


class FakeClockLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._now = 0.0
        super().__init__(_TimeTravel(self))

    def time(self) -> float:
        return self._now

    def advance(self, seconds: float) -> None:
        self._now += seconds

    def run_in_executor(  # type: ignore[override]  # a future is what the base class gives, too
        self, executor: Any, func: Callable[..., Any], *args: Any
    ) -> asyncio.Future[Any]:
        """In line: a thread would live in another time."""
        future = self.create_future()
        try:
            future.set_result(func(*args))
        except Exception as why:
            future.set_exception(why)
        return future


class _TimeTravel(selectors.DefaultSelector):
    def __init__(self, loop: FakeClockLoop) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> Any:
        ready = super().select(0)
        if not ready and timeout is None:
            raise AssertionError("everybody waits, and nothing is left that could happen")
        if not ready and timeout:
            self._loop.advance(timeout)
        return ready


class FakeClock:
    """The wall clock that belongs to the running loop. `noon` is what it shows at time zero."""

    def __init__(self, noon: datetime = NOON) -> None:
        self.noon = noon

    def now(self) -> datetime:
        return self.noon + timedelta(seconds=asyncio.get_running_loop().time())


async def settled() -> None:
    """Let everything happen that can happen without time passing."""
    for _ in range(60):
        await asyncio.sleep(0)
