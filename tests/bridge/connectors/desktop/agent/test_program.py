"""The client program, and the small ones beside it."""

from collections.abc import AsyncIterator
from pathlib import Path

import psutil
import pytest

from bridge.connectors.desktop.protocol.messages import ProgramEnded, ProgramStarted
from bridge.connectors.desktop.protocol.requests import Leave, Run, Start
from bridge.errors import HouseError
from tests.bridge.connectors.desktop.agent.running import Agent, until_gone
from tests.peers.programs import until

pytestmark = pytest.mark.real


@pytest.fixture
async def agent(tmp_path: Path) -> AsyncIterator[Agent]:
    async with Agent(tmp_path) as agent:
        yield agent


async def test_its_start_and_its_end_are_told(agent: Agent) -> None:
    await agent.ask(Start(argv=("sh", "-c", "exit 7")))
    assert (await agent.told(ProgramStarted)).pid > 0
    assert (await agent.told(ProgramEnded)).status == 7


async def test_what_it_has_left_running_ends_with_it(agent: Agent) -> None:
    await agent.ask(Start(argv=("sh", "-c", "sleep 600 & sleep 600 & wait")))
    await until(lambda: len(agent.parts("sleep")) == 2, "both")
    left = agent.parts("sleep")
    psutil.Process((await agent.told(ProgramStarted)).pid).kill()
    await agent.told(ProgramEnded)
    await until_gone(left, timeout=1)


async def test_another_takes_its_place_without_a_word_of_its_end(agent: Agent) -> None:
    await agent.ask(Start(argv=("sleep", "600")))
    first = psutil.Process((await agent.told(ProgramStarted)).pid)
    await agent.ask(Start(argv=("sleep", "601")))
    await until_gone([first])
    assert agent.all_told(ProgramEnded) == []
    assert len(agent.parts("sleep")) == 1


async def test_it_sees_the_session_and_nothing_of_the_agent(agent: Agent) -> None:
    said = (await agent.ask(Run(argv=("env",)))).text
    seen = dict(row.split("=", 1) for row in said.splitlines())
    assert seen.keys() == {
        *("HOME", "LANG", "PATH", "XDG_RUNTIME_DIR", "NO_AT_BRIDGE"),
        *("DBUS_SESSION_BUS_ADDRESS", "PULSE_SERVER", "PULSE_COOKIE"),
    }
    assert seen["HOME"] == str(agent.home)


async def test_the_recipe_adds_to_its_environment(agent: Agent) -> None:
    script = 'test "$GREETING" = hello && test -n "$HOME"'
    await agent.ask(Start(argv=("sh", "-c", script), environment={"GREETING": "hello"}))
    assert (await agent.told(ProgramEnded)).status == 0


async def test_one_that_is_not_installed_is_said_so(agent: Agent) -> None:
    for request in (Start(argv=("no-such-program",)), Run(argv=("no-such-program",))):
        with pytest.raises(HouseError) as refused:
            await agent.ask(request)
        assert refused.value.code == "desktop_no_program"


async def test_a_step_that_does_not_end_is_ended(agent: Agent) -> None:
    with pytest.raises(HouseError) as refused:
        await agent.ask(Run(argv=("sleep", "600")))
    assert refused.value.code == "desktop_silent"
    assert agent.parts("sleep") == []


async def test_other_requests_are_answered_meanwhile(agent: Agent) -> None:
    await agent.ask(Start(argv=("sleep", "600")))
    assert (await agent.ask(Run(argv=("echo", "here")))).text == "here\n"


@pytest.mark.parametrize("stubborn", [False, True])
async def test_all_ends_when_the_worker_says_so(tmp_path: Path, stubborn: bool) -> None:
    async with Agent(tmp_path) as agent:
        script = "trap '' TERM; while :; do sleep 1; done" if stubborn else "sleep 600"
        await agent.ask(Start(argv=("sh", "-c", script)))
        processes = agent.processes()
        assert {"dbus-daemon", "pulseaudio"} <= {one.name() for one in processes}
        await agent.ask(Leave())
        await until(lambda: agent.over, "the end of the link", timeout=5)
        await until_gone(processes, timeout=1)
        assert await agent.ended() == 0


async def test_all_ends_when_the_worker_is_gone(tmp_path: Path) -> None:
    async with Agent(tmp_path) as agent:
        await agent.ask(Start(argv=("sleep", "600")))
        processes = agent.processes()
        await agent.link.close()
        await until_gone(processes)
        assert await agent.ended() == 0
