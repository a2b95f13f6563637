"""The directory: which ways are open, in which order people are told, and what is dialled."""

from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from bridge.api.commands.contacts import ListContacts
from bridge.calls.ports.directory import OpenAddress
from bridge.errors import HouseError, NetworkDown, NotAllowed, UnknownTarget
from bridge.store import Store
from bridge.store.contacts import contact_edits, contacts
from bridge.terms import Party
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
from tests.bridge.workers.village import Ward

__all__ = ["ada", "bob", "keys", "postgres", "postgres_migrated", "sqlite_template", "store", "url"]


@pytest.fixture
async def ward(store: Store, ada: UUID) -> AsyncIterator[Ward]:
    async with Ward.open(store, ada) as ward:
        yield ward


def add(ward: Ward, name: str, *addresses: tuple[str, str]) -> UUID:
    with ward.store.begin() as db:
        first, *others = addresses
        contact = contact_edits.add(db, ward.user, name, *first).contact.id
        for network, address in others:
            contact_edits.add_way(db, ward.user, contact, network, address)
        return contact


async def names(ward: Ward) -> list[str]:
    """Of those who can be reached."""
    return [contact.name for contact in await ward.directory.contacts() if contact.ways]


async def ways(ward: Ward, contact: UUID) -> list[str]:
    return [way.address for way in (await ward.directory.contact(contact)).ways]


async def test_a_way_is_open_while_an_account_of_its_network_is(ward: Ward) -> None:
    grace = add(ward, "Grace", ("xmpp", "grace@x"), ("phone", "+4930123456"))
    assert await names(ward) == [] and await ways(ward, grace) == []
    account = await ward.signs_in("xmpp", "me@x")
    assert await names(ward) == ["Grace"] and await ways(ward, grace) == ["grace@x"]
    ward.trunk = ""
    assert await ways(ward, grace) == ["grace@x", "+4930123456"]
    ward.session("me@x").lost.set()
    await ward.is_open(account, False)
    assert await ways(ward, grace) == ["+4930123456"]


async def test_through_the_account_that_told_of_it(ward: Ward) -> None:
    await ward.signs_in("xmpp", "one@x")
    two = await ward.signs_in("xmpp", "two@x", Party("grace@x", "Grace", "xmpp"))
    [grace] = await ward.directory.contacts()
    assert [way.account for way in grace.ways] == [two]
    await ward.directory.dial(grace.ways[0], uuid4())
    assert ward.session("two@x").dialled == ["grace@x"]
    ward.session("two@x").lost.set()
    await ward.is_open(two, False)
    [grace] = await ward.directory.contacts()
    await ward.directory.dial(grace.ways[0], uuid4())
    assert ward.session("one@x").dialled == ["grace@x"]


async def test_programs_have_networks_of_their_own(ward: Ward) -> None:
    add(ward, "Typed", ("teams", "Typed"))
    add(ward, "Other", ("dino", "other@x"))
    await ward.signs_in("desktop", "me", Party("Told", "Told", "teams"), serves="teams")
    assert await names(ward) == ["Typed", "Told"]


async def test_who_is_told_first(ward: Ward, store: Store) -> None:
    await ward.signs_in("xmpp", "me@x", *(Party(f"{n}@x", n, "xmpp") for n in "ABCDE"))
    for name, online in (("D", True), ("E", True), ("A", False)):
        ward.session("me@x").desk.presence(Party(f"{name}@x"), online)
    by_name = {one.name: one.id for one in await ward.directory.contacts()}
    with store.begin() as db:
        contacts.talked(db, ward.user, by_name["B"], NOW)
        contacts.talked(db, ward.user, by_name["C"], NOW + timedelta(days=1))
    await ward.directory.talked(by_name["E"])
    await ward.directory.talked(uuid4())  # removed while they talked
    told = await ward.directory.contacts()
    assert [one.name for one in told] == ["E", "D", "C", "B", "A"]
    assert [one.online for one in told] == [True, True, False, False, False]
    assert told[0].talked is not None and told[0].speed_dial == "5"


async def test_the_best_way_is_first(ward: Ward) -> None:
    ward.trunk = ""
    grace = add(
        ward,
        "Grace",
        ("phone", "+4930123456"),
        ("sip", "sip:grace@x"),
        ("xmpp", "grace@x"),
        ("xmpp", "grace@y"),
        ("other", "grace"),
    )
    await ward.signs_in("sip", "me@provider")
    await ward.signs_in("xmpp", "me@x")
    await ward.signs_in("other", "me")
    ward.session("me@x").desk.presence(Party("grace@y"), True)
    assert await ways(ward, grace) == [
        "grace@y",  # online
        "grace",  # perhaps
        "+4930123456",  # perhaps, and costs money
        "sip:grace@x",
        "grace@x",  # not online
    ]


async def test_what_costs_money_is_counted(ward: Ward) -> None:
    for way, counted in (
        (OpenAddress("phone", "+4930123456"), True),
        (OpenAddress("sip", "sip:ada@x"), True),
        (OpenAddress("sip", "+4930123456"), True),
        (OpenAddress("linphone", "sip:ada@x"), True),
        (OpenAddress("xmpp", "ada@x"), False),
        (OpenAddress("teams", "Ada"), False),
    ):
        assert ward.directory.counted(way) is counted


async def test_numbers_go_through_the_trunk(ward: Ward) -> None:
    way = OpenAddress("phone", "+4930123456")
    with pytest.raises(NotAllowed, match="no_trunk"):
        await ward.directory.dial(way, uuid4())
    ward.trunk = ""
    leg = await ward.directory.dial(way, uuid4())
    assert ward.route.dialled == ["+4930123456"] and leg.remote.address == "+4930123456"


async def test_sip_goes_through_an_account_of_the_same_provider(ward: Ward) -> None:
    add(ward, "Grace", ("sip", "sip:grace@two.example"))
    add(ward, "Linus", ("sip", "sip:030123456@three.example"))
    await ward.signs_in("sip", "me@one.example")
    await ward.signs_in("sip", "me@two.example")
    for contact in await ward.directory.contacts():
        await ward.directory.dial(contact.ways[0], uuid4())
    assert ward.session("me@two.example").dialled == ["sip:grace@two.example"]
    assert ward.session("me@one.example").dialled == ["sip:+4930123456@three.example"]


@pytest.mark.parametrize(
    "network, address",
    [
        ("phone", "+499001234567"),
        ("phone", "0900 1234567"),
        ("phone", "110"),
        ("sip", "sip:09001234567@provider"),
        ("sip", "09001234567"),
        ("sip", "sip:112@provider"),
        ("sip", "sip:*21*09001234567@provider"),
        ("sip", "sip:+12025550100@provider"),
        ("teams", "tel:+499001234567"),
    ],
)
async def test_a_contact_is_no_way_to_an_expensive_number(
    ward: Ward, network: str, address: str
) -> None:
    """However it came into the store."""
    ward.trunk = ""
    eve = add(ward, "Eve", (network, address))
    await ward.signs_in("sip", "me@provider")
    await ward.signs_in("desktop", "me", serves="teams")
    [way] = (await ward.directory.contact(eve)).ways
    with pytest.raises((NotAllowed, UnknownTarget)):
        await ward.directory.dial(way, uuid4())
    assert not ward.route.dialled and not ward.session("me@provider").dialled
    assert not ward.session("me").dialled


async def test_a_way_that_was_made_up_leads_nowhere(ward: Ward, store: Store, bob: UUID) -> None:
    async with Ward.open(store, bob) as bobs:
        his = await bobs.signs_in("xmpp", "bob@x")
        mine = await ward.signs_in("xmpp", "me@x")
        for way in (
            OpenAddress("xmpp", "grace@x", his),
            OpenAddress("xmpp", "grace@x", uuid4()),
            OpenAddress("xmpp", "grace@x"),
            OpenAddress("matrix", "grace", mine),
        ):
            with pytest.raises(NotAllowed, match="no_way"):
                await ward.directory.dial(way, uuid4())
        ward.session("me@x").lost.set()
        await ward.is_open(mine, False)
        with pytest.raises(NotAllowed, match="no_way"):
            await ward.directory.dial(OpenAddress("xmpp", "grace@x", mine), uuid4())
        with pytest.raises(UnknownTarget, match="cannot_dial"):
            await bobs.directory.dial(OpenAddress("xmpp", "unknown@x", his), uuid4())


async def test_who_calls(ward: Ward) -> None:
    grace = add(ward, "Grace", ("phone", "+4930123456"), ("xmpp", "grace@x"))
    linus = add(ward, "Linus", ("sip", "sip:linus@example.org"))
    for address, network, expected in (
        ("+4930123456", "phone", grace),
        ("+4930123456", "sip", grace),
        ("030 123456", "sip", grace),
        ("sip:+4930123456@provider.example", "sip", grace),
        ("sip:030123456@provider.example", "sip", grace),
        ("grace@x", "xmpp", grace),
        ("grace@x", "", grace),
        ("sip:linus@Example.org", "sip", linus),
        ("linus@example.org", "sip", linus),
        ("grace@x", "matrix", None),
        ("linus@example.org", "xmpp", None),
        ("+4930123456", "xmpp", None),
        ("", "sip", None),
        ("anonymous", "sip", None),
        ("\x00", "", None),
        ("110", "sip", None),
    ):
        found = await ward.directory.who_has(address, network)
        assert (found.id if found else None) == expected, (address, network)


async def test_as_the_chat_sees_it(ward: Ward) -> None:
    grace = add(ward, "Grace", ("xmpp", "grace@x"), ("phone", "+4930123456"), ("sip", "sip:g@x"))
    await ward.signs_in("xmpp", "me@x", label="Private")
    ward.session("me@x").desk.presence(Party("grace@x"), True)
    ward.trunk = "FRITZ!Box"
    shown = await ward.directory.view(grace)
    assert [(way.network, way.account, way.open, way.online) for way in shown.ways] == [
        ("phone", "FRITZ!Box", True, None),
        ("sip", "", False, None),
        ("xmpp", "Private", True, True),
    ]
    page = await ward.directory.page(ListContacts(user=ward.user, search="gra"))
    assert page.contacts == (shown,) and page.total == 1
    for way in shown.ways:
        if way.open:
            chosen = await ward.directory.way(grace, way.id)
            assert (chosen.network, chosen.address) == (way.network, way.address)
        else:
            with pytest.raises(NotAllowed, match="no_way"):
                await ward.directory.way(grace, way.id)


async def test_nobody_reaches_another_one_s_contacts(ward: Ward, store: Store, bob: UUID) -> None:
    grace = add(ward, "Grace", ("xmpp", "grace@x"))
    with store.reading() as db:
        [way] = contacts.get(db, ward.user, grace).ways
    async with Ward.open(store, bob) as bobs:
        await bobs.signs_in("xmpp", "bob@x")
        for attempt in (
            lambda: bobs.directory.contact(grace),
            lambda: bobs.directory.view(grace),
            lambda: bobs.directory.way(grace, way.id),
        ):
            with pytest.raises(UnknownTarget, match="no_such_"):
                await attempt()
        await bobs.directory.talked(grace)
        assert await bobs.directory.contacts() == []
        assert await bobs.directory.who_has("grace@x", "xmpp") is None
    assert (await ward.directory.contact(grace)).talked is None


async def test_a_session_that_fails_says_so(ward: Ward, monkeypatch: pytest.MonkeyPatch) -> None:
    account = await ward.signs_in("xmpp", "me@x")

    async def down(*_: object) -> None:
        raise NetworkDown("registrar_unreachable")

    monkeypatch.setattr(ward.session("me@x"), "dial", down)
    with pytest.raises(HouseError, match="registrar_unreachable"):
        await ward.directory.dial(OpenAddress("xmpp", "grace@x", account), uuid4())
