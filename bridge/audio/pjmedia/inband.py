"""Keys that are pressed as tones in the sound (ITU-T Q.23), found by Goertzel filters.

Limits are those of ITU-T Q.24: tones and pauses of 40 ms, one of the two up to 8 dB louder.
See docs/decisions/0014-own-tables-of-sounds.md.
"""

import numpy as np
from numpy.typing import NDArray

_LOW, _HIGH = (697, 770, 852, 941), (1209, 1336, 1477, 1633)
_KEYS = ("123A", "456B", "789C", "*0#D")
_WINDOW, _STEP = 0.0255, 0.0128
"""Seconds: the neighbours of a tone lie just outside of such a window's reach."""
_FAINTEST = 1e-4  # of full scale squared, -40 dBFS
_TWIST = 10**0.8
_ABOVE_NEIGHBOURS = 10**0.8
_PURE = 0.6  # of all there is to hear, at least so much is the two tones; voices have more
_SURE = 2  # windows that must agree


class KeyDetector:
    """Feed it all 16-bit mono sound of one call, `rate` samples a second."""

    def __init__(self, rate: int) -> None:
        self._size, self._step = round(rate * _WINDOW), round(rate * _STEP)
        window = np.hamming(self._size)
        turns = np.outer((*_LOW, *_HIGH), np.arange(self._size)) / rate
        # scaled so that a sine's share comes out as its power
        self._bank = np.exp(-2j * np.pi * turns) * window * (2**0.5 / window.sum())
        self._window = window**2 / (window**2).sum()
        self._sound: NDArray[np.float64] = np.zeros(0)
        self._seen, self._times = "", 0
        self._down = ""

    def hear(self, frame: bytes) -> str:
        """The keys that were recognized with this piece of sound; each once, however long it is
        held.
        """
        new = np.frombuffer(frame, dtype="<i2") / 32768
        self._sound = np.concatenate([self._sound, new])
        pressed = ""
        while len(self._sound) >= self._size:
            pressed += self._follow(self._key(self._sound[: self._size]))
            self._sound = self._sound[self._step :]
        return pressed

    def _follow(self, key: str) -> str:
        self._times = self._times + 1 if key == self._seen else 1
        self._seen = key
        if self._times < _SURE or key == self._down:
            return ""
        self._down = key
        return key

    def _key(self, sound: NDArray[np.float64]) -> str:
        """What is heard in one window: a key, or nothing."""
        everything = float(self._window @ sound**2)
        if everything < _FAINTEST:
            return ""
        powers = np.abs(self._bank @ sound) ** 2
        low, high = powers[:4], powers[4:]
        row, column = int(low.argmax()), int(high.argmax())
        strong, weak = sorted((low[row], high[column]), reverse=True)
        if strong > _TWIST * weak or strong + weak < _PURE * everything:
            return ""
        for group in (low, high):
            *_, second, first = np.sort(group)
            if first < _ABOVE_NEIGHBOURS * second:
                return ""
        return _KEYS[row][column]
