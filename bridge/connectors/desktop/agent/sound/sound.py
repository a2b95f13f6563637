"""The samples: what the session's programs play goes out as packets, packets come in as their
microphone.

Each direction has a thread of its own, which waits in C, and a stream that stays open: nothing has
to be opened, and nothing can fail, when a call is answered.
"""

import asyncio
import os
import select
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from threading import Lock, Thread
from types import TracebackType
from typing import Self

from bridge.connectors.desktop.agent.sound.drift_counters import DriftCounters
from bridge.connectors.desktop.agent.sound.latency_trim import LatencyTrim
from bridge.connectors.desktop.agent.sound.pulse_simple import PulseStream
from bridge.connectors.desktop.protocol.messages import SoundDrifted

SPEAKER = "speaker"
"""The sink that programs play into. What they record, the sink MICROPHONE, is never listened to."""
MICROPHONE = "microphone"

_FRAMES_PER_SECOND = 50
_PLAYED_AHEAD = 2  # frames; with one, the smallest delay is a gap
_DRY_AFTER = _PLAYED_AHEAD / _FRAMES_PER_SECOND  # seconds without a frame
_ON_THE_WAY = 2  # frames: so old is what has just been recorded, and so old it may be
_JOINED_WITHIN = 1.0


class SessionSound:
    """`async with` it, in a session whose two sinks are there; OSError when PulseAudio refuses.

    `packets`, a SOCK_SEQPACKET socket, stays the caller's; each packet is 20 ms of 16-bit mono
    samples at `rate`. `server` is PulseAudio's address ("unix:/run/session/pulse.sock"). Nothing
    passes before `flow(True)`; what slips then is told.
    """

    def __init__(
        self,
        packets: socket.socket,
        rate: int,
        server: str,
        tell: Callable[[SoundDrifted], None] = lambda _: None,
    ) -> None:
        self._packets = packets
        self._rate = rate
        self._server = server
        self._size = rate // _FRAMES_PER_SECOND * 2
        self._flowing = self._closing = False
        self._stale = 0
        self._tell = tell
        self._sending = Lock()
        self._gone = asyncio.Event()
        self._threads: list[Thread] = []

    async def __aenter__(self) -> Self:
        self._loop = asyncio.get_running_loop()
        self._slips = DriftCounters(lambda slipped: self._post(self._tell, slipped))
        speaker, microphone = await asyncio.to_thread(self._open)
        self._wake = os.eventfd(0)
        for work, stream in ((self._listen, speaker), (self._speak, microphone)):
            thread = Thread(
                target=self._serve, args=(work, stream), name=work.__name__, daemon=True
            )
            self._threads.append(thread)
            thread.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        why: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._closing = True
        os.eventfd_write(self._wake, 1)
        for thread in self._threads:
            await asyncio.to_thread(thread.join, _JOINED_WITHIN)
        if not any(thread.is_alive() for thread in self._threads):
            os.close(self._wake)

    def flow(self, on: bool) -> None:
        """Let sound pass both ways, or stop it at once. What was played before it was let pass does
        not pass later.
        """
        with self._sending:
            self._flowing, self._stale = on, _ON_THE_WAY
        if not on:
            self._slips.tell(now=True)
        if not self._closing:
            os.eventfd_write(self._wake, 1)

    async def lost(self) -> None:
        """Returns when PulseAudio or the one at the other end of `packets` is gone; neither comes
        back.
        """
        await self._gone.wait()

    # --- the threads ------------------------------------------------------------------------------

    def _open(self) -> tuple[PulseStream, PulseStream]:
        speaker = PulseStream(self._server, "records", f"{SPEAKER}.monitor", self._rate, self._size)
        try:
            ahead = _PLAYED_AHEAD * self._size
            return speaker, PulseStream(self._server, "plays", MICROPHONE, self._rate, ahead)
        except OSError:
            speaker.close()
            raise

    def _serve(self, work: Callable[[PulseStream], None], stream: PulseStream) -> None:
        try:
            work(stream)
        except OSError:
            pass  # whoever waits for `lost` is told
        finally:
            stream.close()
            self._post(self._gone.set)

    def _post(self, call: Callable[..., object], *what: object) -> None:
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            self._loop.call_soon_threadsafe(call, *what)

    def _listen(self, speaker: PulseStream) -> None:
        while not self._closing:
            frame = speaker.read(self._size)
            with self._sending:
                if not self._flowing:
                    continue
                if self._stale:
                    self._stale -= 1
                    continue
                try:
                    self._packets.send(frame, socket.MSG_DONTWAIT)
                except BlockingIOError:  # the other end is stuck, and drops what is old
                    self._slips.left_out()

    def _speak(self, microphone: PulseStream) -> None:
        surplus, awaited, last = LatencyTrim(), select.poll(), 0.0
        awaited.register(self._packets, select.POLLIN)
        awaited.register(self._wake, select.POLLIN)
        while not self._closing:
            if self._wake in dict(awaited.poll()):
                os.eventfd_read(self._wake)
                microphone.flush()  # whether it has begun or ended
                last = 0.0
            frames = self._waiting()
            if not frames or not self._flowing:
                continue
            if last and time.monotonic() > last + _DRY_AFTER:
                self._slips.gap()
            self._slips.left_out(len(frames) - _PLAYED_AHEAD)
            for frame in frames[-_PLAYED_AHEAD:]:  # what has piled up is old
                if surplus.holds(frame):
                    self._slips.left_out()
                    continue
                began = time.monotonic()
                microphone.write(frame)
                last = time.monotonic()
                surplus.waited(last - began)

    def _waiting(self) -> list[bytes]:
        frames = []
        with suppress(BlockingIOError):
            while True:
                packet = self._packets.recv(self._size + 1, socket.MSG_DONTWAIT)
                if not packet:
                    raise ConnectionResetError
                if len(packet) == self._size:
                    frames.append(packet)
        return frames
