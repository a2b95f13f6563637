"""The peers as pytest fixtures: `pytest_plugins = ["tests.peers.fixtures"]` in tests/conftest.py,
or `from tests.peers.fixtures import ...` in the conftest.py of one folder."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from tests.peers.baresip import Baresip
from tests.peers.kamailio import Kamailio
from tests.peers.postgres import PostgreSQL
from tests.peers.sipp import Sipp

BaresipFactory = Callable[..., Awaitable[Baresip]]
SippFactory = Callable[..., Awaitable[Sipp]]

_databases = count(1)


@pytest_asyncio.fixture
async def kamailio(tmp_path: Path) -> AsyncIterator[Kamailio]:
    """A provider with the customers ada, bob and eve; more by `add_user()`."""
    users = {"ada": "ada-secret", "bob": "bob-secret", "eve": "eve-secret"}
    async with Kamailio(tmp_path / "kamailio", users) as provider:
        yield provider


@pytest_asyncio.fixture
async def baresip_factory(tmp_path: Path) -> AsyncIterator[BaresipFactory]:
    """`phone = await baresip_factory("ada", speaks=sound, answer="auto")`: ended with the test."""
    async with AsyncExitStack() as phones:

        async def make(name: str, *args: Any, **options: Any) -> Baresip:
            return await phones.enter_async_context(Baresip(tmp_path, name, *args, **options))

        yield make


@pytest_asyncio.fixture
async def sipp_factory(tmp_path: Path) -> AsyncIterator[SippFactory]:
    """`phone = await sipp_factory("desk", "reject", status="486 Busy Here")`."""
    async with AsyncExitStack() as programs:

        async def make(name: str, scenario: str, **options: Any) -> Sipp:
            return await programs.enter_async_context(Sipp(tmp_path, name, scenario, **options))

        yield make


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgreSQL]:
    """One PostgreSQL for the whole run."""
    with PostgreSQL() as server:
        yield server


@pytest.fixture
def postgres_database(postgres: PostgreSQL) -> Iterator[str]:
    """The URL of an empty database of this test's own."""
    name = f"test_{next(_databases)}"
    yield postgres.database(name)
    postgres.drop(name)


@pytest.fixture(scope="session")
def postgres_url(postgres: PostgreSQL) -> str:
    """The URL of one database for the whole run."""
    return postgres.database("shared")
