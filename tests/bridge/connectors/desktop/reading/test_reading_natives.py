"""What Dino 0.4.2 and linphone-desktop 4.4.10 were seen to do, and what it means.

The sequences are those of the sessions in which they were watched; times are seconds from the start
of each.
"""

import pytest

from bridge.connectors.desktop.protocol.messages import (
    Action,
    NotificationClosed,
    Notified,
    ProgramStarted,
    WindowGone,
    WindowSeen,
)
from bridge.connectors.desktop.reading.expectation import LATE
from bridge.connectors.desktop.reading.happening import (
    Ended,
    Happening,
    InCall,
    NeedsSignIn,
    NotTaken,
    Rings,
    RingsThere,
    SignedIn,
)
from bridge.connectors.desktop.recipe.recipe_store import RecipeStore
from tests.bridge.connectors.desktop.watcher import (
    Watcher,
    mutes,
    over,
    plays,
    records,
    rings,
    stops,
)


@pytest.fixture
def dino() -> Watcher:
    return Watcher(RecipeStore().recipe("dino")).at(0, ProgramStarted(pid=7))


@pytest.fixture
def linphone() -> Watcher:
    return Watcher(RecipeStore().recipe("linphone")).at(0, ProgramStarted(pid=7))


# --- Dino -----------------------------------------------------------------------------------------


def dino_rings(number: int = 1) -> Notified:
    return Notified(
        id=number,
        app="Dino",
        summary="Bob Example",
        body="Incoming call",
        actions=(
            Action(key="default", label="Open"),
            Action(key="reject", label="Reject"),
            Action(key="accept", label="Accept"),
        ),
    )


def test_a_call_in_dino(dino: Watcher) -> None:
    """Recorded: no tone at all, and a probe that plays for 1.8 s."""
    dino.at(10, dino_rings())
    dino.answer(14)
    dino.at(14.05, NotificationClosed(id=1)).at(14.4, records(2, "dino-im"))
    dino.at(14.5, plays(8, "dino-im")).at(16.3, stops(8)).at(16.4, plays(9, "dino-im"))
    dino.at(30, mutes(2)).at(31.2, stops(9))
    assert dino.calls(60) == [rings("Bob Example"), InCall(), Ended()]


def test_a_caller_who_cancels_in_dino(dino: Watcher) -> None:
    dino.at(10, dino_rings()).at(13, NotificationClosed(id=1))
    assert dino.calls(60) == [rings("Bob Example"), over()]


def test_a_message_in_dino_is_no_call(dino: Watcher) -> None:
    hello = Notified(
        id=1,
        app="Dino",
        summary="Bob Example",
        body="I accept",
        actions=(Action(key="default", label="Open"),),
    )
    assert dino.at(10, hello).calls(60) == []


CALL = WindowSeen(id=60, wm_class="dino-im", title="Dino", width=704, height=528)


def test_a_call_of_ours_in_dino(dino: Watcher) -> None:
    """Recorded: its window is there as soon as it is dialled, and outlasts the call."""
    dino.dial(1)
    dino.at(3.2, CALL).at(9.1, records(2, "dino-im")).at(9.15, plays(8, "dino-im"))
    dino.at(20, mutes(2), stops(8)).at(23.4, WindowGone(id=60))
    assert dino.calls(60) == [RingsThere(), InCall(), Ended()]


def test_a_call_of_ours_that_nobody_takes_in_dino(dino: Watcher) -> None:
    """Recorded: whoever declines closes the window as well, a few seconds later."""
    dino.dial(1)
    dino.at(3.2, CALL).at(8.8, WindowGone(id=60))
    assert dino.calls(60) == [RingsThere(), NotTaken(refused=False)]


def test_a_password_that_dino_cannot_use_any_more(dino: Watcher) -> None:
    """Recorded: the window looks as always."""
    told = "Could not connect to localhost"
    dino.at(3600, Notified(id=1, app="Dino", summary=told, body="Wrong password")).at(3700)
    assert dino.happened == [(0.5, SignedIn()), (3603, NeedsSignIn())]


# --- linphone -------------------------------------------------------------------------------------

POPUP = WindowSeen(id=50, wm_class="linphone", width=300, height=120, override_redirect=True)
CALLS = WindowSeen(id=51, wm_class="linphone", title="Calls", width=1000, height=700)


def test_a_call_in_linphone(linphone: Watcher) -> None:
    """Recorded: the microphone opens, closes and opens again within 75 ms (a re-INVITE), and after
    the call a tone is played for a second.
    """
    linphone.at(1.020, plays(1, "linphone")).at(1.100, POPUP)
    linphone.answer(2.2)
    linphone.at(2.24, stops(1), WindowGone(id=50), records(2, "linphone"), CALLS)
    linphone.at(2.26, plays(3, "linphone")).at(2.28, mutes(2), stops(3))
    linphone.at(2.315, records(4, "linphone"), plays(5, "linphone"))
    linphone.at(20, mutes(4), stops(5)).at(20.02, plays(6, "linphone")).at(21.02, stops(6))
    linphone.at(21.5, WindowGone(id=51))
    assert linphone.calls(60) == [rings(""), InCall(), Ended()]
    assert linphone.when(Rings) == 1.100
    assert linphone.when(Ended) == 20.5


def test_a_call_in_linphone_that_is_declined(linphone: Watcher) -> None:
    """Recorded: two pop-up windows a moment apart, and the tone after it."""
    other = POPUP.model_copy(update={"id": 51})
    linphone.at(16.68, plays(4, "linphone")).at(16.82, POPUP).at(16.83, other)
    linphone.at(19.05, stops(4)).at(19.06, plays(5, "linphone"))
    linphone.at(19.11, WindowGone(id=50), WindowGone(id=51)).at(20.06, stops(5))
    assert linphone.calls(60) == [rings(""), over()]


def test_a_tone_that_lasts_is_a_ring_without_the_window(linphone: Watcher) -> None:
    assert linphone.at(1, plays(1, "linphone")).calls(2.4) == []
    assert linphone.calls(2.6) == [rings("")]


def test_an_ordinary_window_of_the_same_size_is_no_ring(linphone: Watcher) -> None:
    shown = POPUP.model_copy(update={"override_redirect": False})
    assert linphone.at(1, shown).calls(9) == []


def test_a_call_of_ours_in_linphone(linphone: Watcher) -> None:
    linphone.dial(1)
    linphone.at(1.3, plays(1, "linphone")).at(1.4, records(2, "linphone"))
    linphone.at(9, mutes(2), stops(1)).at(9.1, plays(3, "linphone")).at(10.1, stops(3))
    assert linphone.calls(60) == [InCall(), Ended()]


@pytest.mark.parametrize(("later", "what"), [(1, [InCall(wanted=False)]), (LATE + 1, [])])
def test_what_comes_of_a_dialling_that_was_given_up(
    linphone: Watcher, later: float, what: list[Happening]
) -> None:
    """Soon a call that nobody wants, later a microphone like any other."""
    linphone.dial(1)
    linphone.at(5)
    linphone.reading.dropped()
    assert linphone.at(5 + later, records(2, "linphone")).calls(60) == what


def test_once_it_rings_a_microphone_is_no_call_that_was_given_up(linphone: Watcher) -> None:
    """It may be opened while somebody rings, and nobody has answered."""
    linphone.dial(1)
    linphone.at(5)
    linphone.reading.dropped()
    linphone.at(6, plays(1, "linphone")).at(9, records(2, "linphone"))
    assert not [one for one in linphone.calls(20) if isinstance(one, InCall)]
