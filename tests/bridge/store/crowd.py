"""Several real processes that do something at the same instant."""

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier
from typing import Any, TypeVar

R = TypeVar("R")

_barrier: Barrier


def at_once(processes: int, work: Callable[..., R], *args: Any) -> list[R]:
    """What `work(meet, *args)` returned in each of them; it calls `meet()` when it is ready."""
    spawn = get_context("spawn")
    with ProcessPoolExecutor(
        processes, mp_context=spawn, initializer=_remember, initargs=(spawn.Barrier(processes),)
    ) as crowd:
        running = [crowd.submit(_take_part, work, *args) for _ in range(processes)]
        return [one.result(60) for one in running]


def _remember(barrier: Barrier) -> None:
    global _barrier
    _barrier = barrier


def _take_part(work: Callable[..., R], *args: Any) -> R:
    return work(lambda: _barrier.wait(30), *args)
