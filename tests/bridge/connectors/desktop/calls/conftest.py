import asyncio
from collections.abc import Callable

from tests.fake_clock import FakeClockLoop


def pytest_asyncio_loop_factories() -> dict[str, Callable[[], asyncio.AbstractEventLoop]]:
    return {"fake clock": FakeClockLoop}
