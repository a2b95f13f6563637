"""The recipe for linphone-desktop, by which a real one is called: it notifies nobody, so its pop-up
window and its streams are all there is.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.bridge.connectors.desktop.agent.running import Agent
from tests.bridge.connectors.desktop.trying import Terminal, trying
from tests.peers.programs import free_port
from tests.peers.sipp import Sipp

pytestmark = pytest.mark.real

SETTINGS = """\
[sip]
sip_port={port}
bind_address=127.0.0.1
use_ipv6=0
[ui]
check_for_update_enabled=0
[sound]
playback_dev_id=PulseAudio: default
capture_dev_id=PulseAudio: default
ringer_dev_id=PulseAudio: default
"""


@asynccontextmanager
async def called(folder: Path) -> AsyncIterator[tuple[Terminal, Sipp]]:
    """A linphone that runs by its recipe, and somebody who calls it."""
    port = free_port()
    settings = folder / "home/.config/linphone"
    settings.mkdir(parents=True)
    (settings / "linphonerc").write_text(SETTINGS.format(port=port))
    async with (
        Agent(folder, "--screen") as agent,
        trying("linphone", agent, folder) as terminal,
    ):
        await terminal.shows("SIGNED IN", 'title "Linphone"')
        target = f"127.0.0.1:{port}"
        async with Sipp(folder, "caller", "call_until_bye", target=target) as caller:
            yield terminal, caller


async def test_it_rings_is_answered_and_hangs_up(tmp_path: Path) -> None:
    async with called(tmp_path) as (terminal, caller):
        await terminal.shows("==> RINGS: nobody knows who")
        terminal.type("answer")
        await terminal.shows("RINGS", "IN A CALL", "... answered")
        terminal.type("hang up")
        await terminal.shows("IN A CALL", "THE CALL HAS ENDED", "... hung up")
        await caller.succeeded()
    rings = [line for line in terminal.shown if "RINGS" in line]
    assert len(rings) == 1, "the tone after it is no ring"


async def test_it_declines(tmp_path: Path) -> None:
    async with called(tmp_path) as (terminal, caller):
        await terminal.shows("==> RINGS")
        terminal.type("decline")
        await terminal.shows("RINGS", "THE RINGING IS OVER", "... declined")
        outcome = await caller.finished()
    assert outcome.failed == 1
    assert not any("IN A CALL" in line for line in terminal.shown)
