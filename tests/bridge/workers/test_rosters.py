"""Who is in a roster becomes a contact: when an account is ready, once, and for this user only."""

from collections.abc import AsyncIterator
from uuid import UUID

import pytest
from sqlalchemy.exc import OperationalError

from bridge.errors import NetworkDown
from bridge.store import Store
from bridge.store.contacts import contact_edits, contact_merge, contacts
from bridge.store.leases import leases
from bridge.store.people import accounts
from bridge.terms import Party
from tests.bridge.store.conftest import (
    ada,
    bob,
    counted,
    keys,
    postgres,
    postgres_migrated,
    sqlite_template,
    store,
    url,
)
from tests.bridge.workers.village import Ward
from tests.peers.programs import until

__all__ = ["ada", "bob", "keys", "postgres", "postgres_migrated", "sqlite_template", "store", "url"]


@pytest.fixture
async def ward(store: Store, ada: UUID) -> AsyncIterator[Ward]:
    async with Ward.open(store, ada) as ward:
        yield ward


def friend(name: str, network: str = "xmpp") -> Party:
    return Party(f"{name.lower()}@x", name, network)


def known(store: Store, user: UUID) -> dict[str, list[str]]:
    with store.reading() as db:
        return {
            one.contact.name: [f"{way.network}:{way.address}" for way in one.ways]
            for one in contacts.of_user(db, user)
        }


async def test_a_roster_becomes_contacts(ward: Ward, store: Store, bob: UUID) -> None:
    account = await ward.signs_in("xmpp", "me@x", friend("Grace"), friend("Linus"))
    assert known(store, ward.user) == {"Grace": ["xmpp:grace@x"], "Linus": ["xmpp:linus@x"]}
    assert known(store, bob) == {}
    with store.reading() as db:
        assert contacts.of_user(db, ward.user)[0].ways[0].account_id == account


async def test_a_contact_that_was_removed_comes_back_when_it_is_told_of(ward: Ward) -> None:
    account = await ward.signs_in("xmpp", "me@x", friend("Grace"))
    with ward.store.begin() as db:
        contact_edits.remove(db, ward.user, contacts.of_user(db, ward.user)[0].contact.id)
    session = ward.session("me@x")
    session.desk.ready([friend("Grace"), friend("Linus")])
    await ward.settled()
    with ward.store.reading() as db:
        rows = contacts.of_user(db, ward.user)
    assert [(one.contact.name, one.contact.speed_dial) for one in rows] == [
        ("Grace", 2),  # 1 was somebody's
        ("Linus", 3),
    ]
    assert account == rows[0].ways[0].account_id


async def test_what_cannot_be_an_address_is_left_out(ward: Ward) -> None:
    await ward.signs_in(
        "xmpp",
        "me@x",
        Party("me@x", "Myself", "xmpp"),
        Party("", "Nobody", "xmpp"),
        Party(" spaced@x ", "Spaced", "xmpp"),
        Party("a\x00@x", "Control", "xmpp"),
        Party("0900 1234567", "Dear", "phone"),
        Party("+49 30 123456", "Spelled", "phone"),
        Party("+4930123456", "Number", "phone"),
        Party("112", "Emergency", "phone"),
        Party("sip:x@y;evil", "Odd", "sip"),
        Party("plain@z", "Without network"),
    )
    assert known(ward.store, ward.user) == {
        "Spaced": ["xmpp:spaced@x"],
        "Number": ["phone:+4930123456"],
        "Without network": ["xmpp:plain@z"],
    }


async def test_the_same_roster_again_waits_for_no_writer(ward: Ward, store: Store) -> None:
    await ward.signs_in("xmpp", "me@x", friend("Grace"))
    with counted(store) as said:
        ward.session("me@x").desk.ready([friend("Grace")])
        await ward.settled()
    assert not [one for one in said if one.lstrip().upper().startswith(("INSERT", "DELETE"))]


async def test_a_database_that_is_away_is_waited_for(
    ward: Ward, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    honest = contact_merge.is_news

    def away_twice(*args: object) -> bool:
        asked.append(args)
        if len(asked) < 3:
            raise OperationalError("SELECT", {}, Exception("gone"))
        return honest(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(contact_merge, "is_news", away_twice)
    await ward.signs_in("xmpp", "me@x", friend("Grace"))
    assert len(asked) == 3 and list(known(ward.store, ward.user)) == ["Grace"]


async def test_the_newest_roster_is_the_one_that_counts(
    ward: Ward, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = [True]
    honest = contact_merge.is_news

    def sometimes(*args: object) -> bool:
        if away[0]:
            raise NetworkDown("store_unreachable")
        return honest(*args)  # type: ignore[arg-type]

    await ward.signs_in("xmpp", "me@x")
    monkeypatch.setattr(contact_merge, "is_news", sometimes)
    for name in ("Grace", "Linus"):
        ward.session("me@x").desk.ready([friend(name)])
    away[0] = False
    await ward.settled()
    assert list(known(ward.store, ward.user)) == ["Linus"]


async def test_a_worker_that_has_lost_its_lease_tells_nothing(ward: Ward, store: Store) -> None:
    account = await ward.signs_in("xmpp", "me@x")
    with store.begin() as db:
        leases.release(db, ward.owner, [account])
    ward.session("me@x").desk.ready([friend("Grace")])
    await ward.settled()
    assert known(store, ward.user) == {}


async def test_an_account_that_goes_meanwhile(ward: Ward, store: Store) -> None:
    account = await ward.signs_in("xmpp", "me@x")
    with store.begin() as db:
        accounts.remove(db, ward.user, account)
    ward.session("me@x").desk.ready([friend("Grace")])
    await ward.settled()
    assert known(store, ward.user) == {}


async def test_two_thousand_and_more(ward: Ward, store: Store) -> None:
    many = [Party(f"{n}@x", f"Friend {n}", "xmpp") for n in range(6000)]
    await ward.signs_in("xmpp", "me@x", *many)
    await until(lambda: len(known(store, ward.user)) == contacts.MOST, "all of them", 30)


async def test_presence_is_in_memory_and_of_this_session_only(ward: Ward) -> None:
    account = await ward.signs_in("xmpp", "me@x", friend("Grace"), friend("Linus"))
    [opened] = ward.sessions.open()
    assert opened.is_online("xmpp", "grace@x") is None  # this network has told nothing yet
    desk = ward.session("me@x").desk
    desk.presence(friend("Grace"), True)
    assert opened.is_online("xmpp", "grace@x") is True
    assert opened.is_online("xmpp", "linus@x") is False
    desk.presence(Party("grace@x", "", ""), False)
    assert opened.is_online("xmpp", "grace@x") is False
    for n in range(10_000):
        desk.presence(Party(f"stranger{n}@x"), True)
    assert opened.is_online("xmpp", "stranger9999@x") is False  # there is an end of what is kept
    desk.presence(friend("Grace"), True)
    ward.session("me@x").lost.set()
    await ward.is_open(account, False)
    ward.session("me@x").lost.clear()
    await ward.is_open(account)
    [opened] = ward.sessions.open()
    assert opened.is_online("xmpp", "grace@x") is None
