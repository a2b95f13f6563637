"""The user's rules and history: in memory, in the store, and asked for over a link."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from bridge.api.views import AccountView, PhoneView
from bridge.calls.ports.clock import SystemClock
from bridge.calls.ports.subscriber import SubscriberRecord
from bridge.settings import Settings
from bridge.store import Store
from bridge.store.calls import calls, voicemails
from bridge.store.people import accounts, phones, pins
from bridge.terms import Health
from bridge.workers.asked.subscriber import ProfiledSubscriber
from bridge.workers.ipc.remote import remote, served
from bridge.workers.stored.subscriber import StoredSubscriber
from tests.contracts.over_link import linked
from tests.contracts.subscriber import SubscriberContract, SubscriberWorld
from tests.fakes import FakeSubscriber


class MemoryWorld(SubscriberWorld):
    def __init__(self) -> None:
        self.subscriber = FakeSubscriber(SystemClock())

    async def phone(self, label: str, address: str) -> UUID:
        known = self.subscriber.rules().phones
        phone = PhoneView(id=uuid4(), label=label, address=address, position=len(known))
        self.subscriber.change(phones=(*known, phone))
        return phone.id

    async def account(self, label: str) -> UUID:
        made = AccountView(
            id=uuid4(),
            network="sip",
            address="ada@sip.example",
            label=label,
            enabled=True,
            health=Health.CONNECTING,
            since=datetime.now(UTC),
        )
        self.subscriber.has.append(made)
        return made.id

    async def chooses_pin(self, pin: str) -> None:
        self.subscriber.pin = pin
        self.subscriber.change(has_pin=True)

    async def written(self) -> list[UUID]:
        return [cdr.id for cdr in self.subscriber.cdrs]

    async def messages(self) -> Mapping[UUID, bytes]:
        return self.subscriber.voicemails


class StoredWorld(SubscriberWorld):
    def __init__(self, store: Store, user: UUID, record: SubscriberRecord) -> None:
        self.store, self.user = store, user
        self.subscriber = ProfiledSubscriber(record)

    async def phone(self, label: str, address: str) -> UUID:
        return (await self.store.run(phones.add, self.user, label, address)).id

    async def account(self, label: str) -> UUID:
        kept = {"options": {}, "secrets": {}, "now": datetime.now(UTC)}
        return (await self.store.run(accounts.keep, self.user, "sip", label, **kept)).id

    async def chooses_pin(self, pin: str) -> None:
        hash = await asyncio.to_thread(pins.hashed, pin)
        await self.store.run(pins.keep, self.user, hash)

    async def written(self) -> list[UUID]:
        return [row.id for row in await self.store.read(calls.of_user, self.user)]

    async def messages(self) -> Mapping[UUID, bytes]:
        kept = [row.id for row in await self.store.read(voicemails.of_user, self.user)]
        return {id: await self.store.read(voicemails.sound, self.user, id) for id in kept}


class TestFakeSubscriber(SubscriberContract):
    @pytest.fixture
    async def world(self) -> SubscriberWorld:
        return MemoryWorld()


class TestStoredSubscriber(SubscriberContract):
    @pytest.fixture
    async def world(
        self, store: Store, settings: Settings, user: UUID, tmp_path: Path
    ) -> SubscriberWorld:
        own = StoredSubscriber(store, settings, user, tmp_path, lambda _: None)
        return StoredWorld(store, user, own)


class TestRemoteSubscriber(SubscriberContract):
    @pytest.fixture
    async def world(
        self, store: Store, settings: Settings, user: UUID, tmp_path: Path
    ) -> AsyncIterator[SubscriberWorld]:
        own = StoredSubscriber(store, settings, user, tmp_path, lambda _: None)
        async with linked(served(SubscriberRecord, own)) as ask:
            yield StoredWorld(store, user, remote(SubscriberRecord, ask))
