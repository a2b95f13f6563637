"""The nightly sweep: asked for, and nobody's end when it fails."""

import logging
from typing import Any

import pytest

from bridge.api.commands.housekeeping import SweepHistory
from bridge.errors import HouseError, NotAllowed
from scheduler.housekeeping import sweep


class Desk:
    def __init__(self, refusal: HouseError | None = None) -> None:
        self.asked: list[Any] = []
        self._refusal = refusal

    async def ask(self, command: Any) -> None:
        self.asked.append(command)
        if self._refusal is not None:
            raise self._refusal


async def test_the_front_desk_is_asked_to_sweep() -> None:
    desk = Desk()
    await sweep(desk)
    assert desk.asked == [SweepHistory()]


async def test_what_fails_tonight_is_told_and_done_tomorrow(
    caplog: pytest.LogCaptureFixture,
) -> None:
    desk = Desk(NotAllowed("busy"))
    await sweep(desk)
    assert len(desk.asked) == 1
    assert [one.levelno for one in caplog.records] == [logging.ERROR]
