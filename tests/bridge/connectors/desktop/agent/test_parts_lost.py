"""Each part of a session is killed: that is told within a second, and nothing is left."""

from pathlib import Path

import psutil
import pytest

from bridge.connectors.desktop.protocol.messages import PartLost
from bridge.connectors.desktop.protocol.requests import Start
from tests.bridge.connectors.desktop.agent.few_walls import few_walls
from tests.bridge.connectors.desktop.agent.running import Agent, until_gone
from tests.peers.web import WebServer

pytestmark = pytest.mark.real


async def session_ends(agent: Agent, victim: psutil.Process, part: str) -> None:
    processes = agent.processes()
    victim.kill()
    assert (await agent.told(PartLost, timeout=1)).part == part
    await until_gone(processes, timeout=5)
    await agent.ended(1)


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("dbus-daemon", "bus"),
        ("pulseaudio", "sound"),
        ("Xvfb", "screen"),
        ("openbox", "screen"),
    ],
)
async def test_a_part_that_dies_ends_the_session(tmp_path: Path, name: str, part: str) -> None:
    async with Agent(tmp_path, "--screen") as agent:
        await agent.ask(Start(argv=("sleep", "600")))
        (victim,) = agent.parts(name)
        await session_ends(agent, victim, part)


@pytest.mark.parametrize("name", ["chromium", "node"])
async def test_a_browser_that_dies_ends_the_session(tmp_path: Path, name: str) -> None:
    async with WebServer(Path(__file__).parents[1] / "pages") as web:
        walls = few_walls(tmp_path, web.address(""))
        async with Agent(tmp_path, "--browser", before=walls) as agent:
            await agent.ask(Start(address=web.address("/telephone.html")), 40)
            ids = {one.pid for one in agent.parts(name)}
            (victim,) = (one for one in agent.parts(name) if one.ppid() not in ids)
            await session_ends(agent, victim, "browser")
