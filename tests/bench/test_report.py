"""The table says plainly what was reached and what was not."""

import json
from pathlib import Path

import pytest

from tests.bench.figure import Figure, Goal, Series
from tests.bench.report import keep, kept, markdown, table


def figure(*values: float, goal: Goal, direct: float | None = None) -> Figure:
    through = Series(values)
    return Figure(
        "delay",
        "ms",
        through=through,
        goal=goal,
        direct=None if direct is None else Series((direct,)),
        added=None if direct is None else through.minus(direct),
        if_missed="It is far away.",
    )


def test_the_statistic_that_the_goal_names_is_judged() -> None:
    values = (10.0, 20.0, 90.0)
    assert figure(*values, goal=Goal("median", 20)).met
    assert not figure(*values, goal=Goal("most", 89)).met
    assert figure(*values, goal=Goal("p95", 83)).judged == pytest.approx(83)


def test_where_there_is_a_direct_call_only_what_we_add_is_judged() -> None:
    assert not figure(100.0, goal=Goal("median", 50)).met
    assert figure(100.0, goal=Goal("median", 50), direct=60).met


def test_a_missed_goal_is_told_with_its_reason() -> None:
    shown = table([figure(12.0, goal=Goal("median", 10))])
    assert "NO" in shown
    assert "MISSED delay: 12.00 ms instead of 10.00. It is far away." in shown


def test_a_goal_that_is_met_needs_no_reason() -> None:
    shown = table([figure(9.0, goal=Goal("median", 10))])
    assert "yes" in shown
    assert "MISSED" not in shown


def test_all_values_are_kept_with_their_machine(tmp_path: Path) -> None:
    path = tmp_path / "new" / "delay.json"
    keep(path, {"cores": 2}, [figure(1.0, 3.0, goal=Goal("median", 1), direct=0.5)])
    written = json.loads(path.read_text())
    [told] = written["figures"]
    assert written["machine"] == {"cores": 2}
    assert told["through"] == {"median": 2.0, "p95": pytest.approx(2.9), "values": [1.0, 3.0]}
    assert (told["met"], told["why"]) == (False, "It is far away.")


def test_a_figure_without_a_goal_is_only_told() -> None:
    told = Figure("delay", "ms", through=Series((7.0,)))
    shown = table([told])
    assert "7.00 / 7.00" in shown
    assert "MISSED" not in shown
    assert (told.as_json()["goal"], told.as_json()["judged"]) == (None, None)


def test_kept_figures_come_back_as_the_table_for_people(tmp_path: Path) -> None:
    path = tmp_path / "delay.json"
    judged_one = figure(1.0, 3.0, goal=Goal("median", 1), direct=0.5)
    keep(path, {}, [judged_one, Figure("told", "ms", through=Series((7.0,)))])
    *_, judged, told = markdown([path]).splitlines()
    assert (
        judged
        == "| delay [ms] | 0.50 / 0.50 | 2.00 / 2.90 | 1.50 / 2.40 | added median <= 1.00 | NO |"
    )
    assert told == "| told [ms] | - | 7.00 / 7.00 | - | - | - |"


def test_kept_figures_come_back_with_all_that_was_said(tmp_path: Path) -> None:
    path = tmp_path / "delay.json"
    missed = figure(12.0, goal=Goal("median", 10))
    noted = Figure("told", "ms", through=Series((7.0,)), notes="by ear")
    keep(path, {}, [missed, noted])
    assert kept(path) == [missed, noted]
