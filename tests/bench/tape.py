"""What a telephone writes down of its call, by the clock: which sound was there at which moment.

baresip writes each frame when it encodes or decodes it, so the length of its file and the time of
the last write say when any sample went through. The file system's time is 4 ms coarse (one tick of
the kernel), which the median of many looks evens out.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Literal

import numpy as np

from tests.peers.delay import HEADER
from tests.peers.hearing import correlation
from tests.peers.programs import PeerFailed, until
from tests.peers.speech import Sound, load

FRAME = 0.02
"""Seconds of sound in a packet."""
LOUD, AUDIBLE = 0.02, 0.005
"""Of a prompt, and of a word with its faint beginning and end. Full scale is 1; silence after G.711
is below 0.002.
"""
_BLOCK = 0.01  # seconds whose loudness is looked at
_OPENING = 1.0  # seconds by which a sentence is known
_KNOWN = 0.55  # correlation: a phone that holds back one frame loses some on a busy machine
_SOON = 0.05
_LOOKS, _EVERY = 60, 0.005


@dataclass(frozen=True)
class Tape:
    """Of a call that is up. All moments are time.time(), in seconds."""

    path: Path
    kind: Literal["mouth", "ear"]

    async def begins(self) -> float:
        """The moment of its first sample. What is encoded was spoken before, what is decoded is
        played from then on.
        """
        rate, seen = load(self.path).rate, set[tuple[int, int]]()
        for _ in range(_LOOKS):
            status = self.path.stat()
            seen.add((status.st_mtime_ns, status.st_size))
            await asyncio.sleep(_EVERY)
        if len(seen) < _LOOKS * _EVERY / FRAME / 2:
            raise PeerFailed(f"{self.path.name} does not grow: is the call up?")
        start = median(at / 1e9 - (size - HEADER) / 2 / rate for at, size in seen)
        return start + (FRAME if self.kind == "ear" else 0.0)

    def seconds(self) -> float:
        return load(self.path).seconds

    async def reaches(self, second: float) -> None:
        await until(lambda: self.seconds() > second, f"second {second:.1f} of the call", 30)

    def since(self, second: float) -> Sound:
        return load(self.path).after(second)

    async def is_quiet(self, seconds: float, within: float = 10.0) -> None:
        """Wait until nothing has been there for so long."""
        await until(lambda: _silent(self._end(seconds), seconds), "silence", within, every=0.01)

    async def is_loud(self, seconds: float, within: float = 10.0) -> None:
        """Wait until there has been sound all the time for so long."""

        def all_along() -> bool:
            blocks = loudness(self._end(seconds))
            return len(blocks) * _BLOCK >= 0.9 * seconds and longest_quiet(blocks) < 0.06

        await until(all_along, "somebody to speak", within, every=0.01)

    async def hears(self, sentence: Sound, since: float, within: float = 10.0) -> float:
        """The second of the first word of `sentence`, which is said after the second `since`."""
        opening = Sound(sentence.samples[: round(_OPENING * sentence.rate)], sentence.rate)
        found: list[float] = []

        async def there() -> bool:
            match = await asyncio.to_thread(correlation, opening, self.since(since))
            found[:] = [match.delay]
            return match.correlation >= _KNOWN and match.delay >= -FRAME

        try:
            await until(there, "the sentence to be heard", within, every=0.1)
        except PeerFailed as why:
            raise PeerFailed(f"{why}; {self.path.name} is {self.seconds():.1f} s long") from None
        return since + found[0] + first_loud(opening)

    def _end(self, seconds: float) -> Sound:
        return self.since(max(0.0, self.seconds() - seconds))


def loudness(sound: Sound) -> np.ndarray:
    """The root mean square of each 10 ms."""
    size = round(_BLOCK * sound.rate)
    whole = sound.samples[: len(sound.samples) // size * size].reshape(-1, size)
    return np.asarray(np.sqrt(np.mean(whole**2, axis=1)))


def first_loud(sound: Sound, threshold: float = LOUD) -> float:
    """Seconds until there is sound."""
    return float(np.argmax(loudness(sound) > threshold)) * _BLOCK


def last_loud(sound: Sound, threshold: float = LOUD) -> float:
    """Seconds until there is none any more."""
    blocks = loudness(sound) > threshold
    return (len(blocks) - float(np.argmax(blocks[::-1]))) * _BLOCK if blocks.any() else 0.0


def goes_on(prompt: Sound, second: float) -> bool:
    """Whether it makes a sound right after this second, counted from its first word."""
    rest = prompt.after(first_loud(prompt) + second)
    return bool((loudness(rest)[: round(_SOON / _BLOCK)] > 2 * LOUD).any())


def longest_quiet(blocks: np.ndarray) -> float:
    """Seconds."""
    longest = run = 0
    for loud in blocks > LOUD:
        run = 0 if loud else run + 1
        longest = max(longest, run)
    return longest * _BLOCK


def _silent(sound: Sound, seconds: float) -> bool:
    return sound.seconds >= 0.9 * seconds and not (loudness(sound) > LOUD).any()


def wall(monotonic: float) -> float:
    """The same moment on the other clock."""
    return time.time() - (time.monotonic() - monotonic)
