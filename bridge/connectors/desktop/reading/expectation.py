"""What we have begun, answering or dialling: a call may come of it, wanted or not."""

from bridge.connectors.desktop.reading.happening import IncomingRing

LATE = 30.0
"""Seconds in which a call may still come of what was given up."""


class Expectation:
    """One at a time. Times are seconds of the reading's clock."""

    def __init__(self) -> None:
        self.ring: IncomingRing | None = None
        """What is being answered."""
        self.given_up: float | None = None
        """Since when nobody wants it any more."""
        self._since: float | None = None

    def begin(self, now: float, ring: IncomingRing | None = None) -> None:
        self.ring, self.given_up, self._since = ring, None, now

    def give_up(self, now: float) -> None:
        self.ring = None
        if self._since is not None and self.given_up is None:
            self.given_up = now

    def forget(self) -> None:
        """It has become a call, or cannot any more."""
        self.ring = self.given_up = self._since = None

    def explains(self, began: float, now: float) -> bool:
        """Whether a call that began then came of it."""
        if self.given_up is not None and now > self.given_up + LATE:
            self.forget()
        return self._since is not None and began >= self._since
