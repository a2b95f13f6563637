"""The inspector's process; its arguments are descriptors: of a file, and perhaps of a target.

Says in JSON how long the sound in the file is, and nothing when there is none. With a target the
sound alone is written there anew (Matroska, nothing is encoded again), so that it can be sought in:
what comes in segments cannot.
"""

import json
import os
import socket
from contextlib import ExitStack, suppress
from typing import Any, BinaryIO, cast

import av

# only containers of sound: playlists and the like could make the library open files and addresses
CONTAINERS = "aac,flac,matroska,mov,mp4,m4a,3gp,3g2,mj2,mp3,mpegts,ogg,wav,webm"
_TRIED = 200
"""Packets among which there must be one that can be decoded."""


def inspected(file: BinaryIO, target: BinaryIO | None = None) -> float:
    """Seconds. ValueError, or an error of the library, when there is no sound in it."""
    with _opened(file) as container:
        if not container.streams.audio:
            raise ValueError("no sound in it")
        _can_be_decoded(container)
    file.seek(0)
    with _opened(file) as container:
        return _copied(container, target) if target else _counted(container)


def _opened(file: Any) -> Any:
    options = {"format_whitelist": CONTAINERS}
    return av.open(file, "r", options=options, metadata_errors="replace")


def _can_be_decoded(container: Any) -> None:
    for tried, packet in enumerate(container.demux(container.streams.audio[0])):
        try:
            if packet.decode():
                return
        except av.InvalidDataError:
            pass
        if tried >= _TRIED:
            break
    raise ValueError("nothing in it can be decoded")


def _counted(container: Any) -> float:
    """Packet by packet: what the head says may be an estimate, or a lie."""
    stream = container.streams.audio[0]
    length = sum(packet.duration or 0 for packet in container.demux(stream))
    told = container.duration / av.time_base if container.duration else 0.0
    return float(length * stream.time_base) if length else told


def _copied(container: Any, target: BinaryIO) -> float:
    stream = container.streams.audio[0]
    length = 0
    with av.open(target, "w", format="matroska") as copy:
        written = copy.add_stream_from_template(stream)
        for packet in container.demux(stream):
            if packet.dts is None:
                continue
            length += packet.duration or 0
            packet.stream = written
            copy.mux(packet)
    return float(length * stream.time_base)


def main(end: socket.socket, *descriptors: str) -> None:
    with (
        suppress(av.FFmpegError, OSError, ValueError, ArithmeticError, MemoryError),
        ExitStack() as opened,
    ):
        modes = zip(descriptors, ("rb", "w+b"), strict=False)
        seconds = inspected(*(opened.enter_context(_file(*one)) for one in modes))
        if seconds > 0:
            end.sendall(json.dumps({"seconds": seconds}).encode())


def _file(descriptor: str, mode: str) -> BinaryIO:
    return cast(BinaryIO, os.fdopen(int(descriptor), mode))
