"""What one member listens to in the house in memory."""

from dataclasses import dataclass, field
from datetime import time
from typing import Any
from uuid import UUID, uuid4

from bridge.api.listening_views import (
    EpisodeView,
    PodcastView,
    ProgrammeView,
    StationView,
    Times,
)
from bridge.terms import FeedState, Pick, RingRule
from tests.bot.fake_home import FakeRoom, now


@dataclass(frozen=True)
class Timetable:
    """As bridge.schedules reads it."""

    weekdays: frozenset[int] | None = None
    at: time | None = None
    calendar: bytes | None = None
    calendar_address: str = ""
    cron: str = ""


@dataclass
class Shelf:
    """What one member listens to."""

    podcasts: list[PodcastView] = field(default_factory=list)
    episodes: list[EpisodeView] = field(default_factory=list)
    notes: dict[UUID, str] = field(default_factory=dict)
    stations: list[StationView] = field(default_factory=list)
    programmes: list[ProgrammeView] = field(default_factory=list)
    timetables: dict[UUID, Timetable] = field(default_factory=dict)
    """Of programmes."""
    sound: bytes = b""

    def podcast(self, title: str = "The Daily", **more: Any) -> PodcastView:
        usual = {
            "id": uuid4(),
            "address": "https://feeds.example/daily.xml",
            "title": title,
            "state": FeedState.FINE,
            "rings": RingRule.AT_ONCE,
            "pick": Pick.NEWEST,
        }
        podcast = PodcastView(**{**usual, **more})
        self.podcasts.append(podcast)
        return podcast

    def episode(self, podcast: PodcastView, title: str = "Bees", **more: Any) -> EpisodeView:
        usual = {
            "id": uuid4(),
            "podcast": podcast.id,
            "podcast_title": podcast.title,
            "title": title,
            "published": now(),
            "seconds": 2580.0,
        }
        episode = EpisodeView(**{**usual, **more})
        self.episodes.append(episode)
        return episode

    def station(
        self, name: str = "Radio Eins", address: str = "https://radio.example/eins.mp3"
    ) -> StationView:
        station = StationView(id=uuid4(), name=name, address=address)
        self.stations.append(station)
        return station


class FakeShelves(FakeRoom):
    """What the parts for podcasts and for radio have in common."""

    def __init__(self) -> None:
        super().__init__()
        self.shelves: dict[UUID, Shelf] = {}

    def shelf(self, user: UUID) -> Shelf:
        return self.shelves.setdefault(user, Shelf())


def sensible(times: Times) -> bool:
    return bool(times.weekdays) and times.weekdays <= set(range(7)) and times.at.tzinfo is None


def to_the_minute(times: Times) -> Times:
    return times.model_copy(update={"at": times.at.replace(second=0, microsecond=0)})
