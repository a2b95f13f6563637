"""A client program: one window, or one pop-up (`--popup`), that shows what it is typed and clicked
as its title, or that it was asked to close. Its first argument is its title until then.

    python -m tests.bridge.connectors.desktop.agent.lone_window TITLE [--popup]
"""

import sys
from typing import Any

from Xlib import XK, X, display


def main(title: str, popup: bool) -> None:
    screen = display.Display()
    root = screen.screen().root
    window = root.create_window(
        *(900, 600, 300, 120, 0, screen.screen().root_depth),
        background_pixel=0x3366CC,
        override_redirect=popup,
        event_mask=X.KeyPressMask | X.ButtonPressMask | X.ExposureMask,
    )
    window.set_wm_class("lone", "Lone")
    window.set_wm_protocols([screen.intern_atom("WM_DELETE_WINDOW")])
    _say(screen, window, title)
    window.map()
    said = ""
    while True:
        event = screen.next_event()
        if event.type == X.ButtonPress:
            _say(screen, window, f"clicked {event.event_x} {event.event_y}")
        elif event.type == X.ClientMessage:
            _say(screen, window, "asked to close")
        elif event.type == X.KeyPress:
            said += _letter(screen, event)
            _say(screen, window, said)


def _letter(screen: Any, event: Any) -> str:
    symbol = screen.keycode_to_keysym(event.detail, event.state & X.ShiftMask)
    letter = XK.keysym_to_string(symbol)
    return letter if letter is not None else "<" + _names().get(symbol, "") + ">"


def _names() -> dict[int, str]:
    return {getattr(XK, name): name[3:] for name in vars(XK) if name.startswith("XK_")}


def _say(screen: Any, window: Any, title: str) -> None:
    utf8 = screen.intern_atom("UTF8_STRING")
    window.change_property(screen.intern_atom("_NET_WM_NAME"), utf8, 8, title.encode())
    screen.flush()


if __name__ == "__main__":
    main(sys.argv[1], "--popup" in sys.argv)
