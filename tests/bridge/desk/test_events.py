"""The event stream: in order, resumed where it was acknowledged, for each consumer by itself."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from pathlib import Path
from typing import cast
from uuid import UUID

import pytest

from bridge.api.client import Client
from bridge.api.events import CallsLost, Numbered
from tests.bridge.desk.conftest import Office, opened


@pytest.fixture
async def ada(office: Office) -> UUID:
    return (await office.member(1, "Ada")).id


async def read(client: Client, consumer: str, number: int) -> list[Numbered]:
    """The next events, unacknowledged, from a stream of their own."""
    found: list[Numbered] = []
    stream = cast(AsyncGenerator[Numbered, None], client.events(consumer))
    async with aclosing(stream) as events:
        async for event in events:
            found.append(event)
            if len(found) == number:
                return found
    raise AssertionError("the stream ended")


def calls(events: list[Numbered]) -> list[int]:
    return [one.event.calls for one in events if isinstance(one.event, CallsLost)]


def deliver(office: Office, user: UUID, *numbers: int) -> None:
    for number in numbers:
        office.relay.deliver(CallsLost(user=user, calls=number))


async def test_events_come_in_their_order(office: Office, ada: UUID) -> None:
    deliver(office, ada, *range(250))
    events = await read(office.client, "bot", 250)
    assert calls(events) == list(range(250))
    numbers = [one.number for one in events]
    assert numbers == sorted(set(numbers))


async def test_who_dies_before_acknowledging_is_told_again(office: Office, ada: UUID) -> None:
    deliver(office, ada, 1, 2, 3)
    first = await read(office.client, "bot", 3)
    assert calls(await read(Client(office.settings), "bot", 3)) == [1, 2, 3]
    await office.client.acknowledge("bot", first[1].number)
    assert calls(await read(Client(office.settings), "bot", 1)) == [3]


async def test_two_consumers_do_not_take_from_each_other(office: Office, ada: UUID) -> None:
    await office.relay.attend("scheduler")
    deliver(office, ada, 1, 2)
    last = (await read(office.client, "bot", 2))[-1].number
    await office.client.acknowledge("bot", last)
    assert calls(await read(office.client, "scheduler", 2)) == [1, 2]


async def test_nothing_is_lost_when_the_house_restarts(tmp_path: Path) -> None:
    async with opened(tmp_path) as before:
        before.claim.offer()
        ada = (await before.member(1, "Ada")).id
        deliver(before, ada, 1)
        far = Client(before.settings)
        events: AsyncIterator[Numbered] = far.events("bot")
        assert calls([await anext(events)]) == [1]
        deliver(before, ada, 2)
        await before.relay.emptied()
    async with opened(tmp_path) as after:
        deliver(after, ada, 3)
        assert calls([await anext(events), await anext(events)]) == [2, 3]
        await cast(AsyncGenerator[Numbered, None], events).aclose()
        await far.close()
