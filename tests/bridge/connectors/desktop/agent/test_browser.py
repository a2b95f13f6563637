"""A web app in Debian's Chromium: its notifications, its page, its microphone."""

import base64
import os
import struct
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from bridge.connectors.desktop.protocol.messages import (
    Element,
    Notified,
    PageSeen,
    StreamGone,
    StreamSeen,
)
from bridge.connectors.desktop.protocol.requests import (
    Click,
    Fill,
    Flow,
    Invoke,
    Look,
    Open,
    Press,
    Read,
    Start,
    Stay,
    Touch,
    Watch,
)
from bridge.errors import HouseError
from tests.bridge.connectors.desktop.agent.few_walls import few_walls
from tests.bridge.connectors.desktop.agent.running import Agent, kill
from tests.peers.programs import until
from tests.peers.web import WebServer

pytestmark = pytest.mark.real

PAGES = Path(__file__).parents[1] / "pages"
WATCHED = {"ringing": "#ringing", "accept": "text=Accept", "friends": "#friends", "whose": "#whose"}


@pytest.fixture
async def web() -> AsyncIterator[WebServer]:
    async with WebServer(PAGES) as web:
        yield web


@pytest.fixture
async def agent(tmp_path: Path, web: WebServer) -> AsyncIterator[Agent]:
    """Its page is shown, and ready to ring."""
    walls = few_walls(tmp_path, web.address(""))
    async with Agent(tmp_path, "--browser", before=walls) as agent:
        await agent.ask(Watch(elements=WATCHED | {"ready": "[data-rights=granted]"}))
        await agent.ask(Start(address=web.address("/telephone.html")), 40)
        await agent.told(PageSeen, lambda page: "ready" in page.shown)
        yield agent


async def look(agent: Agent) -> dict[str, Element]:
    """What is on the picture, by its label."""
    reply = await agent.ask(Look())
    picture = base64.b64decode(reply.text)
    assert picture.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", picture[16:24])
    assert width >= 800 and height >= 500
    return {one.label: one for one in reply.elements}


async def ring(agent: Agent, web: WebServer, caller: str) -> None:
    await agent.ask(Open(address=web.address(f"/telephone.html#{caller}")))


async def test_a_ring_is_a_notification_and_its_action_answers(
    agent: Agent, web: WebServer
) -> None:
    await ring(agent, web, "Ada")
    told = await agent.told(Notified)
    assert told.summary == "Ada"
    key = next(action.key for action in told.actions if action.label == "Accept")
    await agent.ask(Invoke(notification=told.id, key=key))
    stream = await agent.told(StreamSeen, lambda one: one.stream == "records" and not one.corked)
    assert "chromium" in stream.program
    await agent.ask(Click(element="#hang-up"))
    await agent.told(StreamGone, lambda one: one.index == stream.index)


async def test_no_voice_is_processed(agent: Agent) -> None:
    await agent.ask(Watch(elements={"talking": "#talking[data-processed='false,false,false']"}))
    await ring_and_accept(agent)
    await agent.told(PageSeen, lambda page: "talking" in page.shown)


async def ring_and_accept(agent: Agent) -> None:
    page = await agent.told(PageSeen)
    await agent.ask(Open(address=f"{page.url}#Ada"))
    await agent.ask(Click(element="#accept"))


async def test_what_the_page_shows_is_told_when_it_changes(agent: Agent, web: WebServer) -> None:
    seen = await agent.told(PageSeen, lambda page: "friends" in page.shown)
    assert seen.texts["friends"] == "Ada Lovelace Charles Babbage"
    assert "ringing" not in seen.shown
    await ring(agent, web, "Ada")
    seen = await agent.stands(PageSeen, lambda page: "ringing" in page.shown, timeout=2)
    assert seen.texts["ringing"].startswith("Ada")
    assert seen.url.endswith("/telephone.html#Ada")
    assert "accept" in seen.shown  # a selector of Playwright's own
    await agent.ask(Click(element="#decline"))
    await agent.stands(PageSeen, lambda page: "ringing" not in page.shown, timeout=2)


async def test_a_page_that_must_stay_is_left_when_it_may_again(
    agent: Agent, web: WebServer
) -> None:
    """Not as soon as its sound stops: it has to say goodbye."""
    elsewhere = web.address("/telephone.html?elsewhere")
    await agent.ask(Stay(on=True))
    await agent.ask(Flow(on=True))
    await agent.ask(Click(element="#elsewhere"))
    await agent.ask(Flow(on=False))
    await ring(agent, web, "Ada")
    page = await agent.told(PageSeen, lambda page: "ringing" in page.shown)
    assert not page.url.startswith(elsewhere)
    await agent.ask(Stay(on=False))
    await agent.told(PageSeen, lambda page: page.url.startswith(elsewhere))


async def test_what_must_be_there_now_is_not_waited_for(agent: Agent, web: WebServer) -> None:
    """A click that comes late would take, or end, the next call."""
    with pytest.raises(HouseError, match="desktop_no_element"):
        await agent.ask(Click(element="#accept", waits=False), 3)
    await ring(agent, web, "Ada")
    await agent.ask(Click(element="#accept", waits=False))


async def test_elements_are_read_one_a_line(agent: Agent) -> None:
    assert (await agent.ask(Read(element=".friend"))).text == "Ada Lovelace\nCharles Babbage"


async def test_somebody_signs_in_by_the_numbers_on_the_picture(agent: Agent) -> None:
    seen = await look(agent)
    assert seen["Name"].takes_text and not seen["Name"].secret
    assert seen["Password"].takes_text and seen["Password"].secret
    assert not seen["Sign in"].takes_text
    await agent.ask(Touch(number=seen["Name"].number, text=SecretStr("Nobody")))
    await agent.ask(Touch(number=seen["Name"].number, text=SecretStr("Ada")))
    await agent.ask(Touch(number=seen["Password"].number, text=SecretStr("countess")))
    await agent.ask(Touch(number=seen["Sign in"].number))
    page = await agent.told(PageSeen, lambda page: "whose" in page.shown)
    assert page.texts["whose"] == "Ada has a password of 8"


async def test_a_button_in_a_frame_is_numbered_and_hit(agent: Agent) -> None:
    seen = await look(agent)
    await agent.ask(Touch(number=seen["Inner"].number))
    assert "inner done" in await look(agent)


async def test_the_numbers_do_not_stay_on_the_page(agent: Agent) -> None:
    await look(agent)
    assert (await agent.ask(Read(element="#skype2sip-marks"))).text == ""


async def test_what_is_filled_in_and_entered_reaches_the_page(agent: Agent) -> None:
    await agent.ask(Fill(element="#name", text=SecretStr("Charles")))
    await agent.ask(Click(element="#password"))
    await agent.ask(Fill(text=SecretStr("engine")))
    await agent.ask(Press(keys="BackSpace Return"))
    page = await agent.told(PageSeen, lambda page: "whose" in page.shown)
    assert page.texts["whose"] == "Charles has a password of 5"


async def test_what_is_not_there_is_said_so_and_not_what_was_typed(agent: Agent) -> None:
    with pytest.raises(HouseError) as refused:
        await agent.ask(Fill(element="#nothing", text=SecretStr("countess")))
    assert refused.value.code == "desktop_no_element"
    with pytest.raises(HouseError) as refused:
        await agent.ask(Touch(number=99))
    assert refused.value.code == "desktop_no_element"
    assert "countess" not in agent.last_words(1000)


async def test_an_address_where_nobody_is_is_said_so(agent: Agent) -> None:
    with pytest.raises(HouseError) as refused:
        await agent.ask(Open(address="http://127.0.0.1:9/"))
    assert refused.value.code == "desktop_no_page"


async def test_no_port_is_open_and_the_sandbox_is_on(agent: Agent) -> None:
    browsers = agent.parts("chromium")
    assert not [
        one for browser in browsers for one in browser.net_connections("tcp") if not one.raddr
    ]
    flags = {flag for browser in browsers for flag in browser.cmdline()}
    assert not {"--no-sandbox", "--mute-audio"} & flags
    renderers = [one for one in browsers if "--type=renderer" in one.cmdline()]
    networks = {os.readlink(f"/proc/{one.pid}/ns/net") for one in renderers}
    assert networks and os.readlink(f"/proc/{agent.pid}/ns/net") not in networks


async def test_a_profile_whose_browser_was_killed_is_used_again(
    tmp_path: Path, web: WebServer
) -> None:
    walls = few_walls(tmp_path, web.address(""))
    for _ in range(2):
        async with Agent(tmp_path, "--browser", before=walls) as agent:
            await agent.ask(Start(address=web.address("/telephone.html")), 40)
            assert "Ada" in (await agent.ask(Read(element=".friend"))).text
            kill(agent.processes())
            await until(lambda: agent.over, "the end of the session")
