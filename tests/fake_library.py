"""A library in memory: what there is to hear, and what became of it."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID, uuid4

from bridge.api.listening_views import Medium
from bridge.audio.port import Source
from bridge.calls.ports.library import CallOutOrder, Offered, Playlist, PlaylistItem
from bridge.errors import HouseError, UnknownTarget


@dataclass(frozen=True)
class Noted:
    episode: UUID
    position: float
    heard: bool


class FakeLibrary:
    """`has` one playlist, which is what every order gets."""

    def __init__(self) -> None:
        self.has: Playlist | None = None
        self.on_offer: list[Offered] = []
        self.delay = 0.0
        """How long the store takes."""
        self.fault: HouseError | None = None
        """Breaks whatever is kept."""
        self.claimed: set[UUID] = set()
        self.dialled: dict[UUID, UUID] = {}
        """Calls by job."""
        self.settled: list[tuple[UUID, bool, str]] = []
        self.notes: list[Noted] = []

    def podcast(
        self, *titles: str, first: int = 0, unheard: int | None = None, position: float = 0.0
    ) -> None:
        """Its episodes are files of the same name."""
        items = tuple(
            PlaylistItem(title, Source(title), uuid4(), 600.0, position if index == first else 0.0)
            for index, title in enumerate(titles)
        )
        new = len(titles) if unheard is None else unheard
        self.has = Playlist(Medium.PODCAST, "News", items, first, new, podcast=uuid4())

    def station(
        self, title: str = "", longest: float | None = 7200.0, programme: bool = False
    ) -> None:
        live = PlaylistItem(title, Source("http://radio.example/live", live=True))
        self.has = Playlist(
            Medium.RADIO,
            "Radio One",
            (live,),
            longest_seconds=longest,
            station=uuid4(),
            programme=uuid4() if programme else None,
        )

    @property
    def order(self) -> CallOutOrder:
        """For what there is."""
        assert self.has is not None
        return CallOutOrder(podcast=self.has.podcast, station=self.has.station)

    def change(self, **facts: object) -> None:
        assert self.has is not None
        self.has = replace(self.has, **facts)  # type: ignore[arg-type]  # named as in Playlist

    def job(self) -> CallOutOrder:
        """One that the scheduler has claimed."""
        job = uuid4()
        self.claimed.add(job)
        return CallOutOrder(job=job)

    def of(self, title: str) -> Sequence[Noted]:
        """What was noted of an episode."""
        assert self.has is not None
        [episode] = (item.episode for item in self.has.items if item.title == title)
        return [noted for noted in self.notes if noted.episode == episode]

    @property
    def _jobs(self) -> set[UUID]:
        return {*self.claimed, *self.dialled}

    # --- the port Library

    async def offered(self) -> Sequence[Offered]:
        await asyncio.sleep(self.delay)
        return self.on_offer

    async def playlist(self, order: CallOutOrder) -> Playlist:
        await asyncio.sleep(self.delay)
        if order == CallOutOrder() or (order.job and order.job not in self._jobs):
            raise UnknownTarget("job_over")
        if self.has is None:
            raise UnknownTarget("nothing_new")
        for wanted, here, what in (
            (order.podcast, self.has.podcast, "podcast"),
            (order.station, self.has.station, "station"),
        ):
            if wanted not in (None, here):
                raise UnknownTarget(f"no_such_{what}")
        if order.episode is None:
            return self.has
        episodes = [item.episode for item in self.has.items]
        if order.episode not in episodes:
            raise UnknownTarget("no_such_episode")
        return replace(self.has, first=episodes.index(order.episode))

    async def dialling(self, job: UUID, call: UUID) -> bool:
        await asyncio.sleep(self.delay)
        if job not in self._jobs:
            raise UnknownTarget("job_over")
        if job not in self.claimed:
            settled = job in (each for each, *_ in self.settled)
            return self.dialled[job] == call and not settled
        self.claimed.discard(job)
        self.dialled[job] = call
        return True

    async def settle(self, job: UUID, listened: bool, reason: str = "") -> None:
        await asyncio.sleep(self.delay)
        assert job in self.dialled
        self.settled.append((job, listened, reason))

    async def note(self, episode: UUID, position: float, heard: bool) -> None:
        await asyncio.sleep(self.delay)
        if self.fault:
            raise self.fault
        position = max(0.0, position)
        self.notes.append(Noted(episode, position, heard))
        if self.has is not None:
            items = (
                replace(item, position=position) if item.episode == episode else item
                for item in self.has.items
            )
            self.has = replace(self.has, items=tuple(items))
