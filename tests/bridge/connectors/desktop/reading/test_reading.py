"""What Chromium 156 was seen to do, second by second, and what it means.

The sequences are those of the sessions in which it was watched; times are seconds from the start of
each.
"""

import pytest

from bridge.connectors.desktop.protocol.messages import (
    Action,
    NotificationClosed,
    Notified,
    PageSeen,
    PartLost,
    ProgramEnded,
    ProgramStarted,
    Told,
)
from bridge.connectors.desktop.reading.happening import Ended, InCall, RingOver
from bridge.connectors.desktop.recipe.recipe_store import RecipeStore
from tests.bridge.connectors.desktop.watcher import (
    Watcher,
    bob_calls,
    mutes,
    over,
    plays,
    records,
    rings,
    stops,
)


@pytest.fixture
def chromium() -> Watcher:
    page = PageSeen(url="https://chat.example.org/")
    return Watcher(RecipeStore().recipe("web")).at(0, ProgramStarted(pid=7), page)


def test_a_call_in_chromium_from_the_notification_to_the_hang_up(chromium: Watcher) -> None:
    """Recorded: the ring tone's stream lives on for 15 s, that of the far voice for 5."""
    chromium.at(40.803, bob_calls()).at(40.839, plays(4, corked=True)).at(40.840, plays(4))
    chromium.answer(42.306)
    chromium.at(42.310, NotificationClosed(id=1)).at(42.346, records(3, corked=True))
    chromium.at(42.348, records(3)).at(42.362, plays(5)).at(52.336, plays(4, corked=True))
    chromium.at(57.337, stops(4)).at(58.757, mutes(3)).at(58.760, plays(5, corked=True))
    chromium.at(63.761, stops(5))
    assert chromium.calls(90) == [rings(), InCall(), Ended()]
    assert chromium.when(InCall) == 42.348
    assert chromium.when(Ended) == pytest.approx(58.757 + 0.5)


def test_a_sound_at_page_load_is_no_ring(chromium: Watcher) -> None:
    """With a fresh profile Chromium opened a stream 14 s before any call."""
    assert chromium.at(0.5, plays(1)).calls(14) == []
    assert chromium.at(14.5, bob_calls()).calls(15) == [rings()]


def test_a_page_that_opens_the_microphone_by_itself_is_in_no_call(chromium: Watcher) -> None:
    assert chromium.at(3, records(1)).calls(30) == []


def test_a_preview_while_it_rings_is_no_call_and_no_answer(chromium: Watcher) -> None:
    assert chromium.at(3, bob_calls()).at(3.1, records(1)).calls(9) == [rings()]
    chromium.answer(10)
    assert chromium.at(10.2, plays(2)).calls(10.5) == [rings()]
    assert chromium.at(11, NotificationClosed(id=1)).calls(12) == [rings(), InCall()]


def test_a_notification_of_a_message_is_no_call(chromium: Watcher) -> None:
    message = Notified(
        id=1,
        app="Chromium",
        summary="Bob",
        body="chat.example.org\n\nCan you talk?",
        actions=(Action(key="0", label="Reply"), Action(key="default", label="Activate")),
    )
    assert chromium.at(1, message).calls(9) == []


def test_a_notification_of_the_page_has_no_buttons_but_says_so(chromium: Watcher) -> None:
    plain = bob_calls().model_copy(update={"actions": (Action(key="default", label="Activate"),)})
    assert chromium.at(1, plain).calls(2) == [rings()]


def test_a_caller_who_gives_up(chromium: Watcher) -> None:
    chromium.at(1, bob_calls()).at(5, NotificationClosed(id=1))
    assert chromium.calls(9) == [rings(), over()]
    assert chromium.when(RingOver) == 6


def test_a_notification_that_is_replaced_rings_once(chromium: Watcher) -> None:
    chromium.at(1, bob_calls()).at(2, NotificationClosed(id=1)).at(2.2, bob_calls(2))
    chromium.at(3, bob_calls(2))
    assert chromium.calls(9) == [rings()]


def test_an_answer_that_takes_long_is_not_taken_for_a_caller_who_gave_up(
    chromium: Watcher,
) -> None:
    chromium.at(1, bob_calls())
    chromium.answer(2)
    chromium.at(2.1, NotificationClosed(id=1)).at(6, records(3))
    assert chromium.calls(7) == [rings(), InCall()]


def test_an_answer_that_comes_to_nothing_ends_the_ring(chromium: Watcher) -> None:
    chromium.at(1, bob_calls())
    chromium.answer(2)
    assert chromium.at(2.1, NotificationClosed(id=1)).calls(9) == [rings(), over()]
    late = InCall(wanted=False)
    assert chromium.at(10, records(3)).calls(20) == [rings(), over(), late]


def test_a_second_caller_is_a_ring_of_its_own(chromium: Watcher) -> None:
    chromium.at(1, bob_calls())
    chromium.answer(2)
    chromium.at(2.1, records(3)).at(8, bob_calls(2, "Eve"))
    assert chromium.calls(9) == [rings(), InCall(), rings("Eve")]
    chromium.at(10, NotificationClosed(id=2)).at(20, mutes(3))
    assert chromium.calls(30) == [rings(), InCall(), rings("Eve"), over(), Ended()]


def test_a_notification_that_nobody_closes_rings_once(chromium: Watcher) -> None:
    chromium.at(1, bob_calls())
    chromium.answer(2)
    chromium.at(2.1, records(3)).at(20, mutes(3))
    assert chromium.calls(60) == [rings(), InCall(), Ended()]


def test_a_muted_microphone_is_still_a_call(chromium: Watcher) -> None:
    """Corked only; what is removed has ended."""
    chromium.dial(1)
    chromium.at(2, records(3)).at(5, records(3, corked=True))
    assert chromium.calls(60) == [InCall()]


def test_what_records_in_the_session_but_the_program_is_no_call(chromium: Watcher) -> None:
    chromium.dial(1)
    assert chromium.at(2, records(3, "parec")).calls(9) == []


# --- the end of everything ------------------------------------------------------------------------


@pytest.mark.parametrize("end", [ProgramEnded(status=-9), PartLost(part="sound")])
def test_what_ends_with_the_program_ends_at_once(chromium: Watcher, end: Told) -> None:
    chromium.at(1, bob_calls())
    chromium.answer(2)
    chromium.at(2.1, records(3)).at(8, bob_calls(2, "Eve")).at(9, end)
    assert chromium.calls(9) == [rings(), InCall(), rings("Eve"), Ended(), over()]
    assert chromium.calls(60) == chromium.calls(9)
