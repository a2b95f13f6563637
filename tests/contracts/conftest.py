"""A store, and a user in it, for those sides of the contracts that keep things there."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from shutil import copy
from uuid import UUID

import pytest

from bridge.settings import Settings
from bridge.store import Store, key_ring
from tests.bridge.store.conftest import person, sqlite_template

__all__ = ["sqlite_template"]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(_env_file=None, data_dir=tmp_path)


@pytest.fixture
async def store(settings: Settings, sqlite_template: Path) -> AsyncIterator[Store]:
    await asyncio.to_thread(copy, sqlite_template, settings.data_dir / "skype2sip.db")
    with Store.open(settings.database, key_ring(settings)) as opened:
        yield opened


@pytest.fixture
def user(store: Store) -> UUID:
    return person(store, "Ada")
