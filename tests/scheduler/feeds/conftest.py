"""A store with people in it, a web server of theirs, and a desk that remembers what it was told."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bridge.store import Store
from bridge.store.migrate import migrate
from scheduler.feeds.reading import FeedReader
from scheduler.web import Web
from tests.peers.web import WebServer
from tests.scheduler.feeds.stage import FakeDesk


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "house.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture
def store(template: Path, tmp_path: Path) -> Iterator[Store]:
    shutil.copy(template, tmp_path / "house.db")
    with Store.open(f"sqlite:///{tmp_path / 'house.db'}") as opened:
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
