"""For all tests."""

import os
from typing import Any

import pytest
from hypothesis import settings

from tests.turns import DepartmentScheduling, is_counted, turn

# the same examples every time, however busy the machine: a red test shows what its change broke;
# new examples are looked for with --hypothesis-profile=default
settings.register_profile("steady", derandomize=True, deadline=None)
settings.load_profile("steady")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if not is_counted(item.nodeid):
            item.add_marker("no_cover")
    if "PYTEST_XDIST_WORKER" in os.environ:
        items.sort(key=lambda item: turn(item.nodeid))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> DepartmentScheduling | None:
    return DepartmentScheduling(config, log) if config.getoption("dist") == "loadfile" else None
