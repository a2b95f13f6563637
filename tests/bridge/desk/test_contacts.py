"""The contacts as the chat asks for them, and where the front desk knows what from."""

from uuid import uuid4

import pytest

from bridge.api.commands.calls import RunningCalls
from bridge.api.commands.contacts import (
    AddContact,
    AddContactAddress,
    CallContact,
    ChangeContact,
    GetContact,
    ImportContacts,
    ListContacts,
    RemoveContact,
    RemoveContactAddress,
)
from bridge.api.contact_views import ContactAddressView, ContactsPage, ContactView
from bridge.api.views import UserView
from bridge.errors import BadInput, HouseError, NetworkDown, NotAllowed, UnknownTarget
from bridge.store.contacts import contact_merge, contacts
from bridge.store.contacts.address_reader import understood
from bridge.store.contacts.contact_merge import RosterEntry
from bridge.store.people import accounts
from tests.bridge.desk.conftest import NOW, Office, dialable
from tests.bridge.desk.test_vcards import ANDROID, APPLE, NOKIA


@pytest.fixture
async def ada(office: Office) -> UserView:
    return await office.member(1, "Ada")


async def add(office: Office, ada: UserView, name: str, address: str) -> ContactView:
    return await office.client.ask(AddContact(user=ada.id, name=name, address=address))


async def listed(office: Office, ada: UserView, **options: object) -> list[str]:
    page = await office.client.ask(ListContacts(user=ada.id, **options))
    return [f"{one.speed_dial} {one.name}" for one in page.contacts]


async def test_from_the_first_to_the_last(office: Office, ada: UserView) -> None:
    grace = await add(office, ada, "Grace", "030 123456")
    assert (grace.speed_dial, grace.ways[0].network, grace.ways[0].address) == (
        "1",
        "phone",
        "+4930123456",
    )
    await add(office, ada, "Ben", "sip:ben@Example.org")
    changed = await office.client.ask(
        ChangeContact(user=ada.id, contact=grace.id, speed_dial="77", sounds_like="Grayce")
    )
    assert (changed.name, changed.speed_dial, changed.sounds_like) == ("Grace", "77", "Grayce")
    both = await office.client.ask(
        AddContactAddress(user=ada.id, contact=grace.id, address="sip:ben@example.org")
    )
    assert [way.address for way in both.ways] == ["+4930123456", "sip:ben@example.org"]
    assert await listed(office, ada) == ["77 Grace"]
    left = await office.client.ask(
        RemoveContactAddress(user=ada.id, contact=grace.id, way=both.ways[0].id)
    )
    assert left == await office.client.ask(GetContact(user=ada.id, contact=grace.id))
    await office.client.ask(RemoveContact(user=ada.id, contact=grace.id))
    assert await listed(office, ada) == []
    with pytest.raises(UnknownTarget, match="no_such_contact"):
        await office.client.ask(GetContact(user=ada.id, contact=grace.id))


async def test_pages_and_searches(office: Office, ada: UserView) -> None:
    for number, name in enumerate(("Grace", "Ben", "Bea")):
        await add(office, ada, name, f"030 12345{number}")
    assert await listed(office, ada, limit=2, offset=1) == ["2 Ben", "3 Bea"]
    assert await listed(office, ada, search=" BE ") == ["2 Ben", "3 Bea"]
    page = await office.client.ask(ListContacts(user=ada.id, search="be", limit=1))
    assert (len(page.contacts), page.total) == (1, 2)
    bea = page.contacts[0].id
    await office.store.run(contacts.talked, ada.id, bea, NOW)
    assert (await listed(office, ada, recent=True))[0] == "2 Ben"


async def test_who_is_online_the_worker_knows(office: Office, ada: UserView) -> None:
    grace = await add(office, ada, "Grace", "xmpp:grace@x")
    assert not grace.ways[0].open  # nobody serves the accounts now
    way = ContactAddressView(id=uuid4(), network="xmpp", address="grace@x", open=True, online=True)
    live = grace.model_copy(update={"ways": (way,)})
    office.workers.replies = {
        GetContact: live.model_dump(mode="json"),
        ListContacts: ContactsPage(contacts=(live,), total=1).model_dump(mode="json"),
    }
    assert await office.client.ask(GetContact(user=ada.id, contact=grace.id)) == live
    page = await office.client.ask(ListContacts(user=ada.id))
    assert page.contacts == (live,)
    office.workers.replies = {RunningCalls: []}  # it is there, and does not answer
    assert await office.client.ask(GetContact(user=ada.id, contact=grace.id)) == grace


@pytest.mark.parametrize(
    "address, code",
    [
        ("0900 1234567", "number_type_not_allowed"),
        ("tel:09001234567", "number_type_not_allowed"),
        ("phone:09001234567", "number_type_not_allowed"),
        ("110", "emergency_number"),
        ("tel:112", "emergency_number"),
        ("11833", "short_number"),
        ("+1 202 555 0100", "country_not_allowed"),
        ("sip:+499001234567@x.example", "number_type_not_allowed"),
        ("SIP:112@x.example", "emergency_number"),
        ("sips:ada@x.example", "bad_sip_address"),
        ("sip:ada@x.example;user=phone", "bad_sip_address"),
        ("sip:%30900@x.example", "bad_sip_address"),
        ("https://x.example", "no_such_network"),
        ("xmpp:", "invalid_number"),
        ("", "invalid_number"),
        ("nobody", "invalid_number"),
        ("xmpp:" + "x" * 400, "too_long"),
    ],
)
async def test_what_cannot_be_called_is_no_contact(
    office: Office, ada: UserView, address: str, code: str
) -> None:
    grace = await add(office, ada, "Grace", "030 123456")
    for command in (
        AddContact(user=ada.id, name="Eve", address=address),
        AddContactAddress(user=ada.id, contact=grace.id, address=address),
    ):
        with pytest.raises(HouseError) as why:
            await office.client.ask(command)
        assert why.value.code == code
    assert await listed(office, ada) == ["1 Grace"]


@pytest.mark.parametrize(
    "typed, networks, expected",
    [
        ("+49 (30) 12-34.56", set(), ("phone", "+4930123456")),
        ("tel:+49-30-123456;ext=", set(), ("phone", "+4930123456")),
        ("ada@example.org", set(), ("sip", "sip:ada@example.org")),
        ("ada@example.org", {"sip", "xmpp"}, ("sip", "sip:ada@example.org")),
        ("ada@example.org:5070", set(), ("sip", "sip:ada@example.org:5070")),
        ("Ada@Example.org", {"xmpp"}, ("xmpp", "ada@example.org")),
        ("XMPP:Ada%40Example.org", set(), ("xmpp", "ada@example.org")),
        ("teams:Ada Lovelace", set(), ("teams", "Ada Lovelace")),
        ("Ada \u202e Lovelace", {"sip", "teams"}, ("teams", "Ada Lovelace")),
        ("tel:ada@example.org", set(), ("sip", "sip:ada@example.org")),
        ("teams:Ada%0A%20Lovelace%00", set(), ("teams", "Ada Lovelace")),
        ("@ada:matrix.example", {"matrix"}, ("matrix", "@ada:matrix.example")),
    ],
)
def test_addresses_are_understood(
    office: Office, typed: str, networks: set[str], expected: tuple[str, str]
) -> None:
    assert understood(typed, networks, lambda one: dialable(office.settings, one)) == expected


async def test_a_program_s_network_is_known_by_its_contacts(office: Office, ada: UserView) -> None:
    def tell(db):
        row = accounts.keep(db, ada.id, "desktop", "me", options={}, secrets={}, now=NOW)
        contact_merge.merge(db, ada.id, [RosterEntry("Ben", (("teams", "Ben"),))], row.id)

    await office.store.run(tell)
    grace = await add(office, ada, "Grace", "Grace Hopper")
    assert (grace.ways[0].network, grace.ways[0].address) == ("teams", "Grace Hopper")


# --- address books


async def bring(office: Office, ada: UserView, text: str) -> tuple[int, int, tuple[str, ...]]:
    told = await office.client.ask(ImportContacts(user=ada.id, vcards=text))
    return told.added, told.changed, told.skipped


async def test_an_address_book_is_brought_twice(office: Office, ada: UserView) -> None:
    subscriber = APPLE + ANDROID + NOKIA
    await add(office, ada, "jörg müller", "030 999999")
    # an Austrian number is not allowed in this house, and nobody has an account of Skype's
    assert await bring(office, ada, subscriber) == (1, 1, ("Kurt Gödel",))
    assert await bring(office, ada, subscriber) == (0, 0, ("Kurt Gödel",))
    page = await office.client.ask(ListContacts(user=ada.id))
    assert {
        one.name: [(way.network, way.address) for way in one.ways] for one in page.contacts
    } == {
        "jörg müller": [
            ("phone", "+491722345678"),
            ("phone", "+4930999999"),
            ("xmpp", "joerg@example.org"),
        ],
        "Ada King Lovelace": [
            ("phone", "+491712345678"),
            ("phone", "+4930123456"),
            ("xmpp", "ada@example.org"),
        ],
    }


async def test_numbers_that_are_never_dialled_are_named(office: Office, ada: UserView) -> None:
    told = await bring(
        office,
        ada,
        "BEGIN:VCARD\nFN:Hot\u202eline\nTEL:0900 1234567\nEND:VCARD\n"
        "BEGIN:VCARD\nTEL:110\nEND:VCARD\n"
        "BEGIN:VCARD\nFN:By mail\nEMAIL:a@x\nEND:VCARD\n"
        "BEGIN:VCARD\nEND:VCARD\n"
        "BEGIN:VCARD\nFN:Shop\nTEL:030 123456\nTEL:0137 123456\nTEL:sip:112@x\nEND:VCARD\n",
    )
    assert told == (1, 0, ("Hotline", "110", "By mail", "Shop (0137 123456)", "Shop (sip:112@x)"))


async def test_who_has_only_another_ones_number_is_named(office: Office, ada: UserView) -> None:
    cards = [f"BEGIN:VCARD\nFN:{name}\nTEL:030 123456\nEND:VCARD\n" for name in ("Ada", "Bob")]
    told = await office.client.ask(ImportContacts(user=ada.id, vcards="".join(cards)))
    assert (told.added, told.skipped, told.sharing) == (1, (), ("Bob",))


async def test_a_file_that_is_none(office: Office, ada: UserView) -> None:
    with pytest.raises(BadInput, match="bad_vcard"):
        await bring(office, ada, "PK\x03\x04")


async def test_as_many_as_there_is_room_for(
    office: Office, ada: UserView, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contact_merge, "MOST", 1)
    told = await office.client.ask(ImportContacts(user=ada.id, vcards=APPLE + ANDROID))
    assert (told.added, told.skipped, told.left_out) == (1, (), ("Jörg Müller",))
    with pytest.raises(NotAllowed, match="too_many_contacts"):
        await bring(office, ada, ANDROID)


# --- calling


async def test_a_call_goes_to_the_worker_when_all_is_there(office: Office, ada: UserView) -> None:
    grace = await add(office, ada, "Grace", "030 123456")
    ben = await add(office, ada, "Ben", "030 123457")
    wanted = CallContact(user=ada.id, contact=grace.id, way=grace.ways[0].id)
    with pytest.raises(NetworkDown):
        await office.client.ask(wanted)
    assert office.workers.sent == [(ada.id, wanted)]
    for wrong, code in (
        ({"way": ben.ways[0].id}, "no_such_way"),
        ({"way": uuid4()}, "no_such_way"),
        ({"phone": uuid4()}, "no_such_phone"),
        ({"contact": uuid4()}, "no_such_contact"),
    ):
        with pytest.raises(UnknownTarget, match=code):
            await office.client.ask(wanted.model_copy(update=wrong))
    assert len(office.workers.sent) == 1
