"""Schedulers on real stores, SQLite and PostgreSQL, under the fake clock."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from bridge.store import Store
from tests.bridge.store.conftest import (
    keys,
    postgres,
    postgres_database,
    postgres_migrated,
    sqlite_template,
    store,
    url,
)
from tests.fake_clock import FakeClockLoop
from tests.scheduler.ringing.stage import Scene

__all__ = [
    "keys",
    "postgres",
    "postgres_database",
    "postgres_migrated",
    "sqlite_template",
    "store",
    "url",
]


def pytest_asyncio_loop_factories() -> dict[str, Callable[[], asyncio.AbstractEventLoop]]:
    return {"fake clock": FakeClockLoop}


@pytest.fixture
async def scene(store: Store, tmp_path: Path) -> AsyncIterator[Scene]:
    """It is noon on a Monday, thirteen o'clock in Berlin, and a scheduler leads."""
    opened = Scene(store, tmp_path)
    opened.start()
    await opened.tick()
    yield opened
    await opened.close()
