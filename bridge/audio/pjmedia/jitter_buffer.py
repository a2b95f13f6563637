"""Frames that come by one clock and are taken by another one."""

from array import array
from collections import deque

KEPT = 1
"""Frames that wait in it while sound flows: what comes late by so much is not missed."""
MOST = KEPT + 4
"""Frames; more than that have not come unevenly, something stood still."""
_WINDOW = 50  # frames taken, a second: so long a surplus must last before it is cut out
_PAUSE = 50  # frames without sound: whoever sent it has stopped, and nothing was late


class JitterBuffer:
    """16-bit mono frames of one length, in their order. One thread.

    It holds sound up by KEPT frames and never for long by more: after a hitch the quietest frames
    are left out one by one, and what has piled up while something stood still is dropped at once.
    """

    def __init__(self) -> None:
        self.underruns = 0
        """Gaps: nothing was there when a frame was wanted, and then sound went on."""
        self.overruns = 0
        """Frames that were left out."""
        self._line: deque[bytes] = deque()
        self._flowing = False
        self._missed = _PAUSE
        self._taken = 0
        self._least = MOST

    def put(self, frames: list[bytes]) -> None:
        """All that have come since the last time."""
        self._line.extend(frames)
        if len(self._line) > MOST:
            self.overruns += len(self._line)
            self._line.clear()
            self._begin_again()

    def forget(self) -> None:
        """What waits will never be wanted: nobody has listened, so nothing was missed either."""
        self._line.clear()
        self._begin_again()
        self._missed = _PAUSE

    def take(self) -> bytes | None:
        """The next frame; None where there is none yet."""
        if not self._flowing:
            if len(self._line) <= KEPT:
                self._missed += 1
                return None
            self._flowing = True
            self.underruns += self._missed < _PAUSE
        if not self._line:
            self._begin_again()
            self._missed = 1
            return None
        frame = self._line.popleft()
        self._shorten()
        return frame

    def _begin_again(self) -> None:
        self._flowing, self._missed = False, 0
        self._taken, self._least = 0, MOST

    def _shorten(self) -> None:
        self._taken += 1
        self._least = min(self._least, len(self._line))
        if self._taken < _WINDOW:
            return
        if self._least > KEPT:
            self._line.remove(min(self._line, key=_loudness))
            self.overruns += 1
        self._taken, self._least = 0, MOST


def _loudness(frame: bytes) -> int:
    return sum(map(abs, array("h", frame)))
