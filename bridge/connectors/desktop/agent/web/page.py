"""What is done on the page of a web app, by its recipe or by somebody who sees its picture."""

import base64
from abc import ABC, abstractmethod
from collections.abc import Awaitable
from contextlib import suppress
from typing import Any

from playwright.async_api import Error, Frame, Locator, Page

from bridge.connectors.desktop.agent.control import Refused
from bridge.connectors.desktop.agent.web.page_scripts import MARKING, UNMARKING
from bridge.connectors.desktop.protocol.messages import Element, Reply

LOADS_WITHIN = 30_000.0
ACTS_WITHIN, ACTS_NOW = 8_000.0, 1_000.0
"""Milliseconds: for what may yet come, and for what is there."""
_MOST_ELEMENTS = 60
_MOST_TEXT = 10_000
_KEYS = {
    "ctrl": "Control",
    "alt": "Alt",
    "shift": "Shift",
    "super": "Meta",
    "Return": "Enter",
    "BackSpace": "Backspace",
    "Up": "ArrowUp",
    "Down": "ArrowDown",
    "Left": "ArrowLeft",
    "Right": "ArrowRight",
    "Page_Up": "PageUp",
    "Page_Down": "PageDown",
    "space": "Space",
}
"""X's names of keys, where the web has others."""


class ShownPage(ABC):
    """The newest one. Everything raises Refused with "desktop_no_page" or "desktop_no_element";
    Playwright's own errors hold what was to be typed.
    """

    def __init__(self) -> None:
        self._points: dict[int, tuple[float, float]] = {}
        """Of the elements of the last picture."""

    @abstractmethod
    def newest(self) -> Page | None: ...

    async def open(self, address: str) -> None:
        try:
            await self._page.goto(address, wait_until="domcontentloaded", timeout=LOADS_WITHIN)
        except Error:
            raise Refused("desktop_no_page") from None

    async def click(self, selector: str, *, waits: bool = True) -> None:
        timeout = ACTS_WITHIN if waits else ACTS_NOW
        await _done(self._one(selector).click(timeout=timeout))

    async def fill(self, selector: str, text: str) -> None:
        await _done(self._one(selector).fill(text, timeout=ACTS_WITHIN))

    async def fill_focused(self, text: str) -> None:
        await _done(self._page.keyboard.type(text))

    async def press(self, keys: str) -> None:
        """In xdotool's words."""
        for chord in keys.split():
            names = [_KEYS.get(name, name) for name in chord.split("+")]
            await _done(self._page.keyboard.press("+".join(names)))

    async def read(self, selector: str) -> str:
        """The texts of all that match, one a line."""
        try:
            texts = await self._page.locator(selector).all_inner_texts()
        except Error:
            raise Refused("desktop_no_element") from None
        return "\n".join(" ".join(text.split()) for text in texts)[:_MOST_TEXT]

    async def look(self) -> Reply:
        """A picture on which everything that can be clicked or typed into has its number."""
        page = self._page
        marked: list[dict[str, Any]] = []
        try:
            for frame in page.frames:
                marked += await _marked(frame, len(marked) + 1)
            png = await page.screenshot()
        except Error:
            raise Refused("desktop_no_page") from None
        finally:
            for frame in page.frames:
                with suppress(Error):
                    await frame.evaluate(UNMARKING)
        self._points = {one["number"]: (one["x"], one["y"]) for one in marked}
        elements = tuple(
            Element(
                number=one["number"],
                label=" ".join(str(one["label"]).split())[:200],
                takes_text=bool(one["takesText"]),
                secret=bool(one["secret"]),
            )
            for one in marked
        )
        return Reply(id=0, text=base64.b64encode(png).decode(), elements=elements)

    async def touch(self, number: int, text: str | None) -> None:
        """An element of the last picture; with `text` what it held is replaced."""
        point = self._points.get(number)
        if point is None:
            raise Refused("desktop_no_element")
        await _done(self._page.mouse.click(*point))
        if text is not None:
            await _done(self._page.keyboard.press("ControlOrMeta+a"))
            await _done(self._page.keyboard.type(text))

    @property
    def _page(self) -> Page:
        page = self.newest()
        if page is None:
            raise Refused("desktop_no_page")
        return page

    def _one(self, selector: str) -> Locator:
        return self._page.locator(selector).first


async def _marked(frame: Frame, begin: int) -> list[dict[str, Any]]:
    """In the page's own pixels."""
    left = top = 0.0
    if frame.parent_frame is not None:
        box = await (await frame.frame_element()).bounding_box()
        if box is None or not box["width"] or not box["height"]:
            return []
        left, top = box["x"], box["y"]
    found: list[dict[str, Any]] = await frame.evaluate(MARKING, [begin, _MOST_ELEMENTS - begin + 1])
    return [{**one, "x": one["x"] + left, "y": one["y"] + top} for one in found]


async def _done(work: Awaitable[None]) -> None:
    try:
        await work
    except Error:
        raise Refused("desktop_no_element") from None
