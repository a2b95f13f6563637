"""What there is to listen to. The worker implements a `Library` on the store, the tests keep one in
memory.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from bridge.api.listening_views import Medium
from bridge.audio.port import Source


@dataclass(frozen=True)
class PlaylistItem:
    """An episode, or a station. `position` is where to go on, in seconds."""

    title: str
    source: Source
    episode: UUID | None = None
    seconds: float | None = None
    position: float = 0.0


@dataclass(frozen=True)
class Playlist:
    """What one call-out plays, beginning with `items[first]`; a podcast's episodes from the oldest
    to the newest, so that 9 goes to the newer one.

    `unheard` of them are new. After `longest_seconds` of listening it ends.
    """

    medium: Medium
    name: str
    items: tuple[PlaylistItem, ...]
    first: int = 0
    unheard: int = 0
    longest_seconds: float | None = None
    podcast: UUID | None = None
    station: UUID | None = None
    programme: UUID | None = None


@dataclass(frozen=True)
class CallOutOrder:
    """Why the user is called: a job of the scheduler's, or what was asked for in the chat."""

    job: UUID | None = None
    podcast: UUID | None = None
    episode: UUID | None = None
    station: UUID | None = None


@dataclass(frozen=True)
class Offered:
    """A podcast or a station that can be listened to now; `unheard` of its episodes are new."""

    medium: Medium
    name: str
    order: CallOutOrder
    unheard: int = 0


class Library(Protocol):
    """What there is for the user to listen to."""

    async def offered(self) -> Sequence[Offered]:
        """Podcasts with something new first, then the other podcasts, then the stations."""

    async def playlist(self, order: CallOutOrder) -> Playlist:
        """UnknownTarget("job_over" | "nothing_new" | "no_such_podcast" | "no_such_episode" |
        "no_such_station"), NetworkDown("not_downloaded").
        """

    async def dialling(self, job: UUID, call: UUID) -> bool:
        """Before the first INVITE: from now on this job's phones may have rung. False when it is
        not claimed any more; then nothing may ring.
        """

    async def settle(self, job: UUID, listened: bool, reason: str = "") -> None:
        """The job's call is over. Not listened to: it is due once more a little later, then it has
        failed.
        """

    async def note(self, episode: UUID, position: float, heard: bool) -> None:
        """How far the user is."""
