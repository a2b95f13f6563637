"""One table for people, one JSON file per bench for machines."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from tests.bench.figure import Figure, Goal, Series

_HEADS = ("figure", "direct", "through us", "added", "goal", "met")


def table(figures: Sequence[Figure]) -> str:
    """Every series as `median / p95`; below it the reasons of the goals that were missed."""
    rows = [_HEADS, *(_row(figure) for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADS))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
    lines.insert(1, "  ".join("-" * width for width in widths))
    notes = [f"{figure.name}: {figure.notes}" for figure in figures if figure.notes]
    missed = [
        f"MISSED {figure.name}: {_number(figure.judged)} {figure.unit} instead of "
        f"{_number(figure.goal.at_most)}. {figure.if_missed}".rstrip()
        for figure in figures
        if figure.goal and figure.judged is not None and not figure.met
    ]
    return "\n".join(["median / p95", *lines, *([""] if notes or missed else []), *notes, *missed])


def keep(path: Path, machine: dict[str, Any], figures: Sequence[Figure]) -> None:
    """`path` is replaced."""
    path.parent.mkdir(parents=True, exist_ok=True)
    told = {"machine": machine, "figures": [figure.as_json() for figure in figures]}
    path.write_text(json.dumps(told, indent=2) + "\n")


def markdown(paths: Iterable[Path]) -> str:
    """The table again, from files that `keep` made: for docs/bench.md."""
    lines = [f"| {' | '.join(_HEADS)} |", "|---" * len(_HEADS) + "|"]
    for path in paths:
        lines += [f"| {' | '.join(_row(figure))} |" for figure in kept(path)]
    return "\n".join(lines)


def kept(path: Path) -> list[Figure]:
    """What `keep` wrote there."""
    return [_figure(written) for written in json.loads(path.read_text())["figures"]]


def _figure(written: dict[str, Any]) -> Figure:
    """As it was, from its JSON."""
    series = {
        kind: Series(tuple(written[kind]["values"]))
        for kind in ("through", "direct", "added")
        if kind in written
    }
    goal = Goal(**written["goal"]) if written["goal"] else None
    said = {"if_missed": written.get("why", ""), "notes": written["notes"]}
    return Figure(written["name"], written["unit"], goal=goal, **said, **series)


def _row(figure: Figure) -> tuple[str, ...]:
    if (goal := figure.goal) is None:
        wanted, met = "-", "-"
    else:
        of = "added " if figure.added else ""
        wanted = f"{of}{goal.statistic} <= {_number(goal.at_most)}"
        met = "yes" if figure.met else "NO"
    return (
        f"{figure.name} [{figure.unit}]",
        _both(figure.direct),
        _both(figure.through),
        _both(figure.added),
        wanted,
        met,
    )


def _both(series: Series | None) -> str:
    return f"{_number(series.median)} / {_number(series.p95)}" if series else "-"


def _number(value: float) -> str:
    return f"{value:.0f}" if round(abs(value), 2) >= 100 else f"{value:.2f}"
