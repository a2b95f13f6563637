"""Whether somebody is signed in."""

import pytest

from bridge.connectors.desktop.protocol.messages import PageSeen, ProgramEnded, ProgramStarted
from bridge.connectors.desktop.reading.happening import NeedsSignIn, SignedIn, Unknown
from bridge.connectors.desktop.recipe.recipe_store import RecipeStore
from tests.bridge.connectors.desktop.watcher import Watcher


@pytest.fixture
def linphone() -> Watcher:
    return Watcher(RecipeStore().recipe("linphone")).at(0, ProgramStarted(pid=7))


LOGIN = PageSeen(url="https://login.live.com/oauth", shown=frozenset({"sign_in"}))
CHATS = PageSeen(url="https://teams.live.com/v2/", shown=frozenset({"chats"}))
BLANK = PageSeen(url="https://teams.live.com/v2/")


@pytest.fixture
def teams() -> Watcher:
    return Watcher(RecipeStore().recipe("teams-free"))


def test_the_sign_in_page_is_believed_when_it_stays(teams: Watcher) -> None:
    teams.at(1, LOGIN).at(3, BLANK).at(4, CHATS).at(60)
    assert teams.happened == [(4.5, SignedIn())]


def test_a_sign_in_that_expires_is_told(teams: Watcher) -> None:
    teams.at(1, CHATS).at(3600, LOGIN).at(3700)
    assert teams.happened == [(1.5, SignedIn()), (3603, NeedsSignIn())]


def test_a_page_that_is_neither_is_told_after_a_while(teams: Watcher) -> None:
    teams.at(1, BLANK).at(60)
    assert teams.happened == [(21, Unknown())]


def test_a_sign_in_over_the_chats_is_a_sign_in(teams: Watcher) -> None:
    both = CHATS.model_copy(update={"shown": frozenset({"chats", "sign_in"})})
    teams.at(1, both).at(9)
    assert teams.happened == [(4, NeedsSignIn())]


def test_a_program_that_is_started_again_is_signed_in_again(linphone: Watcher) -> None:
    linphone.at(5, ProgramEnded(status=1)).at(9, ProgramStarted(pid=8)).at(20)
    assert linphone.happened == [(0.5, SignedIn()), (9.5, SignedIn())]
