"""The messages in memory and those in the store."""

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from bridge.calls.ports.clock import SystemClock
from bridge.store import Store
from bridge.store.calls import voicemails
from bridge.workers.stored.mailbox import StoredMailbox
from tests.contracts.mailbox import MailboxContract, MailboxWorld
from tests.fake_mailbox import FakeMailbox


class MemoryWorld(MailboxWorld):
    def __init__(self) -> None:
        self.mailbox = FakeMailbox(SystemClock())

    async def message(self, caller: str, address: str) -> UUID:
        return self.mailbox.holds(caller, address).id


class StoredWorld(MailboxWorld):
    def __init__(self, store: Store, user: UUID, directory: Path) -> None:
        self.store, self.user = store, user
        self.mailbox = StoredMailbox(store, user, directory, lambda _: None)

    async def message(self, caller: str, address: str) -> UUID:
        told = {"caller_name": caller, "caller_address": address, "seconds": 6.0, "ogg": b"OggS"}
        now = datetime.now(UTC)
        row = await self.store.run(voicemails.keep, self.user, uuid4(), now=now, **told)
        return row.id


class TestFakeMailbox(MailboxContract):
    @pytest.fixture
    async def world(self) -> MailboxWorld:
        return MemoryWorld()


class TestStoredMailbox(MailboxContract):
    @pytest.fixture
    async def world(self, store: Store, user: UUID, tmp_path: Path) -> MailboxWorld:
        return StoredWorld(store, user, tmp_path)
