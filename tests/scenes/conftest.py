import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from tests.fake_clock import FakeClockLoop
from tests.house import House


def pytest_asyncio_loop_factories() -> dict[str, Callable[[], asyncio.AbstractEventLoop]]:
    return {"fake clock": FakeClockLoop}


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with House.open(tmp_path) as house:
        yield house
