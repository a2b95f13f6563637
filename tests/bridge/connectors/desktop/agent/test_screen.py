"""A program with windows: told, clicked, typed into, photographed."""

import base64
import os
import sys
import zlib
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest
from pydantic import SecretStr

from bridge.connectors.desktop.protocol.messages import WindowGone, WindowSeen
from bridge.connectors.desktop.protocol.requests import (
    Click,
    Close,
    Fill,
    Look,
    Press,
    Run,
    Start,
    Touch,
)
from bridge.errors import HouseError
from tests.bridge.connectors.desktop.agent.running import ROOT, Agent
from tests.peers.programs import Program, program_path

pytestmark = pytest.mark.real

WINDOW = (sys.executable, "-m", "tests.bridge.connectors.desktop.agent.lone_window")
PATH = {"PYTHONPATH": str(ROOT)}
BLUE = (0x33, 0x66, 0xCC)


@pytest.fixture
async def agent(tmp_path: Path) -> AsyncIterator[Agent]:
    async with Agent(tmp_path, "--screen") as agent:
        yield agent


async def shown(agent: Agent, *words: str) -> WindowSeen:
    await agent.ask(Start(argv=(*WINDOW, *words), environment=PATH))
    return await agent.told(WindowSeen, lambda one: one.wm_class == "Lone")


def pixels(png: bytes) -> np.ndarray:
    """Rows of (red, green, blue) from a PNG of three colours without a filter."""
    width, height = (int.from_bytes(png[at : at + 4], "big") for at in (16, 20))
    size, at = int.from_bytes(png[33:37], "big"), 41
    rows = np.frombuffer(zlib.decompress(png[at : at + size]), np.uint8)
    return rows.reshape(height, 3 * width + 1)[:, 1:].reshape(height, width, 3)


async def test_a_window_is_told_with_what_it_says(agent: Agent) -> None:
    window = await shown(agent, "Anruf für Ada")
    assert (window.title, window.width, window.height) == ("Anruf für Ada", 300, 120)
    assert not window.override_redirect


async def test_a_popup_that_no_window_manager_places_is_told(agent: Agent) -> None:
    assert (await shown(agent, "Incoming call", "--popup")).override_redirect


async def test_a_window_that_goes_is_told(agent: Agent) -> None:
    window = await shown(agent, "Bye")
    await agent.ask(Start(argv=("true",)))
    await agent.told(WindowGone, lambda one: one.id == window.id)


@pytest.mark.parametrize("more", [(), ("--popup",)])
async def test_a_click_hits_its_point_of_the_window(agent: Agent, more: tuple[str, ...]) -> None:
    window = await shown(agent, "Click", *more)
    await agent.ask(Click(window=window.id, x=150, y=78))
    await agent.told(WindowSeen, lambda one: one.title == "clicked 150 78")


async def test_a_window_is_asked_to_close_whatever_has_the_focus(agent: Agent) -> None:
    window = await shown(agent, "Close")
    await agent.ask(Close(window=window.id))
    await agent.told(WindowSeen, lambda one: one.title == "asked to close")


async def test_keys_and_texts_reach_the_window(agent: Agent) -> None:
    window = await shown(agent, "Keys")
    await agent.ask(Press(keys="a Return", window=window.id))
    await agent.told(WindowSeen, lambda one: one.title == "a\r")
    await agent.ask(Fill(text=SecretStr("Xy7")))
    await agent.told(WindowSeen, lambda one: one.title.replace("<Shift_L>", "") == "a\rXy7")


async def test_a_window_that_is_not_there_is_said_so(agent: Agent) -> None:
    for request in (
        Click(window=4711, x=1, y=1),
        Close(window=4711),
        Press(keys="a", window=4711),
    ):
        with pytest.raises(HouseError) as refused:
            await agent.ask(request)
        assert refused.value.code == "desktop_no_window"


async def test_the_picture_shows_the_window_and_a_touch_hits_it(agent: Agent) -> None:
    window = await shown(agent, "Touch", "--popup")
    reply = await agent.ask(Look())
    picture = pixels(base64.b64decode(reply.text))
    assert picture.shape == (800, 1280, 3)
    assert tuple(picture[610, 910]) == BLUE
    assert tuple(picture[10, 10]) != BLUE
    points = [one for one in reply.elements if not one.label]
    assert [one.number for one in points] == list(range(1, 29))  # seven by four, 40 by 28 apart
    await agent.ask(Touch(number=10))  # the third of the second row
    await agent.told(WindowSeen, lambda one: one.id == window.id and one.title == "clicked 107 45")


async def test_keys_and_texts_are_among_what_can_be_touched(agent: Agent) -> None:
    window = await shown(agent, "Touch")
    await agent.ask(Press(keys="a", window=window.id))
    seen = {one.label: one for one in (await agent.ask(Look())).elements}
    assert seen["⌨"].takes_text and not seen["⌨"].secret
    assert seen["⌨ •••"].takes_text and seen["⌨ •••"].secret
    await agent.ask(Touch(number=seen["⌨ •••"].number, text=SecretStr("da")))
    await agent.ask(Touch(number=seen["⏎"].number))
    await agent.told(WindowSeen, lambda one: one.title == "ada\r")


async def test_a_number_that_is_not_on_the_picture_is_said_so(agent: Agent) -> None:
    with pytest.raises(HouseError) as refused:
        await agent.ask(Touch(number=1))  # nobody has looked
    assert refused.value.code == "desktop_no_element"


async def test_what_is_typed_cannot_be_seen_in_the_list_of_processes(agent: Agent) -> None:
    window = await shown(agent, "Secret")
    await agent.ask(Click(window=window.id, x=5, y=5))
    await agent.ask(Fill(text=SecretStr("countess")))
    await agent.told(WindowSeen, lambda one: one.title.endswith("countess"))
    assert "countess" not in agent.last_words(1000)


async def test_nobody_without_the_cookie_sees_the_screen(agent: Agent) -> None:
    said = (await agent.ask(Run(argv=("env",)))).text
    seen = dict(row.split("=", 1) for row in said.splitlines())
    stranger = {"DISPLAY": seen["DISPLAY"], "HOME": str(agent.directory)}
    assert not await sees_the_screen(agent, stranger)
    assert await sees_the_screen(agent, stranger | {"XAUTHORITY": seen["XAUTHORITY"]})
    assert os.stat(seen["XAUTHORITY"]).st_mode & 0o077 == 0


async def sees_the_screen(agent: Agent, environment: dict[str, str]) -> bool:
    program = Program("stranger", agent.directory)
    await program.spawn(program_path("xdotool"), "getdisplaygeometry", env=environment)
    return await program.ended() == 0
