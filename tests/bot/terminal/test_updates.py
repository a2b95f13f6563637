"""getUpdates: nothing is lost, nothing comes twice, and only one may ask."""

import asyncio

import pytest

from bot.terminal.refusal import BotApiRefusal
from bot.terminal.updates import Updates


def ids(updates: list[dict[str, object]]) -> list[object]:
    return [update["update_id"] for update in updates]


async def test_an_update_stays_until_it_is_confirmed() -> None:
    updates = Updates()
    updates.push("message", {})
    updates.push("message", {})
    assert ids(await updates.take()) == [1, 2]
    assert ids(await updates.take(offset=2)) == [2]
    assert ids(await updates.take(offset=3)) == []


async def test_a_negative_offset_keeps_only_the_last() -> None:
    updates = Updates()
    for _ in range(3):
        updates.push("message", {})
    assert ids(await updates.take(offset=-1)) == [3]
    assert ids(await updates.take()) == [3]


async def test_at_most_as_many_as_wanted() -> None:
    updates = Updates()
    for _ in range(3):
        updates.push("message", {})
    assert ids(await updates.take(limit=2)) == [1, 2]


async def test_whoever_waits_is_woken() -> None:
    updates = Updates()
    waiting = asyncio.create_task(updates.take(timeout=60))
    await asyncio.sleep(0)
    updates.push("message", {})
    assert ids(await waiting) == [1]


async def test_nothing_is_lost_with_a_poll_that_was_cancelled() -> None:
    updates = Updates()
    waiting = asyncio.create_task(updates.take(timeout=60))
    await asyncio.sleep(0)
    updates.push("message", {})
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    assert ids(await updates.take()) == [1]


async def test_a_second_poll_ends_the_first() -> None:
    updates = Updates()
    first = asyncio.create_task(updates.take(timeout=60))
    await asyncio.sleep(0)
    assert await updates.take() == []
    with pytest.raises(BotApiRefusal, match="terminated by other getUpdates") as refusal:
        await first
    assert refusal.value.code == 409


async def test_only_what_is_wanted_is_kept() -> None:
    updates = Updates()
    await updates.take(allowed=["message"])
    updates.push("callback_query", {})
    updates.push("message", {})
    assert [sorted(update) for update in await updates.take()] == [["message", "update_id"]]


async def test_confirmed_waits_for_the_bot() -> None:
    updates = Updates()
    await updates.confirmed()
    updates.push("message", {})
    waiting = asyncio.create_task(updates.confirmed())
    await updates.take()
    assert not waiting.done()
    await updates.take(offset=2)
    await waiting
