"""Podcasts, stations and programmes as the chat sees them, and what is being played on a phone."""

from datetime import datetime, time
from enum import StrEnum
from uuid import UUID

from pydantic import Field

from bridge.api.view import View
from bridge.terms import FeedState, Pick, RingRule


class Times(View):
    """Local time on some weekdays, 0 (Monday) to 6."""

    weekdays: frozenset[int] = frozenset(range(7))
    at: time


class EpisodeView(View):
    """An episode, and how far the user has heard it."""

    id: UUID
    podcast: UUID
    """The subscription."""
    podcast_title: str
    title: str
    published: datetime
    seconds: float | None = None
    """None where the feed does not say and nobody has played it yet."""
    position: float = 0.0
    heard: bool = False
    ready: bool = False
    """Its sound is downloaded."""
    size: int | None = None
    """Bytes."""


class PodcastView(View):
    """A podcast as its subscriber sees it."""

    id: UUID
    """The subscription."""
    address: str
    title: str
    """Empty until the feed was fetched for the first time."""
    cover: str = ""
    link: str = ""
    state: FeedState
    reason: str = ""
    """A code of bridge.errors for what is wrong."""
    facts: dict[str, str] = Field(default_factory=dict)
    latest: EpisodeView | None = None
    unheard: int = 0
    """Of those that came since it was subscribed to, and that are not skipped."""
    rings: RingRule
    times: tuple[Times, ...] = ()
    """Only with RingRule.AT_TIMES."""
    pick: Pick
    least_minutes: int | None = None
    oldest_days: int | None = None


class NotesView(View):
    """What an episode says about itself."""

    episode: EpisodeView
    notes: str
    """Plain text."""
    link: str


class StationView(View):
    """A radio station of the user."""

    id: UUID
    name: str
    address: str


class ProgrammeView(View):
    """One of `times`, `cron` and `calendar` says when."""

    id: UUID
    station: StationView
    title: str
    times: Times | None = None
    cron: str = ""
    calendar: bool = False
    calendar_address: str = ""
    minutes: int | None = None
    """None: until the user hangs up."""
    enabled: bool
    next: datetime | None = None


class Medium(StrEnum):
    """What is played."""

    PODCAST = "podcast"
    RADIO = "radio"


class Playing(View):
    """What a call-out plays, as its card shows it."""

    medium: Medium
    name: str
    """Of the podcast, or of the station."""
    title: str = ""
    """Of the episode or the programme; for a station what it says that it plays (ICY)."""
    position: float = 0.0
    seconds: float | None = None
    speed: float = 1.0
    paused: bool = False
    podcast: UUID | None = None
    episode: UUID | None = None
    station: UUID | None = None
    programme: UUID | None = None


class PlayoutKey(StrEnum):
    """The keys of the playout, on the phone and under its card."""

    PLAY = "1"
    SLOWER = "2"
    HEARD = "3"
    BACK = "4"
    WHERE = "5"
    FORWARD = "6"
    PREVIOUS = "7"
    FASTER = "8"
    NEXT = "9"
    HELP = "0"
    HANG_UP = "#"
