"""espeak-ng in this process: sentences become WAV files, each synthesized once.

The library has global state and speaks one sentence at a time; 11 s of speech take about 10 ms, so
a lock is enough. The cache belongs to one user, because announcements carry the names of that
user's callers.
"""

import asyncio
import ctypes
import hashlib
import os
import threading
import wave
from contextlib import suppress
from pathlib import Path
from typing import Any

from bridge.audio.port import Clip, Speaker
from bridge.audio.tones import RATE as TONE_RATE
from bridge.audio.tones import TONES
from bridge.errors import SetupFault

WORDS_PER_MINUTE = 150
KEPT_CLIPS = 256
_VOICES = {"de": b"de", "en": b"en"}
# speak_lib.h: AUDIO_OUTPUT_SYNCHRONOUS; do not exit on missing data; espeakRATE; UTF-8 with end
# pause
_SYNCHRONOUS, _DONT_EXIT, _RATE, _UTF8_END_PAUSE = 2, 0x8000, 1, 0x1001


class _Library:
    """libespeak-ng, loaded on the first sentence."""

    _Callback = ctypes.CFUNCTYPE(
        ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p
    )

    def __init__(self) -> None:
        try:
            self._lib: Any = ctypes.CDLL("libespeak-ng.so.1")
        except OSError as why:
            raise SetupFault("espeak_missing", remedy="Install the package libespeak-ng1.") from why
        self.rate: int = self._lib.espeak_Initialize(_SYNCHRONOUS, 0, None, _DONT_EXIT)
        if self.rate <= 0:
            raise SetupFault("espeak_missing", remedy="Install the package espeak-ng-data.")
        self._samples = bytearray()
        self._callback = self._Callback(self._collect)  # kept: the library holds only the pointer
        self._lib.espeak_SetSynthCallback(self._callback)
        self._lib.espeak_SetParameter(_RATE, WORDS_PER_MINUTE, 0)

    def _collect(self, samples: Any, count: int, _events: Any) -> int:
        if samples and count > 0:
            self._samples.extend(ctypes.string_at(samples, count * 2))
        return 0

    def synthesize(self, text: str, language: str) -> bytes:
        """16-bit mono samples at `rate`."""
        self._samples.clear()
        self._lib.espeak_SetVoiceByName(_VOICES.get(language, b"en"))
        spoken = text.encode() + b"\0"
        self._lib.espeak_Synth(
            spoken, ctypes.c_size_t(len(spoken)), 0, 0, 0, _UTF8_END_PAUSE, None, None
        )
        self._lib.espeak_Synchronize()
        return bytes(self._samples)


_lock = threading.Lock()
_library: _Library | None = None


def synthesize(text: str, language: str) -> tuple[int, bytes]:
    """(sample rate in Hz, 16-bit mono samples); SetupFault when espeak-ng is not installed."""
    global _library
    with _lock:
        _library = _library or _Library()
        return _library.rate, _library.synthesize(text, language)


class EspeakSpeaker(Speaker):
    """The speaker of one user; clips live in `directory` and the oldest go when there are too
    many.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    async def say(self, text: str, language: str) -> Clip:
        return await asyncio.to_thread(self._say, text, language)

    async def tone(self, name: str) -> Clip:
        return await asyncio.to_thread(self._tone, name)

    def _say(self, text: str, language: str) -> Clip:
        path = self._place(f"{language}|{WORDS_PER_MINUTE}|{text}")
        if not path.exists():
            rate, samples = synthesize(text, language)
            self._write(path, rate, samples)
        return self._clip(text, path)

    def _tone(self, name: str) -> Clip:
        path = self._place(f"tone|{name}")
        if not path.exists():
            self._write(path, TONE_RATE, TONES[name]())
        return self._clip(name, path)

    def _place(self, key: str) -> Path:
        return self._directory / f"{hashlib.sha256(key.encode()).hexdigest()[:32]}.wav"

    def _clip(self, text: str, path: Path) -> Clip:
        os.utime(path)
        with wave.open(str(path)) as sound:
            return Clip(text, path, sound.getnframes() / sound.getframerate())

    def _write(self, path: Path, rate: int, samples: bytes) -> None:
        self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        unfinished = path.with_suffix(f".{os.getpid()}-{threading.get_ident()}")
        with wave.open(str(unfinished), "wb") as sound:
            sound.setnchannels(1)
            sound.setsampwidth(2)
            sound.setframerate(rate)
            sound.writeframes(samples)
        # the first one stays: espeak-ng never says it twice the same, and that clip may be playing
        with suppress(FileExistsError):
            os.link(unfinished, path)
        unfinished.unlink()
        by_age = sorted(self._directory.glob("*.wav"), key=lambda one: one.stat().st_mtime)
        for old in by_age[:-KEPT_CLIPS]:
            old.unlink(missing_ok=True)
