"""Sound in Python on its way into pjmedia's conference bridge and out of it, frame by frame.

A port is never destroyed: the bridge lets go of one at a time of its own, and destroying it while
the endpoint runs has crashed workers (measured: two of three in twelve seconds). Those that were
needed once are kept and lent again.
"""

import ctypes
import logging
from collections.abc import Callable
from typing import Any

import pjsua2 as pj

from bridge.audio.pjmedia.endpoint import FRAME_MS
from bridge.audio.pjmedia.pjsua import guarded

log = logging.getLogger(__name__)


class PcmPort(pj.AudioMediaPort):  # type: ignore[misc]  # the wheel has no types
    """Plays what `source` gives: 20 ms of 16-bit mono at every call, on the thread of the clock;
    what is played to it goes to `sink` in the same way. `rate` is the conference bridge's, in
    samples a second.
    """

    def __init__(self, rate: int) -> None:
        super().__init__()
        self.rate = rate
        self.source: Callable[[], bytes] | None = None
        self.sink: Callable[[bytes], None] | None = None
        self._size = rate * FRAME_MS // 1000 * 2
        self._silence = bytes(self._size)
        self._frame = pj.ByteVector(self._size, 0)
        self._address = _address(self._frame, self._size)

    @guarded
    def onFrameRequested(self, frame: Any) -> None:
        source = self.source
        sound = self._silence if source is None else source()
        frame.type = pj.PJMEDIA_FRAME_TYPE_AUDIO
        if self._address is None:
            frame.buf = pj.ByteVector(sound)
        else:
            # twelve times as fast, fifty times a second
            ctypes.memmove(self._address, sound, self._size)
            frame.buf = self._frame

    @guarded
    def onFrameReceived(self, frame: Any) -> None:
        sink = self.sink
        if sink is None or frame.type != pj.PJMEDIA_FRAME_TYPE_AUDIO:
            return
        sound = frame.buf
        if len(sound) == self._size:
            sink(bytes(sound) if self._address is None else _read(sound, self._size))


class PcmPorts:
    """Ports that nobody needs now. On the pjsua2 thread."""

    def __init__(self) -> None:
        self._free: list[PcmPort] = []

    def borrow(
        self,
        source: Callable[[], bytes] | None,
        rate: int,
        sink: Callable[[bytes], None] | None = None,
    ) -> PcmPort:
        port = self._free.pop() if self._free else _made(rate)
        assert port.rate == rate, "a process has one conference bridge, and that has one rate"
        port.source, port.sink = source, sink
        return port

    def give_back(self, port: PcmPort) -> None:
        port.source = port.sink = None
        self._free.append(port)


PORTS = PcmPorts()
"""Those of this process: there is one conference bridge in it."""


def _made(rate: int) -> PcmPort:
    port = PcmPort(rate)
    form = pj.MediaFormatAudio()
    form.init(pj.PJMEDIA_FORMAT_PCM, rate, 1, FRAME_MS * 1000, 16)
    port.createPort("pcm", form)
    port.__disown__()
    return port


def _address(vector: Any, size: int) -> int | None:
    """Where the bytes of `vector` are; None if this build of the library keeps them elsewhere than
    a std::vector of libstdc++ does (begin, end, capacity).
    """
    begin, end, capacity = _bounds(vector)
    if not (0 < begin <= end <= capacity and end - begin == size):
        return None
    ctypes.memmove(begin, b"\x17\x2a", 2)
    return begin if (vector[0], vector[1]) == (0x17, 0x2A) else None


def _read(vector: Any, size: int) -> bytes:
    """What is in a `vector` of a build for which `_address` knows the way."""
    begin, _, _ = _bounds(vector)
    return ctypes.string_at(begin, size)


def _bounds(vector: Any) -> tuple[int, int, int]:
    begin, end, capacity = (ctypes.c_size_t * 3).from_address(int(vector.this))
    return begin, end, capacity
