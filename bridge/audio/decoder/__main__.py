"""The decoder's process: `python -m bridge.audio.decoder DESCRIPTOR RATE`, started by `launch`.

DESCRIPTOR is our end of the pair, RATE the samples a second that are wanted.
"""

import select
import socket
import sys
from contextlib import suppress
from itertools import takewhile

import av

from bridge.audio.decoder import wire
from bridge.audio.decoder.track import Track
from bridge.children import confine

_IN_FLIGHT = 1 << 16
"""Bytes between the two; what was decoded before a seek has to pass first."""


class DecoderClient:
    """Those we decode for. When they are gone, so are we: BrokenPipeError, ConnectionError."""

    def __init__(self, end: socket.socket) -> None:
        self._end = end

    def hear(self) -> wire.Message | None:
        """What they want next; None when they are gone."""
        datagram = self._end.recv(wire.LARGEST)
        return wire.unpack(datagram) if datagram else None

    def tell(self, message: wire.Message) -> None:
        """Waits while they have enough."""
        self._end.sendall(wire.pack(message))
        if isinstance(message, wire.Sound):
            confine.renew_time()

    def takes(self) -> bool:
        """Wait until they want something (False) or take more (True)."""
        asked, _, _ = select.select([self._end], [], [], 0)
        if not asked:
            asked, _, _ = select.select([self._end], [self._end], [])
        return not asked


def serve(worker: DecoderClient, rate: int) -> None:
    """One thing after another; a decoder that has begun to play a station plays nothing else."""
    track: Track | None = None
    confined = False
    while (message := worker.hear()) is not None:
        if isinstance(message, wire.Load) and message.live:
            # only now: it brings an HTTP client with it, which files do not need
            from bridge.audio.decoder.station import listen

            confine.forbid(network=False)
            return listen(worker.tell, message, rate)
        try:
            match message:
                case wire.Load():
                    if not confined:
                        confine.forbid(network=True)
                        confined = True
                    if track is not None:
                        track.close()
                    track = Track(message.where, rate)
                    track.go(message.at, message.speed)
                    worker.tell(wire.Loaded(message.tag, track.seconds))
                    _play(worker, track, message.tag)
                case wire.Go() if track is not None:
                    track.go(message.at, message.speed)
                    _play(worker, track, message.tag)
        except ConnectionError:
            raise
        except (av.FFmpegError, OSError, ValueError, MemoryError, ArithmeticError):
            track = None
            worker.tell(wire.End(message.tag, "bad_audio"))
    return None


def _play(worker: DecoderClient, track: Track, tag: int) -> None:
    """Until the end, or until something else is wanted."""
    for position, pcm in takewhile(lambda _: worker.takes(), track.portions()):
        worker.tell(wire.Sound(tag, position, pcm))
    if track.over:
        worker.tell(wire.End(tag))


def main() -> None:
    with confine.enter() as end, suppress(ConnectionError):
        end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _IN_FLIGHT)
        serve(DecoderClient(end), rate=int(sys.argv[2]))


if __name__ == "__main__":
    main()
