"""One round of polling and nothing else: `python -m tests.bench.poll_round DATABASE`.

Asks every feed that is due, by names that all lead to this machine, and prints as JSON how many
there were, the wall and processor seconds it took, and its peak memory in MiB.
"""

from __future__ import annotations

import asyncio
import json
import resource
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select

from bridge.store import Store
from bridge.store.listening.feeds import Feed
from scheduler.feeds.poller import Poller
from scheduler.feeds.reading import FeedReader
from scheduler.web import Web
from tests.peers.programs import until

PATIENCE = 300.0


class _Nobody:
    async def ask(self, command: Any) -> Any:
        raise AssertionError(f"there is nothing to tell: {command}")


async def main(database: str) -> None:
    began, spent = time.monotonic(), time.process_time()
    now = datetime.now(UTC)
    due = select(func.count()).where(Feed.checked < now)
    with Store.open(database) as store:
        async with (
            Web(["127.0.0.1"], resolve=lambda *_: ["127.0.0.1"]) as web,
            FeedReader() as reading,
        ):
            running = asyncio.create_task(Poller(store, _Nobody(), web, reading).run())
            with store.reading() as db:
                feeds = db.scalar(due)

            def is_over() -> bool:
                with store.reading() as db:
                    return running.done() or not db.scalar(due)

            await until(is_over, "all feeds to be asked", PATIENCE, every=0.5)
            seconds, processor = time.monotonic() - began, time.process_time() - spent
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"feeds": feeds, "seconds": seconds, "cpu": processor, "mib": peak}))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
