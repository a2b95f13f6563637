"""What the worker asks for, done by the part of the session that can."""

from typing import TYPE_CHECKING

from bridge.connectors.desktop.agent.control import Refused
from bridge.connectors.desktop.agent.program import run
from bridge.connectors.desktop.agent.session import Session
from bridge.connectors.desktop.protocol.messages import Reply
from bridge.connectors.desktop.protocol.requests import (
    CallBus,
    Click,
    Close,
    Fill,
    Flow,
    Invoke,
    Look,
    Open,
    Press,
    Read,
    Request,
    Run,
    Start,
    Stay,
    Touch,
    Watch,
)

if TYPE_CHECKING:
    from bridge.connectors.desktop.agent.display.screen import VirtualScreen
    from bridge.connectors.desktop.agent.web.browser import Browser


async def serve(session: Session, request: Request) -> Reply | None:
    """Its reply; None is one without content. Raises control.Refused."""
    match request:
        case Start(address="", argv=argv, environment=more, microphone_after_ms=late):
            if late:
                await session.streams.microphone_after(late / 1000)
            await session.program.start(argv, {**session.environment, **more})
        case Start(address=address, environment=more):
            headless = session.screen is None
            environment = {**session.environment, **more}
            await _browser(session).start(address, environment, headless=headless)
        case Invoke(notification=number, key=key):
            await session.bus.notifications.choose(number, key)
        case CallBus():
            return await session.bus.call(request)
        case Run(argv=argv):
            return Reply(id=0, text=await run(argv, session.environment))
        case Flow(on=on):
            session.sound.flow(on)
        case Press(keys=keys, window=window) if session.screen is not None:
            await session.screen.press(keys, window)
        case Press(keys=keys):
            await _browser(session).press(keys)
        case Click(element="", window=window, x=x, y=y):
            await _screen(session).click(window, x, y)
        case Close(window=window):
            _screen(session).close(window)
        case Look() | Touch() | Fill(element=""):
            return await _by_a_person(session, request)
        case _:
            return await _on_page(_browser(session), request)
    return None


async def _by_a_person(session: Session, request: Request) -> Reply | None:
    """In front of the page, if there is one; else of the screen."""
    seen = session.browser or _screen(session)
    match request:
        case Look():
            return await seen.look()
        case Touch(number=number, text=text):
            await seen.touch(number, None if text is None else text.get_secret_value())
        case Fill(text=text):
            await seen.fill_focused(text.get_secret_value())
    return None


async def _on_page(page: "Browser", request: Request) -> Reply | None:
    match request:
        case Watch(elements=elements):
            page.watch(elements)
        case Click(element=element, waits=waits):
            await page.click(element, waits=waits)
        case Stay(on=on):
            await page.stay(on)
        case Fill(element=element, text=text):
            await page.fill(element, text.get_secret_value())
        case Open(address=address):
            await page.open(address)
        case Read(element=element):
            return Reply(id=0, text=await page.read(element))
    return None


def _screen(session: Session) -> "VirtualScreen":
    if session.screen is None:
        raise Refused("desktop_no_screen")
    return session.screen


def _browser(session: Session) -> "Browser":
    if session.browser is None:
        raise Refused("desktop_no_browser")
    return session.browser
