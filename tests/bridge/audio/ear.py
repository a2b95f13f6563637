"""A clock that is as fast as it can be: it takes what a playback has, and keeps what was heard."""

import asyncio
from collections.abc import Callable

import numpy as np

from bridge.audio.playback.playback import DecodedPlayback
from tests.peers.programs import until
from tests.peers.speech import Sound

RATE = 16000


def on_loop(hear: Callable[..., object], *facts: object) -> None:
    """The clock is on the event loop's own thread."""
    asyncio.get_running_loop().call_soon(hear, *facts)


class Ear:
    """`heard` is all sound that came, silence left out."""

    def __init__(self, playback: DecodedPlayback) -> None:
        self.playback = playback
        self.pcm = bytearray()

    def take(self) -> bool:
        """One frame; whether there was sound in it."""
        frame = self.playback.take()
        if any(frame):
            self.pcm += frame
            return True
        return False

    async def hears(self, seconds: float) -> Sound:
        """The next `seconds` of sound."""
        self.pcm.clear()

        def enough() -> bool:
            while self.take() and len(self.pcm) < seconds * RATE * 2:
                pass
            return len(self.pcm) >= seconds * RATE * 2

        await until(enough, f"{seconds} s of sound", every=0.001)
        return self.heard()

    async def hears_all(self, timeout: float = 20.0) -> Sound:
        """Everything until the end is told."""
        self.pcm.clear()
        facts = self.playback._facts

        def ended() -> bool:
            while self.take():
                pass
            return not facts.empty()

        await until(ended, "the end", timeout, every=0.001)
        return self.heard()

    def heard(self) -> Sound:
        return Sound(np.frombuffer(bytes(self.pcm), dtype="<i2") / 32768, RATE)
