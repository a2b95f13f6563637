"""Work that ends together, that must not be interrupted, or that is not waited for for ever."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, TypeVar

T = TypeVar("T")

ANSWERS_WITHIN = 10.0
"""Seconds in which the store, and whatever else a call asks, has answered or is broken."""


class Scope:
    """A body and its tasks. `leave` cancels them all; the one who waits for the body goes on."""

    def __init__(self, limit: asyncio.Timeout, tasks: asyncio.TaskGroup) -> None:
        self._limit = limit
        self._tasks = tasks
        self._left = False

    def start(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        return self._tasks.create_task(work)

    def leave(self) -> None:
        if not self._left:
            self._left = True
            self._limit.reschedule(asyncio.get_running_loop().time())


@asynccontextmanager
async def scope() -> AsyncIterator[Scope]:
    """Left by `leave` or when the body is through; either way its tasks are cancelled and awaited.

    An exception comes out as an ExceptionGroup, like a TaskGroup's.
    """
    limit = asyncio.timeout(None)
    try:
        async with limit, asyncio.TaskGroup() as tasks:
            inner = Scope(limit, tasks)
            yield inner
            inner.leave()
    except TimeoutError:
        if not limit.expired():
            raise


def begin_in(tasks: asyncio.TaskGroup, work: Coroutine[Any, Any, None]) -> None:
    """Dropped when the group is ending already: then there is nothing left to work on."""
    try:
        tasks.create_task(work)
    except RuntimeError:
        work.close()


async def promptly(work: Awaitable[T], within: float = ANSWERS_WITHIN) -> T:
    """The result of `work`; TimeoutError when it takes longer: somebody waits on the phone."""
    async with asyncio.timeout(within):
        return await work


async def uninterrupted(work: Awaitable[T]) -> T:
    """The result of `work`, which goes on when this is cancelled; the cancellation comes after it.

    Only for what is short: saying goodbye, a row in the store.
    """
    task = asyncio.ensure_future(work)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError as why:
            cancelled = why
    if cancelled is not None:
        if not task.cancelled():
            task.exception()  # looked at: the cancellation is what counts
        raise cancelled
    return task.result()


async def acquired(work: Awaitable[T], release: Callable[[T], Awaitable[None]]) -> T:
    """The result of `work`; what it gave is released when this is cancelled meanwhile."""
    task = asyncio.ensure_future(work)
    try:
        return await uninterrupted(task)
    except asyncio.CancelledError:
        if not task.cancelled() and task.exception() is None:
            await uninterrupted(release(task.result()))
        raise
