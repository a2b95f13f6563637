"""A port over a link: what goes through as it is, and what a worker that is not one cannot ask."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from inspect import signature
from socket import socketpair
from typing import Any, Protocol
from uuid import UUID, uuid4

import pytest

from bridge.calls.ports.library import Library
from bridge.calls.ports.mailbox import MailboxRecord
from bridge.calls.ports.subscriber import SubscriberRecord
from bridge.connectors.base import Credentials
from bridge.errors import BadInput, HouseError, NotAllowed, Throttled, UnknownTarget
from bridge.settings import Settings
from bridge.store import CallLimits, Store
from bridge.store.calls import usage, voicemails
from bridge.store.contacts import contact_edits
from bridge.store.people import accounts, phones
from bridge.terms import Health
from bridge.workers.ipc import wire
from bridge.workers.ipc.remote import Ask, remote, served, verbs
from bridge.workers.ipc.replying import Replying
from bridge.workers.ports.account_book import AccountBook, Condition
from bridge.workers.ports.contact_book import ContactBook
from bridge.workers.ports.kept import KEPT
from bridge.workers.stored.service import StoreServices
from tests.bridge.store.conftest import (
    ada,
    bob,
    keys,
    postgres,
    postgres_migrated,
    sqlite_template,
    store,
    url,
)
from tests.contracts.over_link import linked
from tests.peers.programs import until

__all__ = ["ada", "bob", "keys", "postgres", "postgres_migrated", "sqlite_template", "store", "url"]


class Echo(Protocol):
    async def echo(self, sound: bytes, id: UUID, often: int = 1) -> bytes: ...

    async def fails(self, why: str) -> None: ...

    async def waits(self) -> None: ...

    def not_asked(self) -> int: ...


class OwnEcho:
    def __init__(self) -> None:
        self.open = asyncio.Event()
        self.waiting = 0

    async def echo(self, sound: bytes, id: UUID, often: int = 1) -> bytes:
        return id.bytes + sound * often

    async def fails(self, why: str) -> None:
        if why == "rule":
            raise NotAllowed("minutes_today", limit="120")
        raise ZeroDivisionError("with a password in it")

    async def waits(self) -> None:
        self.waiting += 1
        await self.open.wait()

    def not_asked(self) -> int:
        return 1


@pytest.fixture
def own() -> OwnEcho:
    return OwnEcho()


@pytest.fixture
async def ask(own: OwnEcho) -> AsyncIterator[Ask]:
    async with linked(served(Echo, own), most=4) as ask:
        yield ask


async def test_everything_arrives_as_it_was(ask: Ask) -> None:
    far, id = remote(Echo, ask), uuid4()
    every_byte = bytes(range(256)) * 8192  # a voicemail of 2 MiB
    assert await far.echo(every_byte, id) == id.bytes + every_byte
    assert await far.echo(b"\xff", often=3, id=id) == id.bytes + b"\xff" * 3
    with pytest.raises(NotAllowed, match="minutes_today") as rule:
        await far.fails("rule")
    assert rule.value.facts == {"limit": "120"}
    with pytest.raises(HouseError, match="house_failed") as fault:
        await far.fails("fault")
    assert "password" not in repr(fault.value)
    assert not hasattr(far, "not_asked")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"sound": "AAAA", "id": "no id"},
        {"sound": "not base64!", "id": str(UUID(int=1))},
        {"sound": "AAAA", "id": str(UUID(int=1)), "user": str(UUID(int=2))},
        {"sound": ["AAAA"], "id": {}, "often": "often"},
    ],
)
async def test_nonsense_is_refused(ask: Ask, body: dict[str, Any]) -> None:
    with pytest.raises(BadInput, match="bad_request"):
        await ask("Echo.echo", body)


@pytest.mark.parametrize("name", ["", "Echo.not_asked", "Echo.__init__", "Echo", "echo"])
async def test_what_is_no_question_is_refused(ask: Ask, name: str) -> None:
    with pytest.raises(UnknownTarget, match="no_such_command"):
        await ask(name, {})


async def test_who_asks_without_end_is_throttled_and_the_others_are_answered(
    ask: Ask, own: OwnEcho
) -> None:
    asked = [asyncio.create_task(ask("Echo.waits", {})) for _ in range(50)]
    refused = 0
    while refused < 46:
        done, _ = await asyncio.wait(asked, return_when=asyncio.FIRST_COMPLETED)
        assert all(isinstance(task.exception(), Throttled) for task in done)
        refused += len(done)
        asked = [task for task in asked if task not in done]
    own.open.set()
    assert await asyncio.gather(*asked) == [None] * 4
    assert own.waiting == 4


async def test_who_waits_for_the_answers_waits_for_all_of_them(own: OwnEcho) -> None:
    near, far = [await wire.WorkerLink.over(end) for end in socketpair()]
    replying = Replying(far, served(Echo, own), most=4)
    for number in range(3):
        replying.take(wire.Do(id=number, name="Echo.waits", body={}))
    await near.close()  # a worker that has died
    finishing = asyncio.create_task(replying.finished())
    await until(lambda: own.waiting == 3, "all of them to be asked")
    assert not finishing.done()
    own.open.set()
    await finishing
    await far.close()


PORTS = (SubscriberRecord, Library, MailboxRecord, ContactBook, AccountBook)


async def test_no_question_says_for_whom(store: Store, ada: UUID, bob: UUID, tmp_path: Any) -> None:
    settings = Settings(_env_file=None, data_dir=tmp_path)
    answers = StoreServices(store, settings, lambda _: None).of(ada, "one")
    assert answers.keys() == {verb.name for port in PORTS for verb in verbs(port).values()}
    for port in PORTS:
        for name in verbs(port):
            parameters = set(signature(getattr(port, name)).parameters)
            assert not parameters & {"user", "user_id", "owner", "subscriber", "chat"}, name
    async with linked(answers) as ask:
        for name in answers:
            assert name in KEPT or not name.endswith((".close_leg", ".write", ".keep_voicemail"))
            with pytest.raises(BadInput, match="bad_request"):
                await ask(name, {"user": str(bob)})


async def test_things_of_others_are_not_there(
    store: Store, ada: UUID, bob: UUID, tmp_path: Any
) -> None:
    settings = Settings(_env_file=None, data_dir=tmp_path)
    now = datetime.now(UTC)
    with store.begin() as db:
        found = {"options": {}, "secrets": {"password": "bobs"}, "now": now}
        account = accounts.keep(db, bob, "sip", "bob@x", **found).id
        phone = phones.add(db, bob, "Desk", "sip:bob@house").id
        contact = contact_edits.add(db, bob, "Grace", "xmpp", "grace@x").contact.id
        told = {"caller_name": "", "caller_address": "", "seconds": 1.0, "ogg": b"OggS"}
        voicemail = voicemails.keep(db, bob, uuid4(), now=now, **told).id
        ticket = usage.open(
            db,
            bob,
            uuid4(),
            phone,
            counted=True,
            now=now,
            limits=CallLimits.of_host(settings),
            house_zone=settings.zone,
        ).id
    async with linked(StoreServices(store, settings, lambda _: None).of(ada, "one")) as ask:
        subscriber, book = remote(SubscriberRecord, ask), remote(ContactBook, ask)
        mailbox, accounts_of_ada = remote(MailboxRecord, ask), remote(AccountBook, ask)
        with pytest.raises(NotAllowed, match="lease_lost"):
            await accounts_of_ada.note(account, Condition(Health.READY), now)
        for asked in (
            subscriber.open_leg(uuid4(), phone, counted=True),
            subscriber.renew_leg(ticket),
            subscriber.close_leg(ticket, 1e9),
            subscriber.verified(phone),
            subscriber.verification_failed(phone),
            subscriber.verification_tries_left(phone),
            subscriber.enable_phone(phone, on=False),
            book.contact(contact),
            mailbox.ogg(voicemail),
            accounts_of_ada.credentials(account),
            accounts_of_ada.take(account),
            accounts_of_ada.keep("sip", Credentials("ada@x"), account),
            accounts_of_ada.note_unserved(account, "x", {}),
        ):
            with pytest.raises(UnknownTarget):
                await asked
        await mailbox.delete(voicemail)
        await mailbox.heard(voicemail)
        await accounts_of_ada.give_back(account)
        assert (
            await accounts_of_ada.all() == []
            and await mailbox.messages() == []
            and await book.everybody() == []
        )
    [left] = await store.read(voicemails.of_user, bob)
    assert not left.heard
    assert not (await store.read(phones.get, bob, phone)).verified
