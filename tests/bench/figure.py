"""What a bench says: series of values, and the figure that is judged by its goal."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np

Statistic = Literal["median", "p95", "most"]


@dataclass(frozen=True)
class Series:
    """Values of one kind, in the order in which they were measured."""

    values: tuple[float, ...]

    @property
    def median(self) -> float:
        return float(np.median(self.values))

    @property
    def p95(self) -> float:
        """Between two values it is interpolated, as numpy does."""
        return float(np.percentile(self.values, 95))

    @property
    def most(self) -> float:
        return max(self.values)

    def minus(self, level: float) -> Series:
        return Series(tuple(value - level for value in self.values))


@dataclass(frozen=True)
class Goal:
    """`statistic` of the judged series shall be `at_most`, in the figure's unit."""

    statistic: Statistic
    at_most: float


@dataclass(frozen=True)
class Figure:
    """One line of the table. `added` is judged where there is one: it is what we add to the direct
    call, or take from it; otherwise `through` is.

    `if_missed` is the reason that the table gives when the goal is missed.
    """

    name: str
    unit: str
    through: Series
    goal: Goal | None = None
    direct: Series | None = None
    added: Series | None = None
    if_missed: str = ""
    notes: str = ""

    @property
    def judged(self) -> float | None:
        """The value that the goal speaks of."""
        return self.goal and float(getattr(self.added or self.through, self.goal.statistic))

    @property
    def met(self) -> bool:
        return self.goal is None or self.judged is None or self.judged <= self.goal.at_most

    def as_json(self) -> dict[str, Any]:
        """All values, and what follows from them."""
        shown = {
            kind: {"median": series.median, "p95": series.p95, "values": series.values}
            for kind in ("direct", "through", "added")
            if (series := getattr(self, kind)) is not None
        }
        return {
            "name": self.name,
            "unit": self.unit,
            **shown,
            "goal": self.goal and asdict(self.goal),
            "judged": self.judged,
            "met": self.met,
            "notes": self.notes,
            **({} if self.met else {"why": self.if_missed}),
        }
