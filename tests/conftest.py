"""For all tests."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

# the same examples every time, however busy the machine: a red test shows what its change broke;
# new examples are looked for with --hypothesis-profile=default
settings.register_profile("steady", derandomize=True, deadline=None)
settings.load_profile("steady")

HERE = Path(__file__).parent
SLOWEST_FIRST = ("scheduler/kills", "real", "bridge/connectors/desktop", "bridge/connectors/sip")
"""Folders whose files take minutes. Begun last, one of them would run alone at the end; begun in
turn with others, a folder would build up what its files share anew for each."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if "PYTEST_XDIST_WORKER" in os.environ:
        items.sort(key=_turn)


def _turn(item: pytest.Item) -> int:
    above = item.path.parents
    found = (n for n, folder in enumerate(SLOWEST_FIRST) if HERE / folder in above)
    return next(found, len(SLOWEST_FIRST))
