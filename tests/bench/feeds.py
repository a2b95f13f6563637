"""What it costs to ask ten thousand feeds that have nothing new: a round of polling (304), in a
process of its own, against a server in another one.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from sqlalchemy import insert

from bridge.store import Store
from bridge.store.listening.feeds import Feed
from bridge.store.migrate import migrate
from bridge.terms import FeedState
from tests.bench.figure import Figure, Goal, Series
from tests.bench.poll_round import PATIENCE
from tests.bench.unchanged_web import ETAG
from tests.peers.programs import PeerFailed

FEEDS, QUICK_FEEDS = 10_000, 500
ROUNDS, QUICK_ROUNDS = 3, 1
ON_ONE_HOST = 5


async def measure(directory: Path, quick: bool) -> list[Figure]:
    feeds, rounds = (QUICK_FEEDS, QUICK_ROUNDS) if quick else (FEEDS, ROUNDS)
    found = []
    async with _server() as port:
        for number in range(rounds):
            database = f"sqlite:///{directory / f'{number}.db'}"
            migrate(database)
            _furnish(database, feeds, port)
            found.append(await _round(database, feeds))
    per_second = [feeds / each["seconds"] for each in found]
    each_ms = [1000 * each["cpu"] / feeds for each in found]
    return [
        Figure(
            f"a round of {feeds} unchanged feeds",
            "s",
            through=Series(tuple(each["seconds"] for each in found)),
            goal=Goal("most", 60 * feeds / FEEDS),
            notes=f"{min(per_second):.0f} requests a second and more, "
            f"{max(each_ms):.1f} ms of a processor each at most",
        ),
        Figure(
            f"peak memory of polling {feeds} feeds",
            "MiB",
            through=Series(tuple(each["mib"] for each in found)),
            goal=Goal("most", 300),
        ),
    ]


def _furnish(database: str, feeds: int, port: int) -> None:
    yesterday = datetime.now(UTC) - timedelta(days=1)
    rows = [
        {
            "id": uuid4(),
            "address": f"http://pods-{number // ON_ONE_HOST}.example:{port}/{number}.xml",
            "title": f"Podcast {number}",
            "state": FeedState.FINE,
            "validators": {"ETag": ETAG},
            "next_poll": yesterday,
            "created": yesterday,
            "checked": yesterday,
            "changed": yesterday,
        }
        for number in range(feeds)
    ]
    with Store.open(database) as store, store.begin() as db:
        db.execute(insert(Feed), rows)


async def _round(database: str, feeds: int) -> dict[str, float]:
    program = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.bench.poll_round", database),
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(2 * PATIENCE):
            said, _ = await program.communicate()
    except TimeoutError:
        raise PeerFailed(f"{feeds} feeds were not polled in {PATIENCE:.0f} s") from None
    finally:
        if program.returncode is None:
            program.kill()
            await program.wait()
    told: dict[str, float] = json.loads(said)
    if told["feeds"] != feeds:
        raise PeerFailed(f"{told['feeds']} feeds were polled instead of {feeds}")
    return told


@asynccontextmanager
async def _server() -> AsyncIterator[int]:
    program = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.bench.unchanged_web"), stdout=asyncio.subprocess.PIPE
    )
    assert program.stdout is not None
    try:
        yield int(await program.stdout.readline())
    finally:
        with suppress(ProcessLookupError):
            program.kill()
        await program.communicate()
