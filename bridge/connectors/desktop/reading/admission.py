"""Whether the program is signed in, as far as it shows that."""

from collections.abc import Iterator

from bridge.connectors.desktop.protocol.scene import Scene
from bridge.connectors.desktop.reading.evidence import Evidence
from bridge.connectors.desktop.reading.happening import NeedsSignIn, SignedIn, SignIn, Unknown
from bridge.connectors.desktop.recipe.tables import SignTable

SETTLED: dict[SignIn, float] = {SignedIn(): 0.5, NeedsSignIn(): 3.0, Unknown(): 20.0}
"""Seconds until it is believed: pages lead through others to where they end."""


class Admission:
    """Pure, as the reading is."""

    def __init__(self, signs: SignTable, program: str) -> None:
        self._inside = Evidence(signs.signed_in, program)
        self._outside = Evidence(signs.sign_in_page, program)
        self._inside_by_start = not signs.signed_in
        self._seen: SignIn | None = None
        self._turned = 0.0
        self._told: SignIn | None = None

    def begin(self, now: float) -> None:
        """The program has started."""
        self._turned = now

    def forget(self) -> None:
        """It has ended."""
        self._seen = self._told = None

    def look(self, scene: Scene, now: float) -> Iterator[SignIn]:
        self._inside.look(scene, now)
        self._outside.look(scene, now)
        seen = self._read(scene)
        if seen != self._seen:
            self._seen, self._turned = seen, now
        if seen is not None and seen != self._told and now >= self._turned + SETTLED[seen]:
            self._told = seen
            yield seen

    @property
    def due(self) -> Iterator[float]:
        yield from self._inside.due
        yield from self._outside.due
        if self._seen is not None and self._seen != self._told:
            yield self._turned + SETTLED[self._seen]

    def _read(self, scene: Scene) -> SignIn | None:
        """Where both are seen the kind of sign that ranks higher is believed, and of the same kind
        the sign-in page: it may lie over the other.
        """
        if not scene.runs:
            return None
        outside, inside = self._outside.ranks(), self._inside.ranks()
        if outside and (not inside or min(outside) <= min(inside)):
            return NeedsSignIn()
        return SignedIn() if inside or self._inside_by_start else Unknown()
