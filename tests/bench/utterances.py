"""What is said to the menu in a bench: words, voices and noise that nothing was tuned with.

The thresholds of bridge/audio/speech were chosen with other names, another flite voice (kal) and
other variants of espeak-ng.
"""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.signal import butter, sosfilt

from tests.peers.programs import program_path
from tests.peers.speech import ALAW_ORDER, ALAW_SORTED, Sound, load, say

NAMES = (
    *("Ada Lovelace", "Markus Göbel", "Grace Hopper", "Alan Turing", "Leonard Cohen", "Echo"),
    *("Maria Sanchez", "Jonas Becker", "Fatima Yilmaz", "Robert Brown", "Katharina", "Henry"),
    *("mobiliser", "Daniel", "Julia Fischer", "Priya Sharma", "Uncle Bob", "Charlotte Baker"),
    *("messages", "listen", "goodbye", "forward", "previous", "delete"),
)
OUT_OF_LIST = (
    *("how are you today", "I am in the car", "wait a moment please", "dinner is ready"),
    *("who is this", "Copenhagen", "thirteen", "my battery is nearly empty", "umbrella"),
    *("what did you say", "speak up a little", "Napoleon Bonaparte", "one more coffee please"),
)
FLITE = ("kal16", "slt", "awb", "rms")
ESPEAK = ("en-us+f4", "en+m7", "en-us+m1", "en-029")
VOICES = (*FLITE, *ESPEAK)
_LOUDNESS = -26.0  # dBFS, as people are on the telephone (ITU-T P.56)
_BAND = butter(4, (300, 3400), "bandpass", fs=8000, output="sos")
_BABBLERS = ("en-us+f1", "de+m2", "en+f3", "de+f5", "en-us+m5", "en-gb-x-rp")


@dataclass(frozen=True)
class Said:
    """`text` by `voice`, with a second of quiet before and after, as it comes off the line."""

    text: str
    voice: str
    sound: Sound


def spoken(text: str, voice: str) -> Sound:
    """At 8 kHz."""
    if voice not in FLITE:
        return say(text, voice)
    with tempfile.NamedTemporaryFile(suffix=".wav") as file:
        subprocess.run(
            [program_path("flite"), "-voice", voice, "-t", text, "-o", file.name],
            check=True,
            timeout=20,
        )
        return load(Path(file.name)).at(8000)


def said(texts: tuple[str, ...], below: float | None = None) -> Iterator[Said]:
    """Every text by every voice; with people who talk in the background, `below` dB quieter."""
    for at, text in enumerate(texts):
        for voice in VOICES:
            sound = _loud(Sound(sosfilt(_BAND, spoken(text, voice).samples), 8000))
            sound = sound.silence(1.0).then(sound).then(sound.silence(1.0))
            if below is not None:
                others = babble(sound.seconds, _LOUDNESS - below, at)
                sound = Sound(sound.samples + others.samples[: len(sound.samples)], 8000)
            yield Said(text, voice, through_alaw(sound))


def babble(seconds: float, decibels: float, seed: int = 0) -> Sound:
    """Six people at once."""
    mixed = np.zeros(round(seconds * 8000))
    for at, voice in enumerate(_BABBLERS):
        samples = _others(voice).samples
        begins = np.random.default_rng((seed, at)).integers(len(samples))
        mixed += np.resize(np.roll(samples, begins), len(mixed)) / samples.std()
    return Sound(mixed / mixed.std() * 10 ** (decibels / 20), 8000)


_spoken_once: dict[str, Sound] = {}


def _others(voice: str) -> Sound:
    if voice not in _spoken_once:
        _spoken_once[voice] = say("It was the best of times, it was the worst of times", voice)
    return _spoken_once[voice]


def noise(seconds: float, decibels: float) -> Sound:
    """White."""
    samples = np.random.default_rng(0).standard_normal(round(seconds * 8000))
    return Sound(samples * 10 ** (decibels / 20), 8000)


def through_alaw(sound: Sound) -> Sound:
    """As the far end of a G.711 call hears it."""
    codes = np.frombuffer(sound.alaw(), dtype=np.uint8)
    values = np.zeros(256)
    values[ALAW_ORDER] = ALAW_SORTED
    return Sound(values[codes] / 32768, 8000)


def _loud(sound: Sound) -> Sound:
    voiced = np.sort(np.abs(sound.samples))[-len(sound.samples) // 3 :]
    gain = 10 ** (_LOUDNESS / 20) / np.sqrt(np.mean(voiced**2))
    return Sound(sound.samples * gain, sound.rate)
