"""What is spoken, kept as WAV files: each sentence is synthesized once.

The cache belongs to one user, because announcements carry the names of that user's callers.
"""

import asyncio
import hashlib
import os
import threading
import wave
from abc import abstractmethod
from contextlib import suppress
from pathlib import Path

from bridge.audio.port import Clip, Speaker
from bridge.audio.voice.tones import RATE as TONE_RATE
from bridge.audio.voice.tones import TONES

KEPT_CLIPS = 256


class CachedSpeaker(Speaker):
    """The speaker of one user; clips live in `directory` and the oldest go when there are too
    many.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    @abstractmethod
    def voice(self, language: str) -> str:
        """Everything that a sentence sounds by, but its text: another voice, other clips."""

    @abstractmethod
    async def synthesize(self, text: str, language: str) -> tuple[int, bytes]:
        """(sample rate in Hz, 16-bit mono samples)."""

    async def say(self, text: str, language: str) -> Clip:
        path = self._place(f"{language}|{self.voice(language)}|{text}")
        clip = await asyncio.to_thread(self._clip, text, path)
        if clip is None:
            rate, samples = await self.synthesize(text, language)
            clip = await asyncio.to_thread(self._written, text, path, rate, samples)
        return clip

    async def tone(self, name: str) -> Clip:
        path = self._place(f"tone|{name}")
        clip = await asyncio.to_thread(self._clip, name, path)
        if clip is None:
            clip = await asyncio.to_thread(self._written, name, path, TONE_RATE, TONES[name]())
        return clip

    def _place(self, key: str) -> Path:
        return self._directory / f"{hashlib.sha256(key.encode()).hexdigest()[:32]}.wav"

    def _clip(self, text: str, path: Path) -> Clip | None:
        try:
            os.utime(path)
            with wave.open(str(path)) as sound:
                return Clip(text, path, sound.getnframes() / sound.getframerate())
        except FileNotFoundError:
            return None

    def _written(self, text: str, path: Path, rate: int, samples: bytes) -> Clip:
        self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        unfinished = path.with_suffix(f".{os.getpid()}-{threading.get_ident()}")
        with wave.open(str(unfinished), "wb") as sound:
            sound.setnchannels(1)
            sound.setsampwidth(2)
            sound.setframerate(rate)
            sound.writeframes(samples)
        # the first one stays: no voice ever says it twice the same, and that clip may be playing
        with suppress(FileExistsError):
            os.link(unfinished, path)
        unfinished.unlink()
        by_age = sorted(self._directory.glob("*.wav"), key=lambda one: one.stat().st_mtime)
        for old in by_age[:-KEPT_CLIPS]:
            old.unlink(missing_ok=True)
        return Clip(text, path, len(samples) / 2 / rate)
