"""A store with people in it, a web server of theirs, and a desk that remembers what it was told."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bridge.store import Store
from scheduler.feeds.reading import FeedReader
from scheduler.web import Web
from tests.fresh_database import lay_out
from tests.peers.web import WebServer
from tests.scheduler.feeds.stage import FakeDesk


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    url = f"sqlite:///{tmp_path / 'house.db'}"
    lay_out(url)
    with Store.open(url) as opened:
        yield opened


@pytest.fixture
async def server() -> AsyncIterator[WebServer]:
    async with WebServer() as opened:
        yield opened


@pytest.fixture
async def web() -> AsyncIterator[Web]:
    async with Web(["127.0.0.0/8"]) as opened:
        yield opened


@pytest.fixture
async def reading() -> AsyncIterator[FeedReader]:
    async with FeedReader() as opened:
        yield opened


@pytest.fixture
def desk() -> FakeDesk:
    return FakeDesk()
