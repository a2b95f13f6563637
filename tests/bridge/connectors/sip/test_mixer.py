"""The conference bridge keeps the contract of a mixer: ends in Python, sound by its own clock."""

from collections import deque
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import numpy as np
import pytest

from bridge.audio.pjmedia.engine import PjsuaEngine
from bridge.audio.pjmedia.mixer import ConferenceMixer
from bridge.audio.pjmedia.patch_bay import Slot
from bridge.audio.port import AudioPort, Clip, Source
from tests.contracts.mixer import WORDS, MixerContract, MixerWorld
from tests.peers.programs import until
from tests.peers.speech import Sound, say

FRAME = 0.02
SOON = 15
"""Frames from an end through the bridge to another one, and a few more."""


class Human:
    """`hears` counts the frames with sound; `says` is what goes out, frame by frame."""

    def __init__(self, mixer: ConferenceMixer) -> None:
        self.slot = Slot(mixer.bay)
        self.says: deque[bytes] = deque()
        self.hears = 0
        self._size = round(mixer.rate * FRAME) * 2

    def speak(self, sound: Sound) -> None:
        pcm = sound.pcm()
        whole = range(0, len(pcm) - self._size + 1, self._size)
        self.says.extend(pcm[at : at + self._size] for at in whole)

    def take(self) -> bytes:
        """On the thread of the clock."""
        return self.says.popleft() if self.says else bytes(self._size)

    def hear(self, frame: bytes) -> None:
        """On the thread of the clock."""
        self.hears += max(np.abs(np.frombuffer(frame, "<i2"))) > 300


class ConferenceWorld(MixerWorld):
    """Somebody listens to everybody, whoever is joined: an end that nobody hears is not asked for
    its sound. By the one who counts the frames of silence for him time is known.
    """

    def __init__(self, mixer: ConferenceMixer, directory: Path) -> None:
        self.mixer, self.directory = mixer, directory
        self.people: dict[AudioPort, Human] = {}
        self.listener, self.counter = Slot(mixer.bay), Slot(mixer.bay)
        self.ticks = 0

    def begin(self) -> None:
        self.mixer.engine.sound_on()
        self.mixer.bay.lend(self.listener, None)
        self._add(self.counter, self.tick)

    def end(self) -> None:
        for slot in (*self.people, self.counter, self.listener):
            self.mixer.bay.remove(slot)
        self.mixer.engine.sound_off()

    def tick(self) -> bytes:
        """On the thread of the clock."""
        self.ticks += 1
        return bytes(round(self.mixer.rate * FRAME) * 2)

    def _add(
        self, slot: Slot, source: Callable[[], bytes], sink: Callable[[bytes], None] | None = None
    ) -> None:
        self.mixer.bay.lend(slot, source, sink)
        self.mixer.bay.join((slot, self.listener))

    async def port(self) -> AudioPort:
        human = Human(self.mixer)
        self.people[human.slot] = human
        await self.mixer.engine.do(lambda: self._add(human.slot, human.take, human.hear))
        return human.slot

    def clip(self, seconds: float) -> Clip:
        return Clip("clip", self._tone(seconds).save(self.directory / f"{seconds}.wav"), seconds)

    def file(self) -> Source:
        return Source(str(self.clip(30.0).path))

    async def says(self, port: AudioPort) -> None:
        human = self.people[port]
        human.speak(say(WORDS, rate=self.mixer.rate))
        await until(lambda: not human.says, "it to be said")

    async def carries(self, port: AudioPort, to: AudioPort) -> bool:
        human = self.people[port]
        human.speak(self._tone(SOON * FRAME))
        heard = await self.sounds(to)
        await until(lambda: not human.says, "the tone to be over")
        await self._pass()  # nobody hears its end later
        return heard

    async def sounds(self, port: AudioPort) -> bool:
        await self._pass(2)  # what was on its way when it was parted
        before = self.people[port].hears
        await self._pass()
        return self.people[port].hears > before

    async def _pass(self, frames: int = SOON) -> None:
        end = self.ticks + frames
        await until(lambda: self.ticks >= end, "the clock to go on", every=FRAME / 2)

    def _tone(self, seconds: float) -> Sound:
        time = np.arange(round(seconds * self.mixer.rate)) / self.mixer.rate
        return Sound(0.3 * np.sin(2 * np.pi * 1000 * time), self.mixer.rate)


class TestConferenceMixer(MixerContract):
    @pytest.fixture
    async def world(self, engine: PjsuaEngine, tmp_path: Path) -> AsyncIterator[MixerWorld]:
        world = ConferenceWorld(ConferenceMixer(engine, tmp_path / "recordings"), tmp_path)
        await engine.do(world.begin)
        yield world
        await engine.do(world.end)
