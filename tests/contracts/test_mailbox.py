"""The messages: in memory, in the store, and asked for over a link."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from bridge.calls.ports.clock import SystemClock
from bridge.calls.ports.mailbox import Mailbox, MailboxRecord
from bridge.store import Store
from bridge.store.calls import voicemails
from bridge.workers.asked.mailbox import PlayableMailbox
from bridge.workers.ipc.remote import remote, served
from bridge.workers.stored.mailbox import StoredMailbox
from tests.contracts.mailbox import MailboxContract, MailboxWorld
from tests.contracts.over_link import linked
from tests.fake_mailbox import FakeMailbox


class MemoryWorld(MailboxWorld):
    def __init__(self) -> None:
        self.mailbox = FakeMailbox(SystemClock())

    async def message(self, caller: str, address: str) -> UUID:
        return self.mailbox.holds(caller, address).id


class StoredWorld(MailboxWorld):
    def __init__(self, store: Store, user: UUID, mailbox: Mailbox) -> None:
        self.store, self.user, self.mailbox = store, user, mailbox

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
        own = StoredMailbox(store, user, lambda _: None)
        return StoredWorld(store, user, PlayableMailbox(own, tmp_path))


class TestRemoteMailbox(MailboxContract):
    @pytest.fixture
    async def world(self, store: Store, user: UUID, tmp_path: Path) -> AsyncIterator[MailboxWorld]:
        own = StoredMailbox(store, user, lambda _: None)
        async with linked(served(MailboxRecord, own)) as ask:
            far = remote(MailboxRecord, ask)
            yield StoredWorld(store, user, PlayableMailbox(far, tmp_path))
