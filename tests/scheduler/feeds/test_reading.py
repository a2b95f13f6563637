import asyncio
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bridge.errors import BadInput
from scheduler.feeds.reading import FeedReader
from tests.peers.programs import until
from tests.scheduler.feeds import shapes

ADDRESS = "https://daily.example/rss"
FEED = shapes.rss(shapes.item(1))


@pytest.fixture
async def reading() -> AsyncIterator[FeedReader]:
    async with FeedReader() as opened:
        yield opened


async def is_fine(reading: FeedReader) -> bool:
    found = await reading.read(FEED, ADDRESS)
    return found.title == "The Daily" and len(found.entries) == 1


async def test_feeds_are_read_one_after_another_in_one_process(reading: FeedReader) -> None:
    assert await is_fine(reading)
    first = reading.pid
    assert await is_fine(reading)
    assert reading.pid == first


@pytest.mark.parametrize("bomb", [shapes.laughs(), shapes.blowup()], ids=["laughs", "blowup"])
async def test_entities_are_not_expanded(reading: FeedReader, bomb: bytes) -> None:
    """Nothing of them comes back, and the next feed is read in the same process."""
    await is_fine(reading)
    before = reading.pid
    found = await reading.read(bomb, ADDRESS)
    assert len(found.title) < 1000
    assert sum(len(entry.title) for entry in found.entries) < 1_000_000
    assert await is_fine(reading)
    assert reading.pid == before


async def test_a_feed_that_takes_too_long_costs_nobody_else_anything() -> None:
    async with FeedReader(within=0.5) as reading:
        many = shapes.rss(*(shapes.item(number) for number in range(8000)))
        with pytest.raises(BadInput, match="feed_broken"):
            await reading.read(many, ADDRESS)
        assert reading.pid is None
    async with FeedReader() as reading:
        assert await is_fine(reading)


async def test_a_parser_that_was_killed_is_replaced(reading: FeedReader) -> None:
    await is_fine(reading)
    assert reading.pid is not None
    os.kill(reading.pid, signal.SIGSTOP)
    cut_off = asyncio.create_task(reading.read(FEED, ADDRESS))
    await asyncio.sleep(0)
    os.kill(reading.pid, signal.SIGKILL)
    with pytest.raises(BadInput, match="feed_broken"):
        await cut_off
    assert await is_fine(reading)


async def test_it_goes_when_there_is_nothing_to_read() -> None:
    async with FeedReader(idle=0.01) as reading:
        assert await is_fine(reading)
        assert reading.pid is not None
        await until(lambda: not _runs(reading.pid), "the parser to go")
        assert await is_fine(reading)


async def test_it_has_no_network_and_starts_nothing(reading: FeedReader) -> None:
    await is_fine(reading)
    status = _status(reading.pid)
    assert "Seccomp:\t2" in status
    assert "NoNewPrivs:\t1" in status


async def test_nonsense_is_refused_and_harmless(reading: FeedReader) -> None:
    found = await reading.read(b"\x00\xff" * 1000, ADDRESS)
    assert not found.is_feed
    assert await is_fine(reading)


def _runs(pid: int | None) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
    except FileNotFoundError:
        return False


def _status(pid: int | None) -> str:
    return Path(f"/proc/{pid}/status").read_text()
