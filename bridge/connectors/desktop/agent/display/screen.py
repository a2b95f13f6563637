"""The session's own screen: an X server that nobody else reaches, its windows, keys and pictures.

Only for programs that need one. Windows are a recipe's last resort for signs and clicks.
"""

import asyncio
import base64
import os
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from shlex import quote
from typing import Self

from Xlib import X, display, error
from Xlib.protocol.event import ClientMessage

from bridge.connectors.desktop.agent.child import SessionChild
from bridge.connectors.desktop.agent.control import Refused
from bridge.connectors.desktop.agent.display.picture import DOT, HEIGHT, dots, png, width
from bridge.connectors.desktop.agent.display.windows import Area, area, windows
from bridge.connectors.desktop.agent.display.x_server import SIZE, XServer
from bridge.connectors.desktop.agent.display.xdotool import xdotool
from bridge.connectors.desktop.protocol.messages import Element, Reply, Told, WindowGone, WindowSeen

GRID = (9, 6)
_CLOSEST = (40, 28)
"""Numbered points on a picture, and pixels between two: a native program does not tell where its
buttons are. What matters most stands in the middle, so there is a column.
"""
_KEYS = {"⇥": "Tab", "⏎": "Return", "⎋": "Escape"}
_TYPING = {"⌨": False, "⌨ •••": True}
"""What can be touched beside the points: keys, and text for what has the focus, secret or not."""
_NAMED = {"*": "asterisk", "#": "numbersign"}
"""X's names for keys of a telephone that are not called what is written on them."""
_RAISED_WITHIN = 1.0
_AT_REST = 0.05
"""Seconds from the first change until the windows are looked at."""
_BY_THE_USER = 2
"""Who asks, in EWMH's words."""
_RED, _WHITE = 0xC00000, 0xFFFFFF


class VirtualScreen:
    """`async with Screen(run, tell)`; OSError when X does not start."""

    def __init__(self, run: Path, tell: Callable[[Told], None]) -> None:
        self._server = XServer(run)
        self._started = run / "openbox"
        self._tell = tell
        self._known: dict[int, WindowSeen] = {}
        self._looking: asyncio.TimerHandle | None = None
        self._points: list[tuple[int, int]] = []
        self._touched: dict[int, str] = {}
        """The labels of the last picture's elements, by their numbers."""

    @property
    def environment(self) -> dict[str, str]:
        """For the programs of the session."""
        return self._server.environment

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as parts:
            await parts.enter_async_context(self._server)
            os.environ.update(self.environment)  # for python-xlib, openbox and xdotool
            self._display = await asyncio.to_thread(display.Display, self._server.display)
            parts.callback(self._disconnect)
            self._root = self._display.screen().root
            self._root.change_attributes(event_mask=X.SubstructureNotifyMask)
            self._display.flush()
            # a window that is opened while it starts, it never shows
            self._started.unlink(missing_ok=True)
            self._window_manager = await SessionChild.start(
                "openbox", "--startup", f"touch {quote(str(self._started))}"
            )
            parts.push_async_callback(self._window_manager.end)
            await self._window_manager.made(self._started)
            self._parts = parts.pop_all()
        asyncio.get_running_loop().add_reader(self._display.fileno(), self._changed)
        return self

    async def __aexit__(self, *_: object) -> None:
        asyncio.get_running_loop().remove_reader(self._display.fileno())
        if self._looking is not None:
            self._looking.cancel()
        await self._parts.aclose()

    async def lost(self) -> None:
        """Returns when the X server or the window manager has died."""
        ends: list[asyncio.Task[object]] = [
            asyncio.create_task(self._server.lost()),
            asyncio.create_task(self._window_manager.ended()),
        ]
        try:
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for end in ends:
                end.cancel()

    def _disconnect(self) -> None:
        with suppress(error.ConnectionClosedError):
            self._display.close()

    # --- windows ---------------------------------------------------------------------------------

    def _changed(self) -> None:
        try:
            while self._display.pending_events():
                self._display.next_event()
        except error.ConnectionClosedError:  # `lost` sees it too
            asyncio.get_running_loop().remove_reader(self._display.fileno())
            return
        if self._looking is None:
            self._looking = asyncio.get_running_loop().call_later(_AT_REST, self._look_around)

    def _look_around(self) -> None:
        self._looking = None
        try:
            seen = {one.id: one for one in windows(self._display)}
            has_changed = self._display.pending_events()  # read with the answers
        except error.ConnectionClosedError:
            return
        for id in self._known.keys() - seen.keys():
            self._tell(WindowGone(id=id))
        for id, one in seen.items():
            if self._known.get(id) != one:
                self._tell(one)
        self._known = seen
        if has_changed:
            self._changed()

    # --- keys and clicks -------------------------------------------------------------------------

    async def press(self, keys: str, window: int = 0) -> None:
        """In xdotool's words; Refused("desktop_no_window") when that window does not take them."""
        if window:
            await self._raise(window)
        named = (_NAMED.get(word, word) for word in keys.split())
        await xdotool("key", "--clearmodifiers", *named)

    async def click(self, window: int, x: int, y: int) -> None:
        """On a point of a window, or of the screen where it is 0."""
        where = ("--window", str(window)) if window else ()
        if window and not self._shown(window).override_redirect:
            await self._raise(window)
        await xdotool("mousemove", *where, str(x), str(y), "click", "1")

    def close(self, window: int) -> None:
        """Whatever has the focus: the window manager asks the program (EWMH, _NET_CLOSE_WINDOW)."""
        self._shown(window)
        asked = ClientMessage(
            window=self._display.create_resource_object("window", window),
            client_type=self._display.intern_atom("_NET_CLOSE_WINDOW"),
            data=(32, [X.CurrentTime, _BY_THE_USER, 0, 0, 0]),
        )
        mask = X.SubstructureRedirectMask | X.SubstructureNotifyMask
        self._root.send_event(asked, event_mask=mask)
        self._display.flush()

    async def fill_focused(self, text: str) -> None:
        await xdotool("type", "--clearmodifiers", "--file", "-", typed=text)

    async def _raise(self, window: int) -> None:
        """Keys go to what has the focus: many programs take none that are sent to a window."""
        self._shown(window)
        with suppress(Refused):  # it may have the focus, and not say so
            await xdotool("windowactivate", "--sync", str(window), within=_RAISED_WITHIN)

    def _shown(self, window: int) -> WindowSeen:
        if window not in self._known:
            raise Refused("desktop_no_window")
        return self._known[window]

    # --- pictures --------------------------------------------------------------------------------

    async def look(self) -> Reply:
        """What is on the screen, under numbered points; after them come keys and typing."""
        self._points = list(_grid(area(self._display, self._known, SIZE)))
        count = len(self._points)
        elements = [Element(number=number) for number in range(1, count + 1)]
        for label in (*_KEYS, *_TYPING):
            typed = label in _TYPING
            elements.append(
                Element(
                    number=len(elements) + 1,
                    label=label,
                    takes_text=typed,
                    secret=typed and _TYPING[label],
                )
            )
        self._touched = {one.number: one.label for one in elements}
        shown = await asyncio.to_thread(png, *SIZE, self._photograph(self._points))
        return Reply(id=0, text=base64.b64encode(shown).decode(), elements=tuple(elements))

    async def touch(self, number: int, text: str | None) -> None:
        """An element of the last picture."""
        label = self._touched.get(number)
        if label is None:
            raise Refused("desktop_no_element")
        if label in _KEYS:
            await self.press(_KEYS[label])
        elif label not in _TYPING:
            await self.click(0, *self._points[number - 1])
        if text is not None:
            await self.fill_focused(text)

    def _photograph(self, points: list[tuple[int, int]]) -> bytes:
        """The numbers are drawn on a copy, by the X server itself."""
        copy = self._root.create_pixmap(*SIZE, self._display.screen().root_depth)
        pen = self._root.create_gc(subwindow_mode=X.IncludeInferiors)
        copy.copy_area(pen, self._root, 0, 0, *SIZE, 0, 0)
        fields = [
            (x - 1, y - 1, width(number) + 2 * DOT, HEIGHT + 2 * DOT)
            for number, (x, y) in enumerate(points, 1)
        ]
        pen.change(foreground=_RED)
        copy.poly_fill_rectangle(pen, fields)
        pen.change(foreground=_WHITE)
        for number, (x, y) in enumerate(points, 1):
            at = dots(number, x - 1 + DOT, y - 1 + DOT)
            copy.poly_fill_rectangle(pen, [(left, top, DOT, DOT) for left, top in at])
        pixels: bytes = copy.get_image(0, 0, *SIZE, X.ZPixmap, 0xFFFFFFFF).data
        pen.free()
        copy.free()
        return pixels


def _grid(where: Area) -> Iterator[tuple[int, int]]:
    left, top, right, bottom = where
    columns = max(1, min(GRID[0], (right - left) // _CLOSEST[0]))
    rows = max(1, min(GRID[1], (bottom - top) // _CLOSEST[1]))
    for row in range(rows):
        for column in range(columns):
            yield (
                left + round((column + 0.5) * (right - left) / columns),
                top + round((row + 0.5) * (bottom - top) / rows),
            )
