"""Pauses between tries, for loops that tenacity cannot write: tenacity's strategies, one by one."""

from tenacity import AsyncRetrying, RetryCallState
from tenacity.wait import wait_base


class Backoff:
    """`pause()` gives the seconds until the next try; `reset()` begins anew after a success."""

    def __init__(self, strategy: wait_base) -> None:
        self._strategy = strategy
        self._tries = RetryCallState(AsyncRetrying(), None, (), {})
        self.reset()

    def reset(self) -> None:
        self._tries.attempt_number = 0

    def pause(self) -> float:
        self._tries.attempt_number += 1
        return float(self._strategy(self._tries))
