"""What a Library promises (bridge.calls.ports.library).

That only jobs that are dialled are settled is the caller's duty.
"""

from abc import ABC, abstractmethod
from uuid import UUID, uuid4

import pytest

from bridge.api.listening_views import Medium
from bridge.calls.ports.library import CallOutOrder, Library
from bridge.errors import UnknownTarget

LONGEST_RADIO = 7200


class LibraryWorld(ABC):
    """There is one thing to hear at a time."""

    library: Library

    @abstractmethod
    async def podcast(self, *titles: str) -> UUID:
        """ "News", with these episodes, the oldest first, all of them new and here."""

    @abstractmethod
    async def station(self) -> UUID:
        """ "Radio One"."""

    @abstractmethod
    async def claimed(self, source: UUID) -> UUID:
        """A job that the scheduler has claimed."""

    @abstractmethod
    async def progress(self, episode: UUID) -> tuple[float, bool]:
        """How far he is: (seconds, heard)."""


class LibraryContract:
    @pytest.fixture
    async def world(self) -> LibraryWorld:
        raise NotImplementedError("each side gives its world")

    async def test_the_newest_episode_of_a_podcast(self, world: LibraryWorld) -> None:
        podcast = await world.podcast("Ants", "Bees")
        playlist = await world.library.playlist(CallOutOrder(podcast=podcast))
        assert (playlist.medium, playlist.name) == (Medium.PODCAST, "News")
        assert (playlist.podcast, playlist.station, playlist.programme) == (podcast, None, None)
        assert [one.title for one in playlist.items] == ["Ants", "Bees"]
        first = playlist.items[playlist.first]
        assert (first.title, first.position, first.source.live) == ("Bees", 0.0, False)
        assert playlist.unheard == 1 and playlist.longest_seconds is None

    async def test_a_station(self, world: LibraryWorld) -> None:
        station = await world.station()
        playlist = await world.library.playlist(CallOutOrder(station=station))
        assert (playlist.medium, playlist.name) == (Medium.RADIO, "Radio One")
        assert (playlist.podcast, playlist.station, playlist.programme) == (None, station, None)
        [live] = playlist.items
        assert (live.title, live.episode, live.source.live) == ("", None, True)
        assert playlist.longest_seconds == LONGEST_RADIO

    async def test_what_is_not_there(self, world: LibraryWorld) -> None:
        await world.podcast("Ants")
        for order, code in (
            (CallOutOrder(podcast=uuid4()), "no_such_podcast"),
            (CallOutOrder(station=uuid4()), "no_such_station"),
            (CallOutOrder(job=uuid4()), "job_over"),
            (CallOutOrder(), "job_over"),
        ):
            with pytest.raises(UnknownTarget, match=code):
                await world.library.playlist(order)

    async def test_an_episode_that_was_asked_for(self, world: LibraryWorld) -> None:
        podcast = await world.podcast("Ants", "Bees")
        listed = await world.library.playlist(CallOutOrder(podcast=podcast))
        ants = listed.items[0].episode
        playlist = await world.library.playlist(CallOutOrder(podcast=podcast, episode=ants))
        assert playlist.items[playlist.first].episode == ants
        with pytest.raises(UnknownTarget, match="no_such_episode"):
            await world.library.playlist(CallOutOrder(podcast=podcast, episode=uuid4()))

    async def test_how_far_he_is(self, world: LibraryWorld) -> None:
        """What was heard stays heard; an episode that is gone meanwhile is nobody's business."""
        podcast = await world.podcast("Ants", "Bees")
        order = CallOutOrder(podcast=podcast)
        bees = (await world.library.playlist(order)).items[1].episode
        assert bees is not None
        for position, heard, kept in ((60.0, False, 60.0), (-3.0, False, 0.0), (9.5, False, 9.5)):
            await world.library.note(bees, position, heard)
            assert await world.progress(bees) == (kept, False)
            assert (await world.library.playlist(order)).items[1].position == kept
        await world.library.note(bees, 600.0, True)
        await world.library.note(bees, 30.0, False)
        assert await world.progress(bees) == (30.0, True)
        await world.library.note(uuid4(), 1.0, True)

    async def test_a_job_is_dialled_once(self, world: LibraryWorld) -> None:
        podcast, call = await world.podcast("Ants"), uuid4()
        job = await world.claimed(podcast)
        playlist = await world.library.playlist(CallOutOrder(job=job))
        assert playlist.podcast == podcast
        assert await world.library.dialling(job, call)
        assert await world.library.dialling(job, call)  # the answer was lost on its way
        assert not await world.library.dialling(job, uuid4())
        await world.library.settle(job, listened=True)
        assert not await world.library.dialling(job, call)

    async def test_a_job_that_there_is_not(self, world: LibraryWorld) -> None:
        with pytest.raises(UnknownTarget, match="job_over"):
            await world.library.dialling(uuid4(), uuid4())
