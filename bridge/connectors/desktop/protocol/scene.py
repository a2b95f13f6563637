"""What can be seen of a session at this moment, gathered from what its agent has told so far."""

from dataclasses import dataclass, field
from typing import TypeVar

from bridge.connectors.desktop.protocol.messages import (
    NotificationClosed,
    Notified,
    PageSeen,
    PartLost,
    ProgramEnded,
    ProgramStarted,
    StreamGone,
    StreamSeen,
    Told,
    WindowGone,
    WindowSeen,
)

Key = TypeVar("Key")
Shown = TypeVar("Shown")

_MOST = 200
"""So many notifications or windows are remembered: a program may leave any number behind."""


@dataclass
class Scene:
    """Plain memory; what it means is decided by the recipe's signs."""

    runs: bool = False
    """The program was started, and has not ended."""
    notifications: dict[int, Notified] = field(default_factory=dict)
    streams: dict[tuple[str, int], StreamSeen] = field(default_factory=dict)
    windows: dict[int, WindowSeen] = field(default_factory=dict)
    page: PageSeen | None = None

    def take(self, told: Told) -> None:
        match told:
            case ProgramStarted():
                self.runs = True
            case ProgramEnded() | PartLost():
                self.clear()
            case Notified():
                _remember(self.notifications, told.id, told)
            case NotificationClosed():
                self.notifications.pop(told.id, None)
            case StreamSeen():
                _remember(self.streams, (told.stream, told.index), told)
            case StreamGone():
                self.streams.pop((told.stream, told.index), None)
            case PageSeen():
                self.runs = True
                self.page = told
            case WindowSeen():
                _remember(self.windows, told.id, told)
            case WindowGone():
                self.windows.pop(told.id, None)
            case _:
                pass  # Up and replies show nothing

    def clear(self) -> None:
        """The program has ended: what it showed is gone, whether or not that is told."""
        self.runs, self.page = False, None
        for shown in (self.notifications, self.streams, self.windows):
            shown.clear()


def _remember(shown: dict[Key, Shown], key: Key, one: Shown) -> None:
    shown[key] = one
    if len(shown) > _MOST:
        del shown[next(iter(shown))]
