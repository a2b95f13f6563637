"""Sound of another program on this machine: packets on a socket, one 20 ms frame each.

Both ends are served by the thread of the clock itself, which never waits for them: a packet is in
the conference bridge as soon as a frame is wanted, and no event loop lies in its way.
"""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from threading import Lock
from typing import Self

from bridge.audio.pjmedia.endpoint import FRAME_MS
from bridge.audio.pjmedia.jitter_buffer import MOST, JitterBuffer
from bridge.audio.pjmedia.mixer import ConferenceMixer
from bridge.audio.pjmedia.patch_bay import Slot
from bridge.terms import MediaReport

_AT_ONCE = 200  # packets: the socket holds fewer, but a program that floods would never be done


class PacketStream:
    """Frames of `size` bytes, from and to a SOCK_SEQPACKET socket; of any other size they are not
    taken. `take` and `give` are for the thread of the clock, the rest is for any.
    """

    def __init__(self, packets: socket.socket, size: int) -> None:
        self._packets = packets.dup()  # its owner may close the other one while the clock reads
        self._packets.setblocking(False)
        self._size = size
        self._silence = bytes(size)
        self._jitter = JitterBuffer()
        self._received = self._sent = self._lost = 0
        self._untaken = 0
        """Frames given since one was taken."""
        self._open = True
        self._closing = Lock()
        self._waiting()  # what nobody has heard in time

    @property
    def underruns(self) -> int:
        """Gaps in what was heard from the other end."""
        return self._jitter.underruns

    @property
    def overruns(self) -> int:
        """Frames of either direction that were left out, because the taker was too slow."""
        return self._jitter.overruns + self._lost

    @property
    def report(self) -> MediaReport:
        """Its loss is what was left out of, or missing in, the sound from the other end."""
        lost = self._jitter.underruns + self._jitter.overruns
        share = min(1.0, lost / self._received) if self._received else 0.0
        return MediaReport(
            "L16",
            self._received,
            self._sent,
            loss=share,
            underruns=self.underruns,
            overruns=self.overruns,
        )

    def take(self) -> bytes:
        """The frame that is heard next."""
        with self._closing:
            frames = self._waiting()
        if self._untaken > MOST:  # the clock went on, but nobody listened
            frames = []
            self._jitter.forget()
        self._untaken = 0
        self._received += len(frames)
        self._jitter.put(frames)
        return self._jitter.take() or self._silence

    def give(self, frame: bytes) -> None:
        self._untaken += 1
        with self._closing:
            if self._open:
                try:
                    self._packets.send(frame)
                    self._sent += 1
                except BlockingIOError:
                    self._lost += 1
                except OSError:
                    self._open = False  # the program is gone; who started it is told elsewhere

    def close(self) -> None:
        with self._closing:
            self._open = False
            self._packets.close()

    def _waiting(self) -> list[bytes]:
        frames: list[bytes] = []
        for _ in range(_AT_ONCE):
            if not self._open:
                break
            try:
                packet = self._packets.recv(self._size + 1)
            except BlockingIOError:
                break
            except OSError:
                packet = b""
            if not packet:
                self._open = False
            elif len(packet) == self._size:
                frames.append(packet)
        return frames


class StreamPort(Slot):
    """The place of a PacketStream at the conference bridge."""

    def __init__(self, mixer: ConferenceMixer, packets: socket.socket) -> None:
        super().__init__(mixer.bay, wants_silence=True)  # the program's microphone must not run dry
        self._stream = PacketStream(packets, mixer.rate * FRAME_MS // 1000 * 2)

    @classmethod
    @asynccontextmanager
    async def opened(cls, mixer: ConferenceMixer, packets: socket.socket) -> AsyncIterator[Self]:
        """For one call: the clock runs as long as it lasts. Each packet of `packets`, a
        SOCK_SEQPACKET socket, is 20 ms of 16-bit mono samples at the mixer's rate. The socket stays
        the caller's; what waits in it already is never heard.
        """
        port = cls(mixer, packets)
        try:  # even if we are cancelled while it is being done
            await mixer.engine.do(port._enter)
            yield port
        finally:
            mixer.engine.post(port._leave)
            port._stream.close()

    @property
    def underruns(self) -> int:
        """Gaps in what was heard from the other end."""
        return self._stream.underruns

    @property
    def overruns(self) -> int:
        """Frames of either direction that were left out, because the taker was too slow."""
        return self._stream.overruns

    @property
    def report(self) -> MediaReport:
        """What the sound was like so far, counted in frames."""
        return self._stream.report

    # --- on the pjsua2 thread ---------------------------------------------------------------------

    def _enter(self) -> None:
        self.bay.lend(self, self._stream.take, self._stream.give)
        self.bay.engine.sound_on()

    def _leave(self) -> None:
        if self.medium is not None:  # it has entered, and the engine has not stopped since
            self.bay.remove(self)
            self.bay.engine.sound_off()
