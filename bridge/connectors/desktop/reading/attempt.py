"""A call that we make, until somebody takes it: as far as the program shows what becomes of it."""

from collections.abc import Iterator

from bridge.connectors.desktop.protocol.scene import Scene
from bridge.connectors.desktop.reading.evidence import Evidence
from bridge.connectors.desktop.reading.happening import NotTaken, RingsThere
from bridge.connectors.desktop.recipe.tables import SignTable

OVER = 5.0
"""Seconds without a sign that it rings there: it goes before the microphone opens."""


class DialAttempt:
    """Pure, as the reading is; one at a time. What was shown before it is none of its business."""

    def __init__(self, signs: SignTable, program: str) -> None:
        self._rings = Evidence(signs.rings_there, program)
        self._refused = Evidence(signs.refused, program)
        self._begun = float("inf")
        self._since: float | None = None
        self._quiet: float | None = None
        self._has_rung = False

    def begin(self, now: float) -> None:
        self.end()
        self._since = self._begun = now

    def end(self) -> None:
        self._since = self._quiet = None
        self._has_rung = False

    @property
    def is_shown(self) -> bool:
        """The program shows it, or what became of it, whether or not it was given up."""
        return bool(self._rings.found()) and self._rings.began() >= self._begun

    def forget(self) -> None:
        """What looks like it from now on is none."""
        self.end()
        self._begun = float("inf")

    def look(self, scene: Scene, now: float) -> Iterator[RingsThere | NotTaken]:
        self._rings.look(scene, now)
        self._refused.look(scene, now)
        if self._since is None:
            return
        if self._refused.found() and self._refused.began() >= self._since:
            self.end()
            yield NotTaken(refused=True)
        elif self._rings.found() and self._rings.began() >= self._since:
            self._quiet = None
            if not self._has_rung:
                self._has_rung = True
                yield RingsThere()
        elif self._has_rung:
            if self._quiet is None:
                self._quiet = now
            if now >= self._quiet + OVER:
                self.end()
                yield NotTaken(refused=False)

    @property
    def due(self) -> Iterator[float]:
        if self._since is not None:
            yield from self._rings.due
            yield from self._refused.due
        if self._quiet is not None:
            yield self._quiet + OVER
