"""Somebody's mouth and ear at the sound of a session: packets of 20 ms, 16-bit mono samples."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from itertools import cycle
from threading import Event, Thread
from typing import Self

import numpy as np

from tests.peers.speech import Sound

_FRAME = 0.02  # seconds


class PacketVoice:
    """`with PacketVoice(packets, sentence) as voice:` says `sentence` at its own rate, again and
    again with `pause` seconds between, and keeps what comes back. `packets` stays the caller's.

    In a thread of its own: a sentence that a busy event loop speaks has gaps.
    """

    def __init__(self, packets: socket.socket, says: Sound, pause: float = 0.5) -> None:
        self._packets, self._rate = packets, says.rate
        self._frames = _cut(says.then(says.silence(pause)))
        self._size = len(self._frames[0])
        self._heard: list[bytes] = []
        self.begun = time.monotonic()
        self._over = Event()
        self._thread = Thread(target=self._talk, name="voice", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    @property
    def heard(self) -> Sound:
        """Everything so far."""
        samples = np.frombuffer(b"".join(self._heard), dtype="<i2")
        return Sound(samples.astype(np.float64) / 32768, self._rate)

    def _talk(self) -> None:
        due = self.begun
        with suppress(OSError):  # the session is over
            for _ in self._waiting():
                pass  # from before
            for frame in cycle(self._frames):
                if self._over.wait(due - time.monotonic()):
                    return
                with suppress(BlockingIOError):
                    self._packets.send(frame)
                self._heard += self._waiting()
                due += _FRAME

    def _waiting(self) -> Iterator[bytes]:
        with suppress(BlockingIOError):
            while packet := self._packets.recv(self._size + 1):
                yield packet


def _cut(sound: Sound) -> list[bytes]:
    """The last frame is filled up."""
    size, pcm = round(sound.rate * _FRAME) * 2, sound.pcm()
    return [pcm[at : at + size].ljust(size, b"\0") for at in range(0, len(pcm), size)]
