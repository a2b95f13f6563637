"""The decoder's process; its argument is how many samples a second are wanted."""

import os
import select
import socket
from contextlib import suppress
from itertools import takewhile
from typing import BinaryIO

import av

from bridge.audio.decoder import wire
from bridge.audio.decoder.track import Track
from bridge.errors import NotAllowed

_IN_FLIGHT = 1 << 16
"""Bytes between the two; what was decoded before a seek has to pass first."""


class DecoderClient:
    """Those we decode for. When they are gone, so are we: BrokenPipeError, ConnectionError."""

    def __init__(self, end: socket.socket) -> None:
        self._end = end

    def hear(self) -> tuple[wire.Message, list[int]] | None:
        """What they want next, with the descriptors that come along; None when they are gone."""
        datagram, files, *_ = socket.recv_fds(self._end, wire.LARGEST, 1)
        return (wire.unpack(datagram), files) if datagram else None

    def dial(self, host: str, port: int) -> socket.socket:
        """A connection, made by them. NotAllowed, OSError."""
        self.tell(wire.ReachStation(0, host, port))
        match self.hear():
            case wire.StationReached(why=""), [line]:
                return socket.socket(fileno=line)
            case wire.StationReached(why="private_address" | "odd_address" as why), _:
                raise NotAllowed(why, host=host)
        raise OSError("not connected")

    def tell(self, message: wire.Message) -> None:
        """Waits while they have enough."""
        self._end.sendall(wire.pack(message))

    def takes(self) -> bool:
        """Wait until they want something (False) or take more (True)."""
        asked, _, _ = select.select([self._end], [], [], 0)
        if not asked:
            asked, _, _ = select.select([self._end], [self._end], [])
        return not asked


def serve(worker: DecoderClient, rate: int) -> None:
    """One thing after another; a decoder that has begun to play a station plays nothing else."""
    track: Track | None = None
    while (heard := worker.hear()) is not None:
        message, files = heard
        if isinstance(message, wire.Load) and message.live:
            # only now: it brings an HTTP client with it, which files do not need
            from bridge.audio.decoder.station import listen

            return listen(worker.tell, worker.dial, message, rate)
        try:
            match message:
                case wire.Load():
                    if track is not None:
                        track.close()
                    # opened by them, so that neither we nor the library open anything
                    track = Track(_opened(files), rate)
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


def _opened(files: list[int]) -> BinaryIO:
    """OSError when they could not open it."""
    if not files:
        raise FileNotFoundError
    return os.fdopen(files[0], "rb")


def _play(worker: DecoderClient, track: Track, tag: int) -> None:
    """Until the end, or until something else is wanted."""
    for position, pcm in takewhile(lambda _: worker.takes(), track.portions()):
        worker.tell(wire.Sound(tag, position, pcm))
    if track.over:
        worker.tell(wire.End(tag))


def main(end: socket.socket, rate: str) -> None:
    end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _IN_FLIGHT)
    with suppress(ConnectionError):
        serve(DecoderClient(end), int(rate))
