"""More sound waits to be played than is needed: it is cut out where nobody misses it."""

from array import array

_NEEDED = 0.01
"""Seconds that a write may wait for room; the rest of a frame is what jitter may use up."""
_LASTS = 50  # frames, a second
_AT_LAST = 500
_QUIET = 300  # of 32767: -41 dB


class LatencyTrim:
    """Of a playing stream. After a hitch its buffer stays full for ever, since as much comes as is
    played, and each write waits for room. Then one frame is left out: the next quiet one, or any
    where none is quiet.
    """

    def __init__(self) -> None:
        self._lasted = 0

    def waited(self, seconds: float) -> None:
        """The last write did, until there was room."""
        self._lasted = self._lasted + 1 if seconds > _NEEDED else 0

    def holds(self, frame: bytes) -> bool:
        """Whether this one (16-bit mono) is to be left out."""
        if self._lasted < _LASTS:
            return False
        if self._lasted < _AT_LAST and max(map(abs, array("h", frame))) > _QUIET:
            return False
        self._lasted = 0
        return True
