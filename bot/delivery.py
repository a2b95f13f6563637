"""Patience with Telegram and the house: what passes is tried again, what does not is raised."""

import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeVar

from telegram.error import BadRequest, NetworkError, RetryAfter
from tenacity import (
    AsyncRetrying,
    RetryCallState,
    retry_if_exception,
    stop_before_delay,
    stop_never,
)
from tenacity.wait import wait_random_exponential

from bridge.errors import NetworkDown, Throttled

log = logging.getLogger(__name__)
R = TypeVar("R")
Sleep = Callable[[float], Awaitable[None]]

LONGEST_PAUSE = 20
"""Seconds: a call card must not be late for long when Telegram is back."""

_backoff = wait_random_exponential(multiplier=0.5, max=LONGEST_PAUSE)


def passes(why: BaseException) -> bool:
    """Whether waiting alone can help. (BadRequest is a NetworkError to the library.)"""
    if isinstance(why, NetworkDown):
        return why.code != "house_failed"  # a fault there, which would only be met again
    if isinstance(why, RetryAfter | Throttled):
        return True
    return isinstance(why, NetworkError) and not isinstance(why, BadRequest)


def pause(state: RetryCallState) -> float:
    """Seconds until the next try: exactly what was asked for, else exponential with jitter."""
    why = state.outcome.exception() if state.outcome else None
    if isinstance(why, RetryAfter):
        wanted = why.retry_after
        return wanted.total_seconds() if isinstance(wanted, timedelta) else float(wanted)
    if isinstance(why, Throttled):
        return why.seconds
    return float(_backoff(state))


async def patiently(
    act: Callable[[], Awaitable[R]], *, sleep: Sleep, seconds: float | None = None
) -> R:
    """Do `act` until it succeeds: for ever, or for `seconds`; then the last error is raised."""
    stop = stop_never if seconds is None else stop_before_delay(seconds)
    retrying = AsyncRetrying(
        retry=retry_if_exception(passes),
        wait=pause,
        stop=stop,
        sleep=sleep,
        before_sleep=_tell,
        reraise=True,
    )
    async for attempt in retrying:
        with attempt:
            return await act()
    raise AssertionError("with reraise there is a result or an error")


def _tell(state: RetryCallState) -> None:
    """Once per trouble, not once per try."""
    if state.attempt_number == 1 and state.outcome:
        log.warning("not delivered yet, trying again: %s", state.outcome.exception())
