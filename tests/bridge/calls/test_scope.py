"""Work that ends together, and work that must not be interrupted."""

import asyncio
from contextlib import suppress

import pytest

from bridge.scope import Scope, acquired, scope, uninterrupted


class Journal:
    """What happened, in its order."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    async def works(self, name: str, seconds: float = 1.0) -> str:
        self.lines.append(f"{name} begins")
        try:
            await asyncio.sleep(seconds)
        except asyncio.CancelledError:
            self.lines.append(f"{name} is cancelled")
            raise
        self.lines.append(f"{name} ends")
        return name

    async def drops(self, name: str) -> None:
        self.lines.append(f"{name} is dropped")


@pytest.fixture
def journal() -> Journal:
    return Journal()


async def test_leaving_cancels_body_and_tasks_and_goes_on(journal: Journal) -> None:
    async with scope() as body:
        body.start(journal.works("task", 100))
        asyncio.get_running_loop().call_later(1, body.leave)
        await journal.works("body", 100)
    assert journal.lines == [
        "body begins",
        "task begins",
        "body is cancelled",
        "task is cancelled",
    ]


async def test_when_the_body_is_through_its_tasks_end(journal: Journal) -> None:
    async with scope() as body:
        body.start(journal.works("task", 100))
        await journal.works("body", 1)
    assert journal.lines[-1] == "task is cancelled"


async def test_an_empty_body(journal: Journal) -> None:
    async with scope():
        pass
    async with scope() as body:
        body.leave()
        body.leave()
    assert await journal.works("afterwards", 0) == "afterwards"


async def test_only_the_inner_one_is_left(journal: Journal) -> None:
    async with scope() as outer:
        outer.start(journal.works("outer task", 3))
        async with scope() as inner:
            asyncio.get_running_loop().call_later(1, inner.leave)
            await journal.works("inner", 100)
        await journal.works("outer", 1)
    assert journal.lines[-2:] == ["outer ends", "outer task is cancelled"]


async def test_both_are_left_at_once(journal: Journal) -> None:
    bodies: list[Scope] = []
    async with scope() as outer:
        async with scope() as inner:
            bodies += [outer, inner]
            asyncio.get_running_loop().call_later(1, lambda: [one.leave() for one in bodies])
            await journal.works("inner", 100)
        await journal.works("never", 1)
    assert "never ends" not in journal.lines
    await journal.works("afterwards", 0)


async def test_a_cancellation_from_outside_goes_through(journal: Journal) -> None:
    async def work() -> None:
        async with scope() as body:
            body.start(journal.works("task", 100))
            await journal.works("body", 100)

    task = asyncio.create_task(work())
    await asyncio.sleep(1)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert set(journal.lines[-2:]) == {"body is cancelled", "task is cancelled"}


async def test_a_fault_in_a_task_ends_the_body(journal: Journal) -> None:
    async def fails() -> None:
        await asyncio.sleep(1)
        raise ValueError("a fault")

    with pytest.raises(ExceptionGroup) as group:
        async with scope() as body:
            body.start(fails())
            await journal.works("body", 100)
    assert isinstance(group.value.exceptions[0], ValueError)
    assert journal.lines[-1] == "body is cancelled"


async def test_what_must_not_be_interrupted_is_not(journal: Journal) -> None:
    task = asyncio.create_task(uninterrupted(journal.works("goodbye", 3)))
    await asyncio.sleep(1)
    task.cancel()
    await asyncio.sleep(1)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert journal.lines == ["goodbye begins", "goodbye ends"]


async def test_uninterrupted_gives_the_result_or_the_fault(journal: Journal) -> None:
    async def fails() -> None:
        raise ValueError("a fault")

    assert await uninterrupted(journal.works("work")) == "work"
    with pytest.raises(ValueError, match="a fault"):
        await uninterrupted(fails())


async def test_what_was_acquired_too_late_is_released(journal: Journal) -> None:
    task = asyncio.create_task(acquired(journal.works("ticket", 3), journal.drops))
    await asyncio.sleep(1)
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    assert journal.lines == ["ticket begins", "ticket ends", "ticket is dropped"]


async def test_what_was_acquired_in_time_is_kept(journal: Journal) -> None:
    assert await acquired(journal.works("ticket"), journal.drops) == "ticket"
    assert journal.lines == ["ticket begins", "ticket ends"]
