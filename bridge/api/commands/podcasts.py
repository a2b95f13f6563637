"""Podcasts of a user. Feeds are fetched by the scheduler: what came of it is told by
PodcastChanged.
"""

from typing import ClassVar
from uuid import UUID

from pydantic import Field

from bridge.api.command import UserCommand
from bridge.api.listening_views import EpisodeView, NotesView, PodcastView, Times
from bridge.terms import Pick, RingRule


class AddPodcast(UserCommand[PodcastView]):
    """`address` of the feed, or of a web page that links one; https:// may be left out.
    BadInput("bad_feed_address"), NotAllowed("too_many_podcasts").
    """

    reschedules: ClassVar[bool] = True

    address: str = Field(max_length=2000)


class ListPodcasts(UserCommand[list[PodcastView]]):
    """Those with the newest episode first."""


class GetPodcast(UserCommand[PodcastView]):
    """One podcast of the user."""

    podcast: UUID


class ChangePodcast(UserCommand[PodcastView]):
    """Only what is given changes; 0 takes a limit away."""

    reschedules: ClassVar[bool] = True

    podcast: UUID
    rings: RingRule | None = None
    times: tuple[Times, ...] | None = None
    pick: Pick | None = None
    least_minutes: int | None = Field(default=None, ge=0, le=600)
    oldest_days: int | None = Field(default=None, ge=0, le=3650)


class LookAgain(UserCommand[None]):
    """Ask the feed for news now, unless it was asked in the last ten seconds."""

    reschedules: ClassVar[bool] = True

    podcast: UUID


class RemovePodcast(UserCommand[None]):
    """It calls no more, and how far its episodes were heard is forgotten."""

    podcast: UUID


class ImportPodcasts(UserCommand[list[PodcastView]]):
    """OPML, of which the feeds that are not subscribed yet are added and given back.
    BadInput("bad_opml").
    """

    reschedules: ClassVar[bool] = True

    opml: str = Field(max_length=5_000_000)


class ExportPodcasts(UserCommand[str]):
    """OPML 2.0."""


class ListEpisodes(UserCommand[list[EpisodeView]]):
    """Newest first."""

    podcast: UUID
    limit: int = Field(default=8, ge=1, le=100)
    offset: int = Field(default=0, ge=0)


class ShowNotes(UserCommand[NotesView]):
    """What an episode says about itself."""

    episode: UUID


class MarkEpisode(UserCommand[EpisodeView]):
    """Heard, or not heard."""

    reschedules: ClassVar[bool] = True

    episode: UUID
    heard: bool


class CallPodcast(UserCommand[None]):
    """Ring the user's phones now and play: `episode`, or what the podcast has that is unheard.
    UnknownTarget("nothing_new"), NotAllowed("already_calling" | "no_phone").
    """

    reschedules: ClassVar[bool] = True

    podcast: UUID
    episode: UUID | None = None
