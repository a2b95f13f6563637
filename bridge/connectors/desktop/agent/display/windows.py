"""The windows on the session's screen, as X tells of them."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any

from Xlib import X, error

from bridge.connectors.desktop.protocol.messages import WindowSeen

Area = tuple[int, int, int, int]
"""Left, top, right, bottom."""
_DEEPEST = 3
"""Levels below the root: a window manager puts a frame or two around each."""

_CHANGES = X.PropertyChangeMask | X.StructureNotifyMask | X.SubstructureNotifyMask


def windows(display: Any) -> Iterator[WindowSeen]:
    """Those that are shown and say whose they are; a window manager's frames do not. Each is asked
    to tell of its changes from now on.
    """
    return _below(display, display.screen().root, 0)


def area(display: Any, ids: Iterable[int], size: tuple[int, int]) -> Area:
    """The part of a screen of this size that these windows lie in; all of it without any."""
    root, found = display.screen().root, []
    for id in ids:
        window = display.create_resource_object("window", id)
        with suppress(error.BadWindow, error.BadDrawable):  # it has just gone
            shape, corner = window.get_geometry(), root.translate_coords(window, 0, 0)
            found.append((corner.x, corner.y, corner.x + shape.width, corner.y + shape.height))
    if not found:
        return 0, 0, *size
    left, top, right, bottom = zip(*found, strict=True)
    return max(0, min(left)), max(0, min(top)), min(size[0], max(right)), min(size[1], max(bottom))


def _below(display: Any, window: Any, depth: int) -> Iterator[WindowSeen]:
    try:
        if depth:
            # asked before it is looked at, frames too: what comes later is told
            window.change_attributes(onerror=error.CatchError(error.BadWindow), event_mask=_CHANGES)
        attributes = window.get_attributes()
        if attributes.map_state != X.IsViewable:
            return
        whose = window.get_wm_class() if depth else None
        if whose is not None:
            shape = window.get_geometry()
            yield WindowSeen(
                id=window.id,
                wm_class=whose[1][:200],
                title=_title(display, window)[:500],
                width=shape.width,
                height=shape.height,
                override_redirect=bool(attributes.override_redirect),
            )
        elif depth < _DEEPEST:
            for child in window.query_tree().children:
                yield from _below(display, child, depth + 1)
    except (error.BadWindow, error.BadDrawable):  # it has just gone
        return


def _title(display: Any, window: Any) -> str:
    """What a program says in UTF-8 goes before what it says in the old way (EWMH)."""
    found = window.get_full_property(display.intern_atom("_NET_WM_NAME"), X.AnyPropertyType)
    if found is not None and isinstance(found.value, bytes):
        return found.value.decode(errors="replace")
    said = window.get_wm_name() or ""
    return said if isinstance(said, str) else said.decode("latin-1")
