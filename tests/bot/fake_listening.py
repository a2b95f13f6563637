"""The part of the house in memory that knows podcasts and radio."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from bridge.api.commands.call_outs import PressKey
from bridge.api.commands.podcasts import (
    AddPodcast,
    CallPodcast,
    ChangePodcast,
    ExportPodcasts,
    GetPodcast,
    ImportPodcasts,
    ListEpisodes,
    ListPodcasts,
    MarkEpisode,
    RemovePodcast,
    ShowNotes,
)
from bridge.api.commands.radio import (
    AddProgramme,
    AddStation,
    CallStation,
    ChangeProgramme,
    ListProgrammes,
    ListStations,
    RemoveProgramme,
    RemoveStation,
    RenameStation,
)
from bridge.api.listening_views import (
    EpisodeView,
    NotesView,
    PodcastView,
    ProgrammeView,
    StationView,
)
from bridge.errors import BadInput, NetworkDown, UnknownTarget
from bridge.terms import FeedState, Pick, RingRule

NOW = datetime.now(UTC)
OPML = '<opml version="2.0"><body></body></opml>'


@dataclass
class Shelf:
    """What one member listens to."""

    podcasts: list[PodcastView] = field(default_factory=list)
    episodes: list[EpisodeView] = field(default_factory=list)
    notes: dict[UUID, str] = field(default_factory=dict)
    stations: list[StationView] = field(default_factory=list)
    programmes: list[ProgrammeView] = field(default_factory=list)
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
            "published": NOW,
            "seconds": 2580.0,
        }
        episode = EpisodeView(**{**usual, **more})
        self.episodes.append(episode)
        return episode

    def station(self, name: str = "Radio Eins") -> StationView:
        station = StationView(id=uuid4(), name=name, address="https://radio.example/eins.mp3")
        self.stations.append(station)
        return station


class FakeListening:
    """Mixed into the fake desk."""

    def __init__(self) -> None:
        self.shelves: dict[UUID, Shelf] = {}

    def shelf(self, user: UUID) -> Shelf:
        return self.shelves.setdefault(user, Shelf())

    async def episode(self, user: UUID, episode: UUID) -> bytes:
        if not self.shelf(user).sound:
            raise NetworkDown("not_downloaded")
        return self.shelf(user).sound

    # --- podcasts

    def _AddPodcast(self, q: AddPodcast) -> PodcastView:
        if "." not in q.address:
            raise BadInput("bad_feed_address")
        return self.shelf(q.user).podcast("", address=q.address, state=FeedState.LOOKING)

    def _ListPodcasts(self, q: ListPodcasts) -> list[PodcastView]:
        return self.shelf(q.user).podcasts

    def _GetPodcast(self, q: GetPodcast) -> PodcastView:
        return _found(self.shelf(q.user).podcasts, q.podcast, "no_such_podcast")

    def _ChangePodcast(self, q: ChangePodcast) -> PodcastView:
        owned = self.shelf(q.user).podcasts
        known = _found(owned, q.podcast, "no_such_podcast")
        given = {name: getattr(q, name) for name in q.model_fields_set - {"user", "podcast"}}
        changed: PodcastView = known.model_copy(update=given)
        owned[owned.index(known)] = changed
        return changed

    def _RemovePodcast(self, q: RemovePodcast) -> None:
        owned = self.shelf(q.user).podcasts
        owned.remove(_found(owned, q.podcast, "no_such_podcast"))

    def _ImportPodcasts(self, q: ImportPodcasts) -> list[PodcastView]:
        if "<opml" not in q.opml:
            raise BadInput("bad_opml")
        return [self.shelf(q.user).podcast(f"Imported {number}") for number in range(2)]

    def _ExportPodcasts(self, q: ExportPodcasts) -> str:
        return OPML

    def _ListEpisodes(self, q: ListEpisodes) -> list[EpisodeView]:
        own = [each for each in self.shelf(q.user).episodes if each.podcast == q.podcast]
        return own[q.offset :][: q.limit]

    def _ShowNotes(self, q: ShowNotes) -> NotesView:
        shelf = self.shelf(q.user)
        episode = _found(shelf.episodes, q.episode, "no_such_episode")
        notes = shelf.notes.get(q.episode, "")
        return NotesView(episode=episode, notes=notes, link="https://daily.example/bees")

    def _MarkEpisode(self, q: MarkEpisode) -> EpisodeView:
        kept = self.shelf(q.user).episodes
        known = _found(kept, q.episode, "no_such_episode")
        changed: EpisodeView = known.model_copy(update={"heard": q.heard})
        kept[kept.index(known)] = changed
        return changed

    def _CallPodcast(self, q: CallPodcast) -> None:
        _found(self.shelf(q.user).podcasts, q.podcast, "no_such_podcast")

    # --- radio

    def _AddStation(self, q: AddStation) -> StationView:
        if "://" not in q.address:
            raise BadInput("bad_stream_address")
        return self.shelf(q.user).station(q.name)

    def _ListStations(self, q: ListStations) -> list[StationView]:
        return self.shelf(q.user).stations

    def _RenameStation(self, q: RenameStation) -> StationView:
        owned = self.shelf(q.user).stations
        known = _found(owned, q.station, "no_such_station")
        changed: StationView = known.model_copy(update={"name": q.name})
        owned[owned.index(known)] = changed
        return changed

    def _RemoveStation(self, q: RemoveStation) -> None:
        owned = self.shelf(q.user).stations
        owned.remove(_found(owned, q.station, "no_such_station"))

    def _CallStation(self, q: CallStation) -> None:
        _found(self.shelf(q.user).stations, q.station, "no_such_station")

    def _AddProgramme(self, q: AddProgramme) -> ProgrammeView:
        shelf = self.shelf(q.user)
        if q.calendar and "BEGIN:VCALENDAR" not in q.calendar:
            raise BadInput("bad_calendar")
        programme = ProgrammeView(
            id=uuid4(),
            station=_found(shelf.stations, q.station, "no_such_station"),
            title=q.title,
            times=q.times,
            cron=q.cron,
            calendar=bool(q.calendar),
            calendar_address=q.calendar_address,
            enabled=True,
            next=NOW + timedelta(days=1),
        )
        shelf.programmes.append(programme)
        return programme

    def _ListProgrammes(self, q: ListProgrammes) -> list[ProgrammeView]:
        return self.shelf(q.user).programmes

    def _ChangeProgramme(self, q: ChangeProgramme) -> ProgrammeView:
        owned = self.shelf(q.user).programmes
        known = _found(owned, q.programme, "no_such_programme")
        given = {name: getattr(q, name) for name in q.model_fields_set - {"user", "programme"}}
        changed: ProgrammeView = known.model_copy(update=given)
        owned[owned.index(known)] = changed
        return changed

    def _RemoveProgramme(self, q: RemoveProgramme) -> None:
        owned = self.shelf(q.user).programmes
        owned.remove(_found(owned, q.programme, "no_such_programme"))

    def _PressKey(self, q: PressKey) -> None:
        return None


def _found(things: list[Any], wanted: UUID, code: str) -> Any:
    for thing in things:
        if thing.id == wanted:
            return thing
    raise UnknownTarget(code)
