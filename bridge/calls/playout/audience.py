"""Whoever listens to a playlist: the user who was called for it, or who has phoned in."""

from typing import Any, Protocol
from uuid import UUID

from bridge.calls.ports.call_services import CallServices
from bridge.calls.ports.library import Playlist
from bridge.calls.ports.subscriber import SubscriberProfile
from bridge.scope import Scope
from bridge.terms import Cause, EndedBy


class Audience(Protocol):
    id: UUID
    services: CallServices
    rules: SubscriberProfile
    playlist: Playlist
    body: Scope
    """What goes on as long as somebody listens."""
    goes_on: bool
    """Whether it goes on with a menu, or we hang up."""

    def end(self, cause: Cause, by: EndedBy) -> None:
        """Nobody listens any more."""

    def now_playing(self, **facts: Any) -> None:
        """What is being heard, and how: fields of bridge.api.listening_views.Playing."""
