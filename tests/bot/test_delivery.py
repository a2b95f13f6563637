"""What passes is tried again, exactly as long as asked; what does not is raised at once."""

from datetime import timedelta

import pytest
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError, TimedOut

from bot.delivery import LONGEST_PAUSE, patiently
from bridge.errors import NetworkDown, NotAllowed, Throttled


class Naps:
    def __init__(self) -> None:
        self.taken: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.taken.append(seconds)


class Act:
    """Fails with these, one after the other, then succeeds."""

    def __init__(self, *failures: Exception) -> None:
        self.failures = list(failures)

    async def __call__(self) -> str:
        if self.failures:
            raise self.failures.pop(0)
        return "done"


@pytest.mark.parametrize("pause", [30, timedelta(seconds=30)])
async def test_flood_control_says_how_long(pause: int | timedelta) -> None:
    naps = Naps()
    assert await patiently(Act(RetryAfter(pause), RetryAfter(7)), sleep=naps) == "done"
    assert naps.taken == [30, 7]


async def test_the_house_says_how_long() -> None:
    naps = Naps()
    assert await patiently(Act(Throttled("throttled", 12.5)), sleep=naps) == "done"
    assert naps.taken == [12.5]


async def test_bad_weather_is_waited_out() -> None:
    naps = Naps()
    weather = [TimedOut(), NetworkError("gone"), NetworkDown("house_unreachable")] * 10
    assert await patiently(Act(*weather), sleep=naps) == "done"
    assert len(naps.taken) == 30
    assert max(naps.taken) <= LONGEST_PAUSE


@pytest.mark.parametrize(
    "why",
    [
        BadRequest("no"),
        Forbidden("no"),
        TelegramError("no"),
        NotAllowed("no"),
        KeyError("no"),
        NetworkDown("house_failed"),
    ],
)
async def test_what_does_not_pass(why: Exception) -> None:
    naps = Naps()
    with pytest.raises(type(why)):
        await patiently(Act(why), sleep=naps)
    assert naps.taken == []


async def test_patience_that_ends() -> None:
    naps = Naps()
    with pytest.raises(RetryAfter):
        await patiently(Act(RetryAfter(31)), sleep=naps, seconds=30)
    assert naps.taken == []
    assert await patiently(Act(RetryAfter(29)), sleep=naps, seconds=30) == "done"
