"""The clock of the tests itself."""

import asyncio
import time
from collections.abc import Coroutine
from datetime import timedelta
from typing import Any

import pytest

from tests.fake_clock import NOON, FakeClock, FakeClockLoop


def run(work: Coroutine[Any, Any, Any]) -> Any:
    with asyncio.Runner(loop_factory=FakeClockLoop) as runner:
        return runner.run(work)


def test_a_day_passes_at_once() -> None:
    async def day() -> float:
        clock = FakeClock()
        await asyncio.sleep(86400)
        assert clock.now() == NOON + timedelta(days=1)
        return asyncio.get_running_loop().time()

    began = time.monotonic()
    assert run(day()) == 86400
    assert time.monotonic() - began < 5


def test_timers_ring_in_their_order() -> None:
    async def rings() -> list[int]:
        rung: list[int] = []
        loop = asyncio.get_running_loop()
        for seconds in (3, 1, 2):
            loop.call_later(seconds, rung.append, seconds)
        await asyncio.sleep(4)
        return rung

    assert run(rings()) == [1, 2, 3]


def test_threads_work_in_line() -> None:
    async def work() -> int:
        with pytest.raises(ZeroDivisionError):
            await asyncio.to_thread(lambda: 1 // 0)
        return await asyncio.to_thread(lambda: 42)

    assert run(work()) == 42


def test_who_waits_for_nothing_fails_at_once() -> None:
    async def waits() -> None:
        await asyncio.Future()

    with pytest.raises(AssertionError, match="nothing is left that could happen"):
        run(waits())
