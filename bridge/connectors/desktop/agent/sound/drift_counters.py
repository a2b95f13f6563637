"""What of the sound slipped: gaps, and frames that were left out."""

import time
from collections.abc import Callable
from threading import Lock

from bridge.connectors.desktop.protocol.messages import SoundDrifted

TOLD_EVERY = 1.0
"""Seconds: a bad second is one fact."""


class DriftCounters:
    """Counted by the threads of a session's sound, told from whichever notices. `tell` may be
    called from any thread.
    """

    def __init__(
        self, tell: Callable[[SoundDrifted], None], now: Callable[[], float] = time.monotonic
    ) -> None:
        self._tell, self._now = tell, now
        self._counting = Lock()
        self._underruns = self._overruns = 0
        self._told = float("-inf")

    def gap(self) -> None:
        """The program's microphone ran dry."""
        with self._counting:
            self._underruns += 1
        self.tell()

    def left_out(self, frames: int = 1) -> None:
        """Of either direction, because the taker was too slow."""
        if frames > 0:
            with self._counting:
                self._overruns += frames
            self.tell()

    def tell(self, *, now: bool = False) -> None:
        """What has slipped since the last time; without `now` only when that is long ago."""
        with self._counting:
            at = self._now()
            if not (self._underruns or self._overruns) or (
                not now and at < self._told + TOLD_EVERY
            ):
                return
            slipped = SoundDrifted(underruns=self._underruns, overruns=self._overruns)
            self._underruns = self._overruns = 0
            self._told = at
        self._tell(slipped)
