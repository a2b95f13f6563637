"""A file of sound, from any position, at any speed."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any, BinaryIO

import av

from bridge.audio.decoder import wire
from bridge.audio.decoder.tempo import Tempo

# only containers of sound: playlists and the like could make the decoder open files and addresses
CONTAINERS = "aac,flac,matroska,mov,mp4,m4a,3gp,3g2,mj2,mp3,mpegts,ogg,wav,webm"
SAMPLE = 2
"""Bytes."""
_RUN_UP = 0.3  # seconds: what a decoder needs before it is right (bit reservoir, Opus's pre-roll)
_PATIENCE = 100  # packets in a row that are no sound


class Track:
    """`go`, then iterate `portions`. OSError or ValueError when it cannot be read or decoded. The
    file is ours from now on.
    """

    def __init__(self, file: BinaryIO, rate: int) -> None:
        self._rate = rate
        self._file = file
        self._container = av.open(
            self._file,
            "r",
            options={"format_whitelist": CONTAINERS},
            metadata_errors="replace",
        )
        if not self._container.streams.audio:
            raise ValueError("no sound in it")
        self._stream = self._container.streams.audio[0]
        self._stream.codec_context.thread_count = 1
        begin, base = self._stream.start_time, self._stream.time_base
        self._begin = float(begin * base) if begin and base else 0.0
        self._tempo = Tempo(rate, 1.0)
        self._at, self._speed = 0.0, 1.0
        self._untouched = True
        self.over = False

    @property
    def seconds(self) -> float | None:
        """As the container says, or from its bit rate; None when it does not know."""
        if self._container.duration is not None:
            return self._container.duration / av.time_base
        length, base = self._stream.duration, self._stream.time_base
        return float(length * base) if length and base else None

    def go(self, at: float, speed: float) -> None:
        """The next portion begins `at` seconds, or at the end if that comes before."""
        self._at, self._speed = at, speed
        self._tempo = Tempo(self._rate, speed)
        if at or not self._untouched:
            to = max(0.0, at - _RUN_UP) + self._begin
            self._container.seek(int(to * av.time_base))
        self._untouched = self.over = False

    def portions(self) -> Iterator[tuple[float, bytes]]:
        """(position in seconds, 16-bit mono PCM) of wire.PORTION seconds; the last one is shorter.
        Whoever stops in between must `go` before the next ones.
        """
        size = int(wire.PORTION * self._rate) * SAMPLE
        position, waiting = self._at, bytearray()
        for pcm in self._stretched():
            waiting += pcm
            while len(waiting) >= size:
                yield position, bytes(waiting[:size])
                del waiting[:size]
                position += wire.PORTION * self._speed
        if waiting:
            yield position, bytes(waiting)
        self.over = True

    def _stretched(self) -> Iterator[bytes]:
        for pcm in self._cut():
            yield self._tempo.stretch(pcm)
        yield self._tempo.rest()

    def _cut(self) -> Iterator[bytes]:
        """Everything from where we are to begin."""
        resampler = av.AudioResampler("s16", "mono", self._rate)
        skip: int | None = None
        for frame in self._frames():
            if skip is None:
                early = 0.0 if frame is None else self._early(frame)
                skip = max(0, round(early * self._rate))
            for piece in resampler.resample(frame):
                pcm = bytes(piece.planes[0])[: piece.samples * SAMPLE]
                ahead = min(skip, piece.samples)
                skip -= ahead
                if ahead < piece.samples:
                    yield pcm[ahead * SAMPLE :]

    def _early(self, frame: Any) -> float:
        """How many seconds before the wanted position `frame` begins."""
        if frame.time is None:
            return 0.0
        return self._at - (float(frame.time) - self._begin)

    def _frames(self) -> Iterator[Any]:
        """Decoded frames, and None at the end. What is damaged is skipped, up to a limit."""
        damaged = 0
        for packet in self._container.demux(self._stream):
            try:
                frames = packet.decode()
            except av.InvalidDataError:
                damaged += 1
                if damaged > _PATIENCE:
                    raise
                continue
            damaged = 0
            yield from frames
        yield None

    def close(self) -> None:
        with suppress(OSError):
            self._container.close()
        self._file.close()
