"""A station that is down: the listener hears it each time, the chat is told once in a call."""

from bridge.api.events import StationDown
from bridge.calls.playout.audience import Audience
from bridge.calls.playout.happenings import Down, Happenings, Retry

PATIENCE = 3.0
"""Seconds of silence after which a station counts as down."""
RETRY = 10.0
"""Seconds until a station that could not be begun is tried again."""


class Outage:
    def __init__(self, call: Audience, inbox: Happenings) -> None:
        self._call = call
        self._inbox = inbox
        self._is_down = self._told = False

    def suspect(self) -> None:
        """Nothing is heard of it; perhaps for a moment only."""
        self._inbox.later(PATIENCE, Down())

    def try_again(self) -> None:
        self._inbox.later(RETRY, Retry())

    def over(self) -> None:
        """It is heard."""
        self._inbox.never()
        self._is_down = False

    def begun(self) -> bool:
        """Whether this is news to the listener."""
        news, self._is_down = not self._is_down, True
        if not self._told:
            self._told = True
            call, name = self._call, self._call.playlist.name
            call.services.tell(StationDown(user=call.rules.user, call=call.id, name=name))
        return news
