"""Which signs of a list are there, since when; and what they say together when they disagree."""

import logging
from collections.abc import Iterable, Mapping, Sequence

from bridge.connectors.desktop.protocol.scene import Scene
from bridge.connectors.desktop.recipe.signs import RANKS, FoundSign, Sign

log = logging.getLogger(__name__)

Key = tuple[str, str | int]

STANDS = 5.0
"""Seconds for which a sign that ranks higher is believed against one that ranks lower."""


class Evidence:
    """For a list of signs. Times are seconds of the reading's clock."""

    def __init__(self, signs: Sequence[Sign], program: str) -> None:
        self._signs = signs
        self._program = program
        self._since: dict[tuple[int, Key], tuple[float, FoundSign]] = {}
        self._now = 0.0

    def look(self, scene: Scene, now: float, *, corked: bool = False) -> None:
        self._now = now
        self._since = {
            (number, found.key): (self._since.get((number, found.key), (now, found))[0], found)
            for number, sign in enumerate(self._signs)
            for found in sign.found(scene, self._program, corked=corked)
        }

    @property
    def keys(self) -> set[Key]:
        """Of all that is there, whether or not it has lasted long enough."""
        return {key for _, key in self._since}

    def found(self) -> list[FoundSign]:
        """What has lasted long enough to count; first what is believed first."""
        return [found for _, _, found in self._counting()]

    def ranks(self, keys: set[Key] | None = None) -> set[int]:
        """Of what counts; with `keys`, only of what was found in one of these."""
        return {rank for rank, _, found in self._counting() if keys is None or found.key in keys}

    def began(self) -> float:
        """When the latest of what counts began."""
        return max((since for _, since, _ in self._counting()), default=float("-inf"))

    @property
    def due(self) -> Iterable[float]:
        """When something will have lasted long enough."""
        for (number, _), (since, _found) in self._since.items():
            ripe = since + self._signs[number].min_ms / 1000
            if ripe > self._now:
                yield ripe

    def _counting(self) -> list[tuple[int, float, FoundSign]]:
        counting = [
            (self._signs[number].rank, since, found)
            for (number, _), (since, found) in self._since.items()
            if self._now >= since + self._signs[number].min_ms / 1000
        ]
        return sorted(counting, key=lambda one: one[0])


class SignVerdict:
    """Whether a ring or a call is still there.

    A kind of sign that has not been seen in this ring or call says nothing: not every program
    shows everything. Of the others the one that ranks highest (RANKS) is believed. One that ranks
    lower and says otherwise does not change that for STANDS seconds; then it is believed, and the
    disagreement is logged, once.
    """

    def __init__(self, about: str) -> None:
        self._about = about
        self._said: dict[int, bool] = {}
        self._opposed: float | None = None
        self._logged = False

    def judge(self, ranks: set[int], now: float) -> bool:
        """`ranks`: the kinds of sign that are there now."""
        self._said = {rank: rank in ranks for rank in self._said.keys() | ranks}
        if not self._said:
            return False
        believed = self._said[min(self._said)]
        if all(said is believed for said in self._said.values()):
            self._opposed = None
            return believed
        if self._opposed is None:
            self._opposed = now
        if now < self._opposed + STANDS:
            return believed
        if not self._logged:
            self._logged = True
            log.warning("signs disagree about %s: %s", self._about, _told(self._said))
        return not believed

    @property
    def due(self) -> Iterable[float]:
        if self._opposed is not None and not self._logged:
            yield self._opposed + STANDS


def _told(said: Mapping[int, bool]) -> str:
    return ", ".join(
        f"{RANKS[rank]} {'there' if there else 'gone'}" for rank, there in sorted(said.items())
    )
