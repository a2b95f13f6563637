"""Sound of a telephone line made into what a model of desk microphones expects."""

import numpy as np
from numpy.typing import NDArray

RATE = 16000
"""Samples a second of what recognizers take."""
Samples = NDArray[np.float64]

_LOUDNESS = 0.05  # root mean square of what is spoken, about -26 dBFS
_COMFORT = 10 ** (-27 / 20)  # so far below it there is noise: models know no digital silence
_FOLDED = 0.25
_TAPS = 64


def samples_of(pcm: bytes) -> Samples:
    """Of 16-bit sound, -1 to 1."""
    return np.frombuffer(pcm, dtype="<i2").astype(np.float64) / 32768


def pcm_of(samples: Samples) -> bytes:
    return (np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes()


def as_at_a_desk(pcm: bytes, rate: int) -> bytes:
    """16-bit sound of 8000 or 16000 samples a second, at RATE: as loud as people speak, with a
    little noise, and with something where a telephone has nothing: above 4 kHz lies the mirror
    image of what is below (spectral folding).
    """
    sound = samples_of(pcm)
    if not len(sound):
        return b""
    spoken = np.sort(np.abs(sound))[-max(1, len(sound) // 3) :]
    sound = sound * (_LOUDNESS / max(1e-4, float(np.sqrt(np.mean(spoken**2)))))
    noise = np.random.default_rng(0).standard_normal(len(sound))  # the same for the same sound
    sound = sound + noise * _LOUDNESS * _COMFORT
    if rate == RATE:
        return pcm_of(sound)
    wide = _doubled(sound)
    wide[::2] *= 1 + _FOLDED
    wide[1::2] *= 1 - _FOLDED
    return pcm_of(wide)


def at_rate(pcm: bytes, rate: int) -> bytes:
    """16-bit sound of 8000 or 16000 samples a second, at RATE."""
    return pcm if rate == RATE else pcm_of(_doubled(samples_of(pcm)))


def _doubled(sound: Samples) -> Samples:
    """At twice the rate, band-limited."""
    stuffed = np.zeros(2 * len(sound))
    stuffed[::2] = sound
    at = np.arange(-_TAPS, _TAPS + 1)
    kernel = np.sinc(at / 2) * np.hamming(len(at))
    return np.convolve(stuffed, kernel)[_TAPS : _TAPS + len(stuffed)]
