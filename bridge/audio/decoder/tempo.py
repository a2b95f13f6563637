"""Faster or slower with the pitch kept (FFmpeg's atempo)."""

from fractions import Fraction
from typing import Any

import av
from av.filter import Graph


class Tempo:
    """For 16-bit mono PCM of `rate` samples a second. At speed 1 it gives what it was given."""

    def __init__(self, rate: int, speed: float) -> None:
        self._rate = rate
        self._graph: Any = None
        self._given = 0
        if speed != 1.0:
            graph = Graph()
            source = graph.add_abuffer(
                sample_rate=rate, format="s16", layout="mono", time_base=Fraction(1, rate)
            )
            atempo = graph.add("atempo", f"{speed:g}")
            sink = graph.add("abuffersink")
            source.link_to(atempo)
            atempo.link_to(sink)
            graph.configure()
            self._graph = graph

    def stretch(self, pcm: bytes) -> bytes:
        """What is ready; the rest comes with what is given next."""
        if self._graph is None or not pcm:
            return pcm
        frame = av.AudioFrame("s16", "mono", len(pcm) // 2)
        frame.planes[0].update(pcm)
        frame.sample_rate, frame.pts = self._rate, self._given
        self._given += frame.samples
        self._graph.push(frame)
        return self._pulled()

    def rest(self) -> bytes:
        """The end of it."""
        if self._graph is None or not self._given:
            return b""
        self._graph.push(None)
        return self._pulled()

    def _pulled(self) -> bytes:
        pieces: list[bytes] = []
        while True:
            try:
                frame = self._graph.pull()
            except (av.BlockingIOError, av.EOFError):
                return b"".join(pieces)
            pieces.append(bytes(frame.planes[0])[: frame.samples * 2])
