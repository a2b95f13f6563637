"""Events on their way: what is wrong with one is not the others' fault."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bridge.api.events import CallsLost
from bridge.desk.event_relay import EventRelay
from bridge.settings import Settings
from bridge.store import Store, key_ring
from bridge.store.calls import outbox
from bridge.store.people import users
from tests.fresh_database import lay_out


class Picky(Store):
    """Refuses every transaction that would keep the event about 13 lost calls."""

    async def run(self, work: Callable[..., Any], *facts: Any) -> Any:
        if "'calls': 13" in repr(facts):
            raise ValueError("not this one")
        return await super().run(work, *facts)


async def test_an_event_that_cannot_be_kept_takes_no_other_along(tmp_path: Path) -> None:
    settings = Settings(_env_file=None, data_dir=tmp_path)  # type: ignore[call-arg]
    await asyncio.to_thread(lay_out, settings.database)
    with Picky.open(settings.database, key_ring(settings)) as store:
        now = datetime.now(UTC)
        ada = await store.run(_add, now)
        relay = EventRelay(store)
        for calls in (12, 13, 14):
            relay.deliver(CallsLost(user=ada, calls=calls))
        carrying = asyncio.create_task(relay.carry())
        await relay.emptied()
        carrying.cancel()
        kept = await store.read(outbox.after, "bot")
        assert [row.body["calls"] for row in kept] == [12, 14]


def _add(db: Any, now: datetime) -> Any:
    return users.add(db, 1, "Ada", language="en", time_zone="Europe/Berlin", now=now).id
