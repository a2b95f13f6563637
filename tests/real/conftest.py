"""One household for all tests of this folder; each test begins with it as the first one did."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.real.household import Household

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.real)


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def _one_home(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Household]:
    directory = tmp_path_factory.mktemp("home")
    recipes = str(HERE / "recipes")
    async with Household(directory, PRIVATE_HOSTS="127.0.0.1", RECIPES=recipes) as home:
        yield home


@pytest_asyncio.fixture(loop_scope="package")
async def home(_one_home: Household) -> AsyncIterator[Household]:
    """Both phones ring together and the caller is announced; afterwards nothing goes on."""
    if not _one_home.service.alive:  # the test before told it to end
        await _one_home.service.restart()
    await _one_home.is_ready()
    await _one_home.rings("Desk", "Mobile")
    yield _one_home
    try:
        if _one_home.service.alive:
            await _one_home.is_quiet()
    finally:  # a call that a failed test has left must not fail the others
        for phone in (_one_home.desk, _one_home.mobile):
            await phone.hang_up()
