"""A web app in a real session behind real walls: it rings, is answered, is heard, and ends."""

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path

import psutil
import pytest

from bridge.audio.pjmedia.engine import PjsuaEngine
from bridge.audio.pjmedia.mixer import ConferenceMixer
from bridge.connectors.desktop.sandbox.network import HOUSE
from bridge.errors import NetworkDown
from bridge.terms import Cause, Party, State
from tests.bridge.connectors.desktop.flat import Flat, becomes
from tests.bridge.connectors.desktop.namespaces import root_is_needed
from tests.bridge.connectors.sip.conftest import engine
from tests.peers.programs import until
from tests.peers.web import WebServer

__all__ = ["engine"]

pytestmark = pytest.mark.real

PAGES = Path(__file__).parent / "pages"
TONE = 660
RECIPE_TEXT = """
title = "Telephone"
network = "web"
verified = "here"
[web]
address = "{address}"
[ask.address]
question = "Where?"
[elements]
hang_up = "#hang-up"
friends = ".friend"
[signs]
rings = { notification = { action = "Accept" }, name = "summary" }
in_call = { stream = { does = "records" } }
[[answer]]
action = "Accept"
[[decline]]
action = "Decline"
[[hang_up]]
click = "hang_up"
[contacts]
element = "friends"
"""


@pytest.fixture
async def flat(tmp_path: Path, engine: PjsuaEngine) -> AsyncIterator[Flat]:
    async with WebServer(PAGES) as web:
        (tmp_path / "recipes").mkdir()
        (tmp_path / "recipes" / "telephone.toml").write_text(RECIPE_TEXT)
        yield Flat(
            tmp_path,
            ConferenceMixer(engine, tmp_path / "recordings"),
            "telephone",
            tmp_path / "recipes",
            address=f"http://{HOUSE}:{web.port}/telephone.html?caller=Ada&tone={TONE}",
        )


async def test_a_call_of_a_web_app(flat: Flat) -> None:
    async with flat.serving() as run:
        leg = await flat.rings()
        assert leg.remote == Party("", "Ada", "web")
        await leg.ring()
        await leg.answer()
        await becomes(leg, State.ESTABLISHED)
        assert await flat.pitch() == pytest.approx(TONE, abs=15)
        assert flat.desk.roster is not None
        assert [one.name for one in flat.desk.roster] == ["Ada Lovelace", "Charles Babbage"]
        await leg.hang_up()
        assert leg.cause is Cause.NORMAL
        assert not run.done()
    if os.geteuid() == 0:
        assert flat.processes() == []
    await asyncio.to_thread(flat.folders.remove, flat.folder)
    assert not flat.folder.path.exists()


@pytest.mark.parametrize("victim", ["chromium", "pulseaudio", "dbus-daemon", "bwrap"])
async def test_whatever_is_killed_the_call_is_lost_and_nothing_is_left(
    flat: Flat, victim: str
) -> None:
    root_is_needed()  # what is left of a session is looked for by its user
    async with flat.serving() as run:
        leg = await flat.rings()
        await leg.answer()
        await becomes(leg, State.ESTABLISHED)
        kill(flat, victim)
        await becomes(leg, State.TERMINATED)
        assert leg.cause is Cause.NETWORK_LOST
        with pytest.raises(NetworkDown):
            await asyncio.wait_for(run, 15)
    await until(lambda: not flat.processes(), "nothing to be left of it", 5)
    async with flat.serving():  # and it can be begun anew
        flat.desk.legs.clear()
        await flat.rings()


def kill(flat: Flat, name: str) -> None:
    """bubblewrap itself stays root, and has the uid among its words."""
    for process in psutil.process_iter(["name", "cmdline"]):
        walls = str(flat.folder.number) in (process.info["cmdline"] or ())
        if process.info["name"] == name and (walls or process in flat.processes()):
            process.kill()
            return
    raise AssertionError(f"no {name} runs in the session")
