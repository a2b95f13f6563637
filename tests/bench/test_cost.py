"""Processor time between two readings."""

import os

import pytest

from tests.bench.cost import Processes, Spent


def test_processor_time_is_told_in_percent_of_one_core() -> None:
    before, after = Spent(100.0, {1: 5.0, 2: 7.0}), Spent(120.0, {1: 5.5, 2: 7.1})
    assert before.percent_until(after) == pytest.approx(3.0)
    assert before.percent_until(after, 2) == pytest.approx(0.5)


def test_who_came_or_went_meanwhile_is_not_counted() -> None:
    before, after = Spent(0.0, {1: 5.0, 2: 7.0}), Spent(10.0, {1: 5.1, 3: 40.0})
    assert before.percent_until(after) == pytest.approx(1.0)


def test_what_a_program_computes_is_seen() -> None:
    this = Processes(os.getpid())
    before = this.spent()
    while (after := this.spent()).seconds[os.getpid()] - before.seconds[os.getpid()] < 0.05:
        sum(range(100_000))
    assert before.percent_until(after, os.getpid()) > 0
    assert this.resident() > 1
    assert this.descriptors() > 2
