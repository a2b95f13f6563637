"""The part of the house in memory that knows podcasts and radio."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from bridge import schedules
from bridge.api.command import UserCommand
from bridge.api.commands.podcasts import (
    AddPodcast,
    CallPodcast,
    ChangePodcast,
    ExportPodcasts,
    GetPodcast,
    ImportPodcasts,
    ListEpisodes,
    ListPodcasts,
    LookAgain,
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
    Times,
)
from bridge.desk import opml
from bridge.errors import BadInput, NetworkDown, NotAllowed, UnknownTarget
from bridge.store.engine.addresses import web_address
from bridge.store.engine.text import clean_text
from bridge.store.listening import programmes, stations, subscriptions
from bridge.terms import FeedState, Pick, RingRule
from tests.bot.fake_home import NOW, FakeRoom, found, given

NEVER = datetime.min.replace(tzinfo=UTC)
FAR = datetime.max.replace(tzinfo=UTC)


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
            "published": NOW,
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


class FakeListening(FakeRoom):
    def __init__(self) -> None:
        super().__init__()
        self.shelves: dict[UUID, Shelf] = {}

    def shelf(self, user: UUID) -> Shelf:
        return self.shelves.setdefault(user, Shelf())

    async def episode(self, user: UUID, episode: UUID) -> bytes:
        if not self.shelf(user).sound:
            raise NetworkDown("not_downloaded")
        return self.shelf(user).sound

    # --- podcasts

    def _AddPodcast(self, q: AddPodcast) -> PodcastView:
        shelf, address = self.shelf(q.user), web_address(q.address, "bad_feed_address")
        for known in shelf.podcasts:
            if known.address == address:
                return self._podcast(shelf, known.id)
        if len(shelf.podcasts) >= subscriptions.MOST:
            raise NotAllowed("too_many_podcasts", limit=str(subscriptions.MOST))
        return shelf.podcast("", address=address, state=FeedState.LOOKING)

    def _ListPodcasts(self, q: ListPodcasts) -> list[PodcastView]:
        shelf = self.shelf(q.user)
        shown = [self._podcast(shelf, each.id) for each in shelf.podcasts]
        shown.sort(key=lambda one: (one.title, one.address))
        return sorted(
            shown, key=lambda one: one.latest.published if one.latest else NEVER, reverse=True
        )

    def _GetPodcast(self, q: GetPodcast) -> PodcastView:
        return self._podcast(self.shelf(q.user), q.podcast)

    def _ChangePodcast(self, q: ChangePodcast) -> PodcastView:
        shelf, changes = self.shelf(q.user), given(q, "podcast")
        known = found(shelf.podcasts, q.podcast, "no_such_podcast")
        if q.times is not None:
            if len(q.times) > subscriptions.MOST_RING_TIMES or not all(map(_sensible, q.times)):
                raise BadInput("bad_ring_time")
            changes["times"] = tuple(map(_minute, q.times))
        for limit in ("least_minutes", "oldest_days"):
            if limit in changes:
                changes[limit] = changes[limit] or None
        shelf.podcasts[shelf.podcasts.index(known)] = known.model_copy(update=changes)
        return self._podcast(shelf, q.podcast)

    def _LookAgain(self, q: LookAgain) -> None:
        found(self.shelf(q.user).podcasts, q.podcast, "no_such_podcast")

    def _RemovePodcast(self, q: RemovePodcast) -> None:
        shelf = self.shelf(q.user)
        shelf.podcasts.remove(found(shelf.podcasts, q.podcast, "no_such_podcast"))
        shelf.episodes = [each for each in shelf.episodes if each.podcast != q.podcast]

    def _ImportPodcasts(self, q: ImportPodcasts) -> list[PodcastView]:
        before, added = list(self.shelf(q.user).podcasts), []
        for address in opml.read(q.opml):
            try:
                one = self._AddPodcast(AddPodcast(user=q.user, address=address))
            except BadInput:
                continue
            except NotAllowed:
                if not added:
                    raise
                break
            added += [one] if one not in before else []
        return added

    def _ExportPodcasts(self, q: ExportPodcasts) -> str:
        listed = ((one.title, one.address, one.link) for one in self.shelf(q.user).podcasts)
        return opml.write(listed, NOW)

    def _ListEpisodes(self, q: ListEpisodes) -> list[EpisodeView]:
        shelf = self.shelf(q.user)
        found(shelf.podcasts, q.podcast, "no_such_podcast")
        return _of(shelf, q.podcast)[q.offset :][: q.limit]

    def _ShowNotes(self, q: ShowNotes) -> NotesView:
        shelf = self.shelf(q.user)
        episode = found(shelf.episodes, q.episode, "no_such_episode")
        notes = shelf.notes.get(q.episode, "")
        return NotesView(episode=episode, notes=notes, link="https://daily.example/bees")

    def _MarkEpisode(self, q: MarkEpisode) -> EpisodeView:
        kept = self.shelf(q.user).episodes
        known = found(kept, q.episode, "no_such_episode")
        position = known.position if q.heard else 0.0
        changed: EpisodeView = known.model_copy(update={"heard": q.heard, "position": position})
        kept[kept.index(known)] = changed
        return changed

    def _CallPodcast(self, q: CallPodcast) -> None:
        shelf = self.shelf(q.user)
        podcast = self._podcast(shelf, q.podcast)
        if q.episode is not None:
            found(_of(shelf, q.podcast), q.episode, "no_such_episode")
        elif not podcast.unheard:
            raise UnknownTarget("nothing_new")

    def _podcast(self, shelf: Shelf, podcast: UUID) -> PodcastView:
        """With what its episodes say; without any it stays as a test has made it."""
        known: PodcastView = found(shelf.podcasts, podcast, "no_such_podcast")
        episodes = _of(shelf, podcast)
        shown = {"times": known.times if known.rings is RingRule.AT_TIMES else ()}
        if episodes:
            news = sum(_is_news(known, each) for each in episodes)
            shown |= {"latest": episodes[0], "unheard": news}
        return known.model_copy(update=shown)

    # --- radio

    def _AddStation(self, q: AddStation) -> StationView:
        kept, name = self.shelf(q.user).stations, clean_text(q.name)
        address = web_address(q.address, "bad_stream_address")
        for known in kept:
            if known.address == address:
                return self._renamed(q.user, known, name or known.name)
        if len(kept) >= stations.MOST:
            raise NotAllowed("too_many_stations", limit=str(stations.MOST))
        return self.shelf(q.user).station(name or address, address)

    def _ListStations(self, q: ListStations) -> list[StationView]:
        return sorted(self.shelf(q.user).stations, key=lambda one: one.name.casefold())

    def _RenameStation(self, q: RenameStation) -> StationView:
        known = found(self.shelf(q.user).stations, q.station, "no_such_station")
        return self._renamed(q.user, known, clean_text(q.name) or known.address)

    def _renamed(self, user: UUID, known: StationView, name: str) -> StationView:
        kept = self.shelf(user).stations
        changed = known.model_copy(update={"name": name})
        kept[kept.index(known)] = changed
        return changed

    def _RemoveStation(self, q: RemoveStation) -> None:
        shelf = self.shelf(q.user)
        shelf.stations.remove(found(shelf.stations, q.station, "no_such_station"))
        shelf.programmes = [each for each in shelf.programmes if each.station.id != q.station]

    def _CallStation(self, q: CallStation) -> None:
        found(self.shelf(q.user).stations, q.station, "no_such_station")

    def _AddProgramme(self, q: AddProgramme) -> ProgrammeView:
        shelf, address = self.shelf(q.user), q.calendar_address
        if address:
            address = web_address(address.replace("webcal://", "https://", 1), "bad_calendar")
        station = found(shelf.stations, q.station, "no_such_station")
        if [q.times is not None, *map(bool, (q.cron, q.calendar, address))].count(True) != 1:
            raise BadInput("bad_schedule")
        times = _checked(q.times)
        if len(shelf.programmes) >= programmes.MOST:
            raise NotAllowed("too_many_programmes", limit=str(programmes.MOST))
        timetable = Timetable(
            weekdays=times.weekdays if times else None,
            at=times.at if times else None,
            calendar=q.calendar.encode() if q.calendar else None,
            calendar_address=address,
            cron=q.cron,
        )
        schedules.of_programme(timetable)
        programme = ProgrammeView(
            id=uuid4(),
            station=station,
            title=clean_text(q.title),
            times=times,
            cron=q.cron,
            calendar=bool(q.calendar),
            calendar_address=address,
            minutes=q.minutes,
            enabled=True,
        )
        shelf.timetables[programme.id] = timetable
        shelf.programmes.append(programme)
        return self._programme(q, programme)

    def _ListProgrammes(self, q: ListProgrammes) -> list[ProgrammeView]:
        shown = [self._programme(q, each) for each in self.shelf(q.user).programmes]
        return sorted(shown, key=lambda one: one.next or FAR)

    def _ChangeProgramme(self, q: ChangeProgramme) -> ProgrammeView:
        shelf, changes = self.shelf(q.user), given(q, "programme")
        known = found(shelf.programmes, q.programme, "no_such_programme")
        if q.minutes is not None:
            changes["minutes"] = q.minutes or None
        if q.title is not None:
            changes["title"] = clean_text(q.title)
        times = _checked(q.times)
        if times is not None:
            changes |= {"times": times, "cron": "", "calendar": False, "calendar_address": ""}
            shelf.timetables[known.id] = Timetable(times.weekdays, times.at)
        changed = known.model_copy(update=changes)
        shelf.programmes[shelf.programmes.index(known)] = changed
        return self._programme(q, changed)

    def _RemoveProgramme(self, q: RemoveProgramme) -> None:
        owned = self.shelf(q.user).programmes
        owned.remove(found(owned, q.programme, "no_such_programme"))

    def _programme(self, q: UserCommand[Any], known: ProgrammeView) -> ProgrammeView:
        """With when it is due; one that a test has made stays due when the test says."""
        shelf, zone = self.shelf(q.user), ZoneInfo(self.home_of(q).user.time_zone)
        shown: dict[str, Any] = {
            "station": next(one for one in shelf.stations if one.id == known.station.id)
        }
        if known.id in shelf.timetables:
            schedule = schedules.of_programme(shelf.timetables[known.id])
            shown["next"] = schedules.following(schedule, zone, datetime.now(UTC))
        if not known.enabled:
            shown["next"] = None
        return known.model_copy(update=shown)


def _of(shelf: Shelf, podcast: UUID) -> list[EpisodeView]:
    """Newest first."""
    own = [each for each in shelf.episodes if each.podcast == podcast]
    return sorted(own, key=lambda one: one.published, reverse=True)


def _is_news(podcast: PodcastView, episode: EpisodeView) -> bool:
    least, oldest = podcast.least_minutes, podcast.oldest_days
    long = least is None or episode.seconds is None or episode.seconds >= least * 60
    young = oldest is None or episode.published >= datetime.now(UTC) - timedelta(days=oldest)
    return not episode.heard and long and young


def _sensible(times: Times) -> bool:
    return bool(times.weekdays) and times.weekdays <= set(range(7)) and times.at.tzinfo is None


def _minute(times: Times) -> Times:
    return times.model_copy(update={"at": times.at.replace(second=0, microsecond=0)})


def _checked(times: Times | None) -> Times | None:
    if times is not None and not _sensible(times):
        raise BadInput("bad_schedule")
    return None if times is None else _minute(times)
