"""A call that we make, as the program shows it."""

import pytest

from bridge.connectors.desktop.protocol.messages import (
    Notified,
    ProgramStarted,
    WindowGone,
    WindowSeen,
)
from bridge.connectors.desktop.reading.attempt import OVER
from bridge.connectors.desktop.reading.happening import InCall, NotTaken, Rings, RingsThere
from bridge.connectors.desktop.recipe.recipe import Recipe
from tests.bridge.connectors.desktop.watcher import Watcher, bob_calls, records

RECIPE = Recipe.model_validate(
    {
        "title": "Telephone",
        "network": "test",
        "program": {"run": ["chromium"]},
        "signs": {
            "rings": {"notification": {"action": "accept"}},
            "rings_there": {"window": {"title": "^Calling"}},
            "refused": {"notification": {"body": "^declined$"}},
            "in_call": {"stream": {"does": "records"}},
        },
        "answer": {"action": "accept"},
        "hang_up": {"keys": "Escape"},
    }
)
CALLING = WindowSeen(id=5, title="Calling Bob")


def declined(number: int) -> Notified:
    return Notified(id=number, app="Telephone", summary="Bob", body="declined")


@pytest.fixture
def watcher() -> Watcher:
    return Watcher(RECIPE).at(0, ProgramStarted(pid=7))


def test_it_rings_there_and_is_taken(watcher: Watcher) -> None:
    watcher.dial(1)
    watcher.at(2, CALLING).at(4, WindowGone(id=5)).at(5, records(3))
    assert watcher.calls(30) == [RingsThere(), InCall()]


def test_nobody_comes(watcher: Watcher) -> None:
    watcher.dial(1)
    watcher.at(2, CALLING).at(4, WindowGone(id=5))
    assert watcher.calls(30) == [RingsThere(), NotTaken(refused=False)]
    assert watcher.when(NotTaken) == 4 + OVER


def test_it_is_refused_and_what_was_refused_before_says_nothing(watcher: Watcher) -> None:
    watcher.at(1, declined(1))
    watcher.dial(2)
    assert watcher.calls(20) == []
    watcher.at(21, declined(2))
    assert watcher.calls(30) == [NotTaken(refused=True)]


def test_without_an_attempt_nothing_is_told(watcher: Watcher) -> None:
    assert watcher.at(1, CALLING).at(2, declined(1)).calls(30) == []


def test_who_was_declined_may_call_again_at_once(watcher: Watcher) -> None:
    watcher.at(1, bob_calls(1))
    assert watcher.reading.ring is not None
    watcher.reading.declined(watcher.reading.ring)
    watcher.at(1.2, bob_calls(2))
    assert [type(one) for one in watcher.calls(2)] == [Rings, Rings]
