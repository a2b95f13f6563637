"""What a Mixer promises (bridge.audio.port)."""

import asyncio
import wave
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from bridge.audio.port import AudioPort, Clip, Mixer, Source, SpeechBegan, Utterance

WORDS = "Ada Lovelace"
LATE = 1.0
"""Seconds that a busy machine may add."""


class MixerWorld(ABC):
    mixer: Mixer

    @abstractmethod
    async def port(self) -> AudioPort:
        """Where somebody is who is silent."""

    @abstractmethod
    def clip(self, seconds: float) -> Clip:
        """That can be heard from its beginning to its end."""

    @abstractmethod
    def file(self) -> Source:
        """The same, half a minute long."""

    @abstractmethod
    async def says(self, port: AudioPort) -> None:
        """WORDS; returns when they are said."""

    @abstractmethod
    async def carries(self, port: AudioPort, to: AudioPort) -> bool:
        """Whether somebody at `port` is heard there now."""

    @abstractmethod
    async def sounds(self, port: AudioPort) -> bool:
        """Whether what is played is heard there now."""


def now() -> float:
    return asyncio.get_running_loop().time()


class MixerContract:
    @pytest.fixture
    async def world(self) -> MixerWorld:
        raise NotImplementedError("each side gives its world")

    async def test_two_hear_each_other_while_they_are_joined(self, world: MixerWorld) -> None:
        ada, ben, cleo = [await world.port() for _ in range(3)]
        async with world.mixer.patch(ada, ben):
            assert await world.carries(ada, ben) and await world.carries(ben, ada)
            assert not await world.carries(ada, cleo)
            async with world.mixer.patch(cleo, ada):
                assert await world.carries(ada, cleo) and await world.carries(ada, ben)
                assert not await world.carries(ben, cleo)
            assert not await world.carries(ada, cleo)
            assert await world.carries(ada, ben)
        assert not await world.carries(ada, ben) and not await world.carries(ben, ada)

    async def test_who_fails_while_they_are_joined_parts_them(self, world: MixerWorld) -> None:
        ada, ben = await world.port(), await world.port()
        with pytest.raises(LookupError):
            async with world.mixer.patch(ada, ben):
                raise LookupError
        assert not await world.carries(ada, ben)

    async def test_a_clip_is_played_to_its_end(self, world: MixerWorld) -> None:
        ada, ben = await world.port(), await world.port()
        began = now()
        playing = asyncio.create_task(world.mixer.play(ada, world.clip(0.5)))
        await heard(world, ada)
        assert not await world.sounds(ben)
        await playing
        assert 0.4 < now() - began < 0.5 + LATE
        assert not await world.sounds(ada)

    async def test_a_clip_is_broken_off(self, world: MixerWorld) -> None:
        ada = await world.port()
        began = now()
        await broken_off(world, ada, lambda: world.mixer.play(ada, world.clip(20.0)))
        assert not await world.sounds(ada)
        assert now() - began < 20.0

    async def test_clips_are_played_side_by_side(self, world: MixerWorld) -> None:
        ada = await world.port()
        began = now()
        long = asyncio.create_task(world.mixer.play(ada, world.clip(1.0)))
        await world.mixer.play(ada, world.clip(0.2))
        assert await world.sounds(ada)
        await long
        assert 0.9 < now() - began < 1.0 + LATE

    async def test_a_recording_belongs_to_the_caller(self, world: MixerWorld) -> None:
        ada, ben = await world.port(), await world.port()
        paths = list[Path]()
        for _ in range(2):
            async with world.mixer.record(ada) as one, world.mixer.record(ben) as other:
                await world.says(ada)
            paths += [one.path, other.path]
        assert len(set(paths)) == 4
        for path in paths:
            with wave.open(str(path), "rb") as sound:
                assert (sound.getnchannels(), sound.getsampwidth()) == (1, 2)
            path.unlink()

    async def test_a_recording_knows_how_long_nobody_spoke(self, world: MixerWorld) -> None:
        ada = await world.port()
        async with world.mixer.record(ada) as recording:
            await asyncio.sleep(0.5)
            assert recording.seconds >= 0.5
            assert recording.seconds - recording.quiet_seconds < 0.1
            await world.says(ada)
            assert recording.seconds - recording.quiet_seconds > 0.5
            spoken = recording.seconds - recording.quiet_seconds
            quiet = recording.quiet_seconds
            await asyncio.sleep(1.0)
            assert recording.quiet_seconds >= quiet + 0.4
            assert recording.seconds - recording.quiet_seconds < spoken + 0.6

    async def test_a_recording_that_is_broken_off_is_complete(self, world: MixerWorld) -> None:
        ada = await world.port()
        paths = list[Path]()

        async def record() -> None:
            async with world.mixer.record(ada) as recording:
                paths.append(recording.path)
                await asyncio.Event().wait()

        recorder = asyncio.create_task(record())
        await world.says(ada)
        recorder.cancel()
        with suppress(asyncio.CancelledError):
            await recorder
        with wave.open(str(paths[0]), "rb") as sound:
            assert sound.getnframes() > 0

    async def test_long_sound_is_heard_until_it_is_left(self, world: MixerWorld) -> None:
        ada, ben = await world.port(), await world.port()
        async with world.mixer.playback(ada) as playback, world.mixer.playback(ben) as other:
            for each in (playback, other):
                await each.load(world.file())
            assert not await world.sounds(ada)
            await playback.play()
            await heard(world, ada)
            assert not await world.sounds(ben)
            assert playback.position > other.position == 0.0
            await playback.pause()
            assert not await world.sounds(ada)
            await world.mixer.play(ada, world.clip(0.2))
            await playback.play()
            await heard(world, ada)
        assert not await world.sounds(ada)
        assert [fact async for fact in playback.facts()] == []

    async def test_what_is_said_is_heard_one_after_the_other(self, world: MixerWorld) -> None:
        """Each time when the pause after it is over."""
        ada, ben = await world.port(), await world.port()
        await world.says(ada)
        async with world.mixer.tap_speech(ada) as heard:
            for _ in range(2):
                saying = asyncio.create_task(world.says(ada))
                assert await anext(heard) == SpeechBegan()
                assert not saying.done()
                await saying
                said = await anext(heard)
                assert isinstance(said, Utterance)
                assert 0.3 < now() - said.ended < 3.0
                assert len(said.pcm) and len(said.pcm) % 2 == 0
                assert said.rate in (8000, 16000)
            more = asyncio.ensure_future(anext(heard))
            await world.says(ben)
            assert not more.done()
            more.cancel()
        async with world.mixer.tap_speech(ada) as heard:
            saying = asyncio.create_task(world.says(ada))
            assert await anext(heard) == SpeechBegan()
            await saying


async def heard(world: MixerWorld, port: AudioPort) -> None:
    """Until it is."""
    async with asyncio.timeout(5):
        while not await world.sounds(port):
            pass


async def broken_off(world: MixerWorld, port: AudioPort, begin: Callable[[], Any]) -> None:
    """Begun, and cancelled while it is heard."""
    playing = asyncio.ensure_future(begin())
    await heard(world, port)
    playing.cancel()
    await asyncio.wait([playing])
    assert playing.cancelled()
