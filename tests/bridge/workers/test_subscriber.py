"""The book in the store: what phoning in asks of it and changes."""

import logging
from collections.abc import Callable
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from bridge.api.events import Event, PinLocked
from bridge.api.preferences import Preferences
from bridge.calls.ports.subscriber import SubscriberProfile
from bridge.errors import NotAllowed, UnknownTarget
from bridge.settings import Settings
from bridge.store import Store
from bridge.store.people import accounts, phones, pins, users
from bridge.terms import Party
from bridge.workers.asked.subscriber import ProfiledSubscriber
from bridge.workers.stored.subscriber import StoredSubscriber
from tests.bridge.store.conftest import (
    NOW,
    ada,
    bob,
    keys,
    postgres,
    postgres_migrated,
    sqlite_template,
    store,
    url,
)

__all__ = ["ada", "bob", "keys", "postgres", "postgres_migrated", "sqlite_template", "store", "url"]

PIN = "8305"
CALLER = Party("+4930999", "", "sip")
HASH = pins.hashed(PIN)


@pytest.fixture
def told() -> list[Event]:
    return []


@pytest.fixture
def open_book(
    store: Store, tmp_path: Path, told: list[Event]
) -> Callable[[UUID], ProfiledSubscriber]:
    settings = Settings(_env_file=None, data_dir=tmp_path)
    return lambda user: ProfiledSubscriber(
        StoredSubscriber(store, settings, user, tmp_path, told.append)
    )


@pytest.fixture
def subscriber(
    open_book: Callable[[UUID], ProfiledSubscriber], store: Store, ada: UUID
) -> ProfiledSubscriber:
    with store.begin() as db:
        pins.keep(db, ada, HASH)
    return open_book(ada)


async def rules(subscriber: ProfiledSubscriber) -> SubscriberProfile:
    await subscriber.refresh()
    return subscriber.rules()


async def test_three_wrong_pins_lock_and_are_told_once(
    subscriber: ProfiledSubscriber,
    open_book: Callable[[UUID], ProfiledSubscriber],
    ada: UUID,
    told: list[Event],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    assert await subscriber.check_pin(PIN, CALLER)
    assert not await subscriber.pin_locked()
    assert not await subscriber.check_pin("8306", CALLER)
    assert not await subscriber.check_pin("", CALLER)
    with pytest.raises(NotAllowed, match="pin_locked") as third:
        await subscriber.check_pin("99998888777", CALLER)
    [locked] = told
    assert isinstance(locked, PinLocked)
    assert (locked.user, locked.caller) == (ada, "+4930999")
    assert third.value.facts == {"until": locked.until.isoformat()}
    for again in (subscriber, open_book(ada)):  # a worker that was started anew knows it, too
        assert await again.pin_locked()
        with pytest.raises(NotAllowed, match="pin_locked"):
            await again.check_pin(PIN, CALLER)
    assert len(told) == 1
    for digits in (PIN, "8306", "99998888777"):
        assert digits not in caplog.text + repr(told) + repr(third.value)


async def test_a_pin_is_one_person_s(
    subscriber: ProfiledSubscriber,
    open_book: Callable[[UUID], ProfiledSubscriber],
    store: Store,
    bob: UUID,
) -> None:
    bobs = open_book(bob)
    with pytest.raises(NotAllowed, match="no_pin"):
        await bobs.check_pin(PIN, CALLER)
    with store.begin() as db:
        pins.keep(db, bob, pins.hashed("94037"))
    for _ in range(2):
        assert not await bobs.check_pin(PIN, CALLER)
    assert await subscriber.check_pin(PIN, CALLER) and await bobs.check_pin("94037", CALLER)


async def test_what_is_switched_in_the_menu(
    subscriber: ProfiledSubscriber, store: Store, ada: UUID, bob: UUID
) -> None:
    before = await rules(subscriber)
    assert before.preferences == Preferences() and before.has_pin
    await subscriber.prefer({"forwarding": False})
    await subscriber.prefer({"keeps_quiet": False})
    after = subscriber.rules().preferences  # known at once
    assert (after.forwarding, after.keeps_quiet, after.announce) == (False, False, True)
    with store.begin() as db:
        assert users.get(db, bob).preferences.forwarding
        users.prefer(db, ada, {"voice": False, "barge_in": True})
        pins.keep(db, ada, None)
    later = await rules(subscriber)
    assert not later.has_pin
    assert (later.preferences.voice, later.preferences.barge_in) == (False, True)


async def test_phones_are_switched_too(
    subscriber: ProfiledSubscriber,
    open_book: Callable[[UUID], ProfiledSubscriber],
    store: Store,
    ada: UUID,
    bob: UUID,
) -> None:
    with store.begin() as db:
        phone = phones.add(db, ada, "Desk", "sip:desk@x").id
        phones.change(db, ada, phone, pin_waived=True)
    await subscriber.enable_phone(phone, False)
    [known] = subscriber.rules().phones
    assert not known.enabled and known.pin_waived
    await subscriber.enable_phone(phone, True)
    assert subscriber.rules().phones[0].enabled
    with pytest.raises(UnknownTarget, match="no_such_phone"):
        await open_book(bob).enable_phone(phone, False)


async def test_how_the_accounts_are(
    subscriber: ProfiledSubscriber,
    open_book: Callable[[UUID], ProfiledSubscriber],
    store: Store,
    ada: UUID,
    bob: UUID,
) -> None:
    with store.begin() as db:
        row = accounts.keep(db, ada, "sip", "ada@x", options={}, secrets={}, now=NOW)
        accounts.change(db, ada, row.id, is_phone_in=True, now=NOW)
    [account] = await subscriber.accounts()
    assert account.is_phone_in and account.address == "ada@x"
    assert await open_book(bob).accounts() == []


async def test_a_leg_to_a_contact(subscriber: ProfiledSubscriber) -> None:
    call = uuid4()
    ticket = await subscriber.open_leg(call, None, counted=True)
    assert (await subscriber.renew_leg(ticket.id)).seconds_left > 0
    await subscriber.close_leg(ticket.id, 12.0)
    with pytest.raises(UnknownTarget, match="no_such_phone"):
        await subscriber.open_leg(call, uuid4(), counted=True)
