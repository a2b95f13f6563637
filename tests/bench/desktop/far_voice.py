"""The microphone of the one at the far end: what a session is given instead of a phone's sound."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from tests.peers.speech import Sound

FRAME = 0.02
EVERY = 25
"""Frames from one click to the next."""
_CLICK = b"\x00\x40" * 4 + b"\x00\xc0" * 4  # half of full scale, at an eighth of the rate


class FarVoice:
    """Sends a frame every 20 ms through `packets`, a session's sound, and drops what comes."""

    def __init__(self, packets: socket.socket, rate: int) -> None:
        self.clicks = False
        self.at: list[float] = []
        """When it clicked (time.monotonic)."""
        self._packets, self._rate = packets, rate
        self._size = round(rate * FRAME) * 2
        self._speech = bytearray()
        self._over = threading.Event()

    @contextmanager
    def speaking(self) -> Iterator[None]:
        clock = threading.Thread(target=self._tick, name="far voice")
        clock.start()
        try:
            yield
        finally:
            self._over.set()
            clock.join()

    def say(self, sound: Sound, seconds: float) -> None:
        """Again and again, for so long."""
        pcm = sound.at(self._rate).pcm()
        self._speech = bytearray(pcm * (1 + round(seconds / sound.seconds)))

    def hush(self) -> None:
        self._speech = bytearray()

    def _tick(self) -> None:
        began = time.monotonic()
        frames = 0
        while not self._over.wait(max(0.0, began + frames * FRAME - time.monotonic())):
            frames += 1
            with suppress(BlockingIOError):
                while self._packets.recv(self._size + 1):
                    pass
            with suppress(BlockingIOError):
                self._packets.send(self._frame(frames))

    def _frame(self, number: int) -> bytes:
        if self.clicks and number % EVERY == 0:
            self.at.append(time.monotonic())
            return (_CLICK * (self._size // len(_CLICK) // 2)).ljust(self._size, b"\0")
        speech, self._speech = self._speech[: self._size], self._speech[self._size :]
        return bytes(speech).ljust(self._size, b"\0")
