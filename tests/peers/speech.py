"""What is said: sentences spoken by espeak-ng, and sound in WAV files."""

from __future__ import annotations

import subprocess
import tempfile
import wave
from dataclasses import dataclass
from math import gcd
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.signal import resample_poly

from tests.peers.programs import program_path

Samples = NDArray[np.float64]  # -1 .. 1


def _alaw_values() -> NDArray[np.int64]:
    """The 16-bit value that each A-law byte stands for (ITU-T G.711, table 1a)."""
    code = np.arange(256) ^ 0x55  # every other bit is turned over on the line
    segment, step = (code >> 4) & 7, code & 15
    value = np.where(segment == 0, step * 16 + 8, (step * 16 + 264) << np.maximum(segment - 1, 0))
    return np.where(code & 0x80, value, -value)


ALAW_ORDER = np.argsort(_alaw_values())
ALAW_SORTED = _alaw_values()[ALAW_ORDER]


@dataclass(frozen=True, eq=False)
class Sound:
    """Mono sound."""

    samples: Samples
    rate: int  # samples a second

    @staticmethod
    def nothing(seconds: float, rate: int = 8000) -> Sound:
        """Silence."""
        return Sound(np.zeros(round(seconds * rate)), rate)

    @property
    def seconds(self) -> float:
        return len(self.samples) / self.rate

    def at(self, rate: int) -> Sound:
        """The same at another rate, band-limited."""
        if rate == self.rate:
            return self
        shared = gcd(rate, self.rate)
        return Sound(resample_poly(self.samples, rate // shared, self.rate // shared), rate)

    def after(self, seconds: float) -> Sound:
        """Without its first `seconds`."""
        return Sound(self.samples[round(max(0.0, seconds) * self.rate) :], self.rate)

    def parts(self, number: int) -> list[Sound]:
        """Cut into pieces of the same length."""
        return [Sound(part, self.rate) for part in np.array_split(self.samples, number)]

    def save(self, path: Path) -> Path:
        """As 16-bit mono WAV."""
        with wave.open(str(path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(self.rate)
            file.writeframes(self.pcm())
        return path

    def pcm(self) -> bytes:
        """16-bit little-endian samples."""
        return (np.clip(self.samples, -1, 1) * 32767).astype("<i2").tobytes()

    def alaw(self) -> bytes:
        """G.711 A-law at 8 kHz: what sipp's rtp_stream plays as it is."""
        linear = np.frombuffer(self.at(8000).pcm(), dtype="<i2").astype(np.int64)
        nearest = np.searchsorted((ALAW_SORTED[:-1] + ALAW_SORTED[1:]) // 2, linear)
        return ALAW_ORDER[nearest].astype(np.uint8).tobytes()

    def silence(self, seconds: float) -> Sound:
        """Nothing, for so long, at this sound's rate."""
        return Sound.nothing(seconds, self.rate)

    def then(self, other: Sound) -> Sound:
        return Sound(np.concatenate([self.samples, other.at(self.rate).samples]), self.rate)


def load(path: Path) -> Sound:
    """A 16-bit WAV, mono or the first channel of it; also one that is still being written.

    Programs that record fill in the header's length at the end only, so the length is taken from
    the file when the header says less.
    """
    raw = path.read_bytes()
    if raw[:4] != b"RIFF" or raw[8:12] != b"WAVE":
        raise ValueError(f"{path} is not a WAV file")
    at, channels, rate, bits = 12, 1, 8000, 16
    while at + 8 <= len(raw):
        name, size = raw[at : at + 4], int.from_bytes(raw[at + 4 : at + 8], "little")
        at += 8
        if name == b"fmt ":
            channels = int.from_bytes(raw[at + 2 : at + 4], "little")
            rate = int.from_bytes(raw[at + 4 : at + 8], "little")
            bits = int.from_bytes(raw[at + 14 : at + 16], "little")
        elif name == b"data":
            break
        at += size + size % 2
    if bits != 16:
        raise ValueError(f"{path} has {bits} bits a sample, 16 are understood")
    end = len(raw) - (len(raw) - at) % (2 * channels)
    pcm = np.frombuffer(raw[at : max(at, end)], dtype="<i2")[::channels]
    return Sound(pcm.astype(np.float64) / 32768, rate)


def say(sentence: str, language: str = "en", rate: int = 8000, speed: int = 160) -> Sound:
    """`sentence` spoken by espeak-ng; `language` is one of its voices (en, de), `speed` in words
    a minute.  The silence that espeak-ng leaves at the end is kept: it is what is sent."""
    with tempfile.NamedTemporaryFile(suffix=".wav") as file:
        subprocess.run(
            [
                program_path("espeak-ng"),
                "-v",
                language,
                "-s",
                str(speed),
                "-w",
                file.name,
                sentence,
            ],
            check=True,
            timeout=20,
            capture_output=True,
        )
        return load(Path(file.name)).at(rate)


def speak(sentence: str, path: Path, language: str = "en", rate: int = 8000) -> Path:
    """`sentence` spoken into a 16-bit mono WAV."""
    return say(sentence, language, rate).save(path)


def as_sound(sound: Path | Sound) -> Sound:
    return sound if isinstance(sound, Sound) else load(sound)


def speech_loop(sound: Path | Sound, pause: float, seconds: float, rate: int) -> Sound:
    """`sound` again and again with `pause` seconds between, `seconds` long at least."""
    once = as_sound(sound).at(rate)
    once = once.then(once.silence(pause))
    times = max(1, -(-round(seconds * rate) // max(1, len(once.samples))))
    return Sound(np.tile(once.samples, times), rate)
