"""The recipe for any web app, in Chromium: a page that notifies of its calls."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.bridge.connectors.desktop.agent.few_walls import few_walls
from tests.bridge.connectors.desktop.agent.running import Agent
from tests.bridge.connectors.desktop.trying import Terminal, trying
from tests.peers.web import WebServer

pytestmark = pytest.mark.real

PAGES = Path(__file__).parents[1] / "pages"


@pytest.fixture
async def terminal(tmp_path: Path) -> AsyncIterator[Terminal]:
    """Ada is about to call."""
    async with WebServer(PAGES) as web:
        address = web.address("/telephone.html?caller=Ada")
        walls = few_walls(tmp_path, web.address(""))
        async with (
            Agent(tmp_path, "--browser", before=walls) as agent,
            trying("web", agent, tmp_path, address=address) as terminal,
        ):
            yield terminal


async def test_a_call_is_answered_and_hung_up(terminal: Terminal) -> None:
    await terminal.shows('==> RINGS: "Ada"')
    terminal.type("answer")
    await terminal.shows("RINGS", "IN A CALL", "... answered")
    terminal.type("hang up")
    await terminal.shows("IN A CALL", "THE CALL HAS ENDED", "... hung up")


async def test_a_call_is_declined(terminal: Terminal) -> None:
    await terminal.shows('==> RINGS: "Ada"')
    terminal.type("decline")
    await terminal.shows("RINGS", "THE RINGING IS OVER", "... declined")


async def test_a_password_field_is_a_sign_in_page(terminal: Terminal) -> None:
    await terminal.shows("element password", "==> AT THE SIGN-IN PAGE")
