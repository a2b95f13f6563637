"""What a Playback promises (bridge.audio.port)."""

import asyncio
from abc import ABC, abstractmethod

import pytest

from bridge.audio.port import Finished, Playback, Source
from bridge.errors import BadInput

LENGTH = 60
EXACTLY = 0.1
"""Seconds that a position may be off: formats round the end of their sound."""


class PlaybackWorld(ABC):
    playback: Playback

    @abstractmethod
    def file(self) -> Source:
        """Of LENGTH seconds."""

    @abstractmethod
    def broken(self) -> Source:
        """A file without sound."""

    @abstractmethod
    def station(self) -> Source:
        """It is on the air, and sends without end."""

    @abstractmethod
    async def hears(self, seconds: float) -> None:
        """The listener hears that much; it takes as long."""

    @abstractmethod
    async def hears_the_rest(self) -> None:
        """Everything, until the end is told."""

    @abstractmethod
    async def waits(self, seconds: float) -> None:
        """For so long nothing is heard."""

    @abstractmethod
    async def leaves(self) -> None:
        """The playback is left."""


class PlaybackContract:
    @pytest.fixture
    async def world(self) -> PlaybackWorld:
        raise NotImplementedError("each side gives its world")

    async def test_before_anything_is_loaded(self, world: PlaybackWorld) -> None:
        assert (world.playback.position, world.playback.seconds) == (0.0, None)
        await world.playback.seek(5.0)
        await world.playback.pause()
        assert world.playback.position == 0.0

    async def test_what_is_loaded_stays_paused(self, world: PlaybackWorld) -> None:
        await world.playback.load(world.file(), at=10.0)
        assert world.playback.seconds == pytest.approx(LENGTH, abs=EXACTLY)
        await world.waits(1.0)
        assert world.playback.position == 10.0
        await world.playback.play()
        await world.hears(1.0)
        assert world.playback.position == pytest.approx(11.0, abs=EXACTLY)

    async def test_the_next_one_takes_its_place_paused(self, world: PlaybackWorld) -> None:
        await world.playback.load(world.file(), at=20.0)
        await world.playback.play()
        await world.hears(1.0)
        loading = asyncio.create_task(world.playback.load(world.file(), at=3.0))
        await asyncio.sleep(0)
        assert (world.playback.position, world.playback.seconds) == (3.0, None)
        await loading
        await world.waits(1.0)
        assert world.playback.position == 3.0

    async def test_pauses(self, world: PlaybackWorld) -> None:
        await world.playback.load(world.file())
        for _ in range(2):
            await world.playback.play()
            await world.playback.play()
            await world.hears(1.0)
            await world.playback.pause()
            await world.playback.pause()
            await world.waits(1.0)
        assert world.playback.position == pytest.approx(2.0, abs=EXACTLY)

    @pytest.mark.parametrize(("to", "at"), [(30.0, 30.0), (-3.0, 0.0), (70.0, LENGTH)])
    async def test_a_position_is_within_the_source(
        self, world: PlaybackWorld, to: float, at: float
    ) -> None:
        await world.playback.load(world.file(), at=to)
        assert world.playback.position == pytest.approx(at, abs=EXACTLY)
        await world.playback.seek(5.0)
        await world.playback.seek(to)
        assert world.playback.position == pytest.approx(at, abs=EXACTLY)
        await world.waits(1.0)

    @pytest.mark.parametrize(
        ("factor", "speed"), [(0.75, 0.75), (1.5, 1.5), (7.0, 2.0), (0.1, 0.75)]
    )
    async def test_a_speed_has_limits_and_is_kept(
        self, world: PlaybackWorld, factor: float, speed: float
    ) -> None:
        await world.playback.set_speed(factor)
        for at in (10.0, 20.0):
            await world.playback.load(world.file(), at=at)
            await world.playback.play()
            await world.hears(2.0)
            assert world.playback.position == pytest.approx(at + 2.0 * speed, abs=EXACTLY)

    async def test_the_position_stays_when_the_speed_changes(self, world: PlaybackWorld) -> None:
        await world.playback.load(world.file(), at=10.0)
        await world.playback.play()
        for speed in (2.0, 1.0):
            await world.hears(1.0)
            await world.playback.set_speed(speed)
        await world.hears(1.0)
        assert world.playback.position == pytest.approx(14.0, abs=2 * EXACTLY)

    async def test_the_end_is_told_once(self, world: PlaybackWorld) -> None:
        """What goes back from there goes on: it was never paused."""
        facts = world.playback.facts()
        await world.playback.load(world.file(), at=LENGTH - 2.0)
        await world.playback.play()
        for _ in range(2):
            await world.hears_the_rest()
            assert await anext(facts) == Finished()
            assert world.playback.position == pytest.approx(LENGTH, abs=EXACTLY)
            await world.playback.play()
            await world.waits(1.0)
            await world.playback.pause()
            await world.playback.play()
            await world.waits(1.0)
            await world.playback.seek(LENGTH - 2.0)
        await world.hears(1.0)
        await world.leaves()
        assert [fact async for fact in facts] == []

    async def test_behind_the_end_is_the_end(self, world: PlaybackWorld) -> None:
        facts = world.playback.facts()
        await world.playback.load(world.file(), at=LENGTH + 10.0)
        await world.playback.play()
        for _ in range(2):
            await world.hears_the_rest()
            assert await anext(facts) == Finished()
            await world.playback.seek(1e9)

    async def test_what_is_no_sound_is_refused_and_the_next_one_plays(
        self, world: PlaybackWorld
    ) -> None:
        await world.playback.load(world.file(), at=10.0)
        await world.playback.play()
        with pytest.raises(BadInput, match="bad_audio"):
            await world.playback.load(world.broken(), at=4.0)
        assert (world.playback.position, world.playback.seconds) == (4.0, None)
        await world.waits(1.0)
        await world.playback.load(world.file())
        await world.playback.play()
        await world.hears(1.0)
        assert world.playback.position == pytest.approx(1.0, abs=EXACTLY)

    async def test_a_load_that_is_cancelled_leaves_one_that_works(
        self, world: PlaybackWorld
    ) -> None:
        loading = asyncio.create_task(world.playback.load(world.file(), at=10.0))
        await asyncio.sleep(0)
        loading.cancel()
        await asyncio.wait([loading])
        assert loading.cancelled()
        await world.playback.load(world.file(), at=20.0)
        await world.playback.play()
        await world.hears(1.0)
        assert world.playback.position == pytest.approx(21.0, abs=EXACTLY)

    async def test_a_station_has_no_beginning(self, world: PlaybackWorld) -> None:
        """It is not sped up, and goes on while it is paused."""
        loop = asyncio.get_running_loop()
        await world.playback.load(world.station(), at=50.0)
        on_air = loop.time() - world.playback.position
        assert world.playback.seconds is None
        await world.waits(0.2)
        await world.playback.play()
        await world.playback.set_speed(2.0)
        await world.hears(0.5)
        await world.playback.pause()
        await world.playback.seek(30.0)
        await world.waits(0.2)
        assert world.playback.position == pytest.approx(loop.time() - on_air, abs=0.01)
        await world.playback.load(world.file())
        await world.playback.play()
        await world.hears(1.0)
        assert world.playback.position == pytest.approx(1.0, abs=EXACTLY)

    async def test_its_facts_end_with_it(self, world: PlaybackWorld) -> None:
        await world.playback.load(world.file())
        await world.playback.play()
        await world.hears(1.0)
        await world.leaves()
        assert [fact async for fact in world.playback.facts()] == []
