"""Who plays along when feeds are polled."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from bridge.api.commands.call_outs import Tell
from bridge.api.events import PodcastChanged
from bridge.errors import HouseError
from bridge.store import Store
from bridge.store.listening import subscriptions
from bridge.store.listening.feeds import Feed
from bridge.store.people import users
from tests.scheduler.feeds.shapes import NEWEST

NOW = NEWEST + timedelta(hours=6)
_chats = count(9001)


class Clock:
    """`now` is what it shows, until it is moved."""

    def __init__(self) -> None:
        self.at = NOW

    def __call__(self) -> datetime:
        return self.at

    def passes(self, **how_long: float) -> None:
        self.at += timedelta(**how_long)


class FakeDesk:
    """`told` in its order. The next asks fail with `faults`, one each."""

    def __init__(self) -> None:
        self.told: list[PodcastChanged] = []
        self.faults: list[HouseError] = []

    async def ask(self, command: Any) -> Any:
        if self.faults:
            raise self.faults.pop(0)
        assert isinstance(command, Tell) and isinstance(command.event, PodcastChanged)
        self.told.append(command.event)


def person(store: Store, name: str = "Ada") -> UUID:
    with store.begin() as db:
        chat = next(_chats)
        return users.add(db, chat, name, language="en", time_zone="Europe/Berlin", now=NOW).id


def subscribed(store: Store, user: UUID, address: str, **chosen: Any) -> UUID:
    """The subscription."""
    with store.begin() as db:
        row = subscriptions.add(db, user, address, NOW)
        if chosen:
            subscriptions.change(db, user, row.id, **chosen)
        return row.id


def feed_of(store: Store, subscription: UUID) -> Feed:
    with store.reading() as db:
        row = db.get_one(subscriptions.Subscription, subscription)
        return db.get_one(Feed, row.feed_id)
