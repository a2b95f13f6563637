"""The people a user can call: their numbers for ever, their addresses, and finding them."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert
from sqlalchemy.orm import Session

from bridge.errors import BadInput, HouseError, NotAllowed, UnknownTarget
from bridge.store import Store
from bridge.store.contacts import contact_edits, contact_search, contacts, speed_dials
from bridge.store.contacts.contacts import Contact, Known
from bridge.store.people import accounts
from tests.bridge.store.conftest import NOW, person
from tests.bridge.store.crowd import at_once


def add(store: Store, user: UUID, name: str, address: str = "", network: str = "xmpp") -> Contact:
    with store.begin() as db:
        place = address or f"{name.lower()}@x"
        return contact_edits.add(db, user, name, network, place).contact


def numbers(store: Store, user: UUID) -> dict[str, int]:
    with store.reading() as db:
        return {one.contact.name: one.contact.speed_dial for one in contacts.of_user(db, user)}


def addresses(known: Known) -> list[str]:
    return [way.address for way in known.ways]


# --- speed dials


def test_the_order_of_the_numbers() -> None:
    number, given = speed_dials.FIRST, []
    for _ in range(8 + 64 + 512):
        given.append(str(number))
        number = speed_dials.after(number)
    assert given[:17] == [*"12345678", *(f"1{n}" for n in range(1, 9)), "21"]
    assert given[71:73] == ["88", "111"] and given[-1] == "888"
    assert not set("".join(given)) - set("12345678")


def test_each_gets_the_next_one_and_keeps_it(store: Store, ada: UUID, bob: UUID) -> None:
    for letter in "ABCDEFGHIJ":
        add(store, ada, letter)
    add(store, bob, "Other")
    assert numbers(store, ada) == dict(
        zip("ABCDEFGHIJ", [1, 2, 3, 4, 5, 6, 7, 8, 11, 12], strict=True)
    )
    assert numbers(store, bob) == {"Other": 1}


def test_a_number_that_was_somebody_s_is_given_to_nobody_else(store: Store, ada: UUID) -> None:
    kept, gone = add(store, ada, "Kept"), add(store, ada, "Gone")
    with store.begin() as db:
        contact_edits.remove(db, ada, gone.id)
        contact_edits.change(db, ada, kept.id, speed_dial="4")
        contact_edits.change(db, ada, kept.id, speed_dial="5")
    assert [add(store, ada, name).speed_dial for name in "XYZ"] == [3, 6, 7]


def test_but_the_user_may_choose_it(store: Store, ada: UUID) -> None:
    gone, other = add(store, ada, "Gone"), add(store, ada, "Other")
    with store.begin() as db:
        contact_edits.remove(db, ada, gone.id)
        contact_edits.change(db, ada, other.id, speed_dial=" 1 ")
        contact_edits.change(db, ada, other.id, speed_dial="1")
    assert numbers(store, ada) == {"Other": 1}


@pytest.mark.parametrize("typed", ["", "9", "10", "1a", "1234567", "-1", "١", "1*", "0"])
def test_a_number_that_cannot_be_one(store: Store, ada: UUID, typed: str) -> None:
    contact = add(store, ada, "Eve")
    with pytest.raises(BadInput, match="bad_speed_dial"), store.begin() as db:
        contact_edits.change(db, ada, contact.id, name="Evil", speed_dial=typed)
    assert numbers(store, ada) == {"Eve": 1}


def test_a_number_is_one_contact_s(store: Store, ada: UUID) -> None:
    add(store, ada, "Eve")
    second = add(store, ada, "Fay")
    with pytest.raises(BadInput) as why, store.begin() as db:
        contact_edits.change(db, ada, second.id, speed_dial="1")
    assert (why.value.code, why.value.facts) == ("speed_dial_taken", {"name": "Eve"})


def _draw(meet: Callable[[], object], url: str, user: UUID) -> list[int]:
    with Store.open(url) as store:
        meet()
        return [add(store, user, str(uuid4())).speed_dial for _ in range(5)]


def test_two_programs_never_give_the_same_number(store: Store, url: str, ada: UUID) -> None:
    drawn = [number for one in at_once(2, _draw, url, ada) for number in one]
    assert sorted(drawn) == [1, 2, 3, 4, 5, 6, 7, 8, 11, 12]


# --- names and addresses


def test_texts_are_cleaned_and_a_name_is_never_empty(store: Store, ada: UUID) -> None:
    contact = add(store, ada, "\u202e Ada\n  Lovelace\x00")
    assert contact.name == "Ada Lovelace"
    with store.begin() as db:
        changed = contact_edits.change(db, ada, contact.id, name="\x00", sounds_like=" Ay-da\n")
        assert (changed.contact.name, changed.contact.sounds_like) == ("Ada Lovelace", "Ay-da")
        assert contact_edits.change(db, ada, contact.id, sounds_like="").contact.sounds_like == ""
    assert add(store, ada, "", "nameless@x").name == "nameless@x"


def test_adding_an_address_that_is_known_renames_its_contact(store: Store, ada: UUID) -> None:
    first = add(store, ada, "Ada", "ada@x")
    assert add(store, ada, "Ada L.", "ada@x").id == first.id
    assert add(store, ada, "", "ada@x").name == "Ada L."
    assert numbers(store, ada) == {"Ada L.": 1}


def test_an_address_moves_over_and_who_has_none_is_gone(store: Store, ada: UUID) -> None:
    first, second = add(store, ada, "One", "a@x"), add(store, ada, "Two", "b@x")
    with store.begin() as db:
        contact_edits.add_way(db, ada, second.id, "phone", "+4930123456")
        contact_edits.add_way(db, ada, second.id, "phone", "+4930123456")
        assert addresses(contact_edits.add_way(db, ada, first.id, "xmpp", "b@x")) == ["a@x", "b@x"]
    with store.begin() as db:
        assert addresses(contacts.get(db, ada, second.id)) == ["+4930123456"]
        contact_edits.add_way(db, ada, first.id, "phone", "+4930123456")
    assert numbers(store, ada) == {"One": 1}
    assert add(store, ada, "Three").speed_dial == 3


def test_an_address_is_removed_and_the_contact_stays(store: Store, ada: UUID) -> None:
    contact = add(store, ada, "One", "a@x")
    with store.begin() as db:
        [way] = contacts.get(db, ada, contact.id).ways
        assert contact_edits.remove_way(db, ada, contact.id, way.id).ways == ()
        with pytest.raises(UnknownTarget, match="no_such_way"):
            contact_edits.remove_way(db, ada, contact.id, way.id)


def test_an_account_that_goes_leaves_its_contacts(store: Store, ada: UUID) -> None:
    contact = add(store, ada, "One", "a@x")
    with store.begin() as db:
        row = accounts.keep(db, ada, "xmpp", "me@x", options={}, secrets={}, now=NOW)
        contacts.get(db, ada, contact.id).ways[0].account_id = row.id
        db.flush()
        accounts.remove(db, ada, row.id)
    with store.begin() as db:
        assert contacts.get(db, ada, contact.id).ways[0].account_id is None


def test_what_cannot_be_kept_whole_is_no_address() -> None:
    assert contacts.fits("xmpp", "a@" + "x" * 300)
    for network, address in (
        ("xmpp", "a@" + "x" * 400),
        ("xmpp", "a\n@x"),
        ("xmpp", " a@x"),
        ("xmpp", "\u202ea@x"),
        ("xmpp", ""),
        ("", "a@x"),
        ("x" * 31, "a@x"),
    ):
        assert not contacts.fits(network, address)


def test_there_is_an_end_to_it(store: Store, ada: UUID) -> None:
    contact = add(store, ada, "One")
    with store.begin() as db:
        for n in range(1, contacts.MOST_WAYS):
            contact_edits.add_way(db, ada, contact.id, "xmpp", f"{n}@x")
        with pytest.raises(NotAllowed) as why:
            contact_edits.add_way(db, ada, contact.id, "xmpp", "one-more@x")
        assert (why.value.code, why.value.facts) == ("too_many_ways", {"limit": "20"})
        more = range(contacts.MOST - 1)
        rows = [{"user_id": ada, "name": str(n), "speed_dial": 10**6 + n} for n in more]
        db.execute(insert(Contact), rows)
    with pytest.raises(NotAllowed) as why:
        add(store, ada, "One more")
    assert (why.value.code, why.value.facts) == ("too_many_contacts", {"limit": "2000"})


# --- finding


@pytest.fixture
def people(store: Store, ada: UUID) -> dict[str, UUID]:
    named = [
        add(store, ada, "Zoë Müller", "+4917112345678", "phone"),
        add(store, ada, "Ada Lovelace"),
        add(store, ada, "Adam Müller-Lüdenscheidt"),
        add(store, ada, "Grace Hopper", "sip:grace@navy.example", "sip"),
        add(store, ada, "Ada"),
    ]
    return {contact.name: contact.id for contact in named}


def found(store: Store, user: UUID, typed: str) -> list[str]:
    with store.reading() as db:
        rows, total = contact_search.matching(db, user, typed, 10)
    assert total == len(rows)
    return [one.contact.name for one in rows]


@pytest.mark.parametrize(
    "typed, expected",
    [
        ("ada", ["Ada", "Ada Lovelace", "Adam Müller-Lüdenscheidt"]),
        ("ADA L", ["Ada Lovelace"]),
        ("lovelace ada", ["Ada Lovelace"]),
        ("zoe", ["Zoë Müller"]),
        ("muller", ["Zoë Müller", "Adam Müller-Lüdenscheidt"]),
        ("scheidt", ["Adam Müller-Lüdenscheidt"]),
        ("4", ["Grace Hopper"]),
        ("0171 1234", ["Zoë Müller"]),
        ("+49 171 12345678", ["Zoë Müller"]),
        ("SIP:grace@navy.example", ["Grace Hopper"]),
        ("nobody", []),
        ("  ", []),
        ("%", []),
        ("00", []),
    ],
)
def test_finding(
    store: Store, ada: UUID, people: dict[str, UUID], typed: str, expected: list[str]
) -> None:
    assert found(store, ada, typed) == expected


def test_pages(store: Store, ada: UUID, people: dict[str, UUID]) -> None:
    with store.begin() as db:
        contacts.talked(db, ada, people["Grace Hopper"], NOW)
        contacts.talked(db, ada, people["Ada"], NOW + timedelta(days=1))
        rows, total = contacts.page(db, ada, 2, 1)
        assert ([one.contact.speed_dial for one in rows], total) == ([2, 3], 5)
        rows, _ = contacts.page(db, ada, 3, recent=True)
        assert [one.contact.name for one in rows] == ["Ada", "Grace Hopper", "Zoë Müller"]
        rows, total = contact_search.matching(db, ada, "ada", 1, 1)
        assert ([one.contact.name for one in rows], total) == (["Ada Lovelace"], 3)


def test_whose_address_it_is(store: Store, ada: UUID, people: dict[str, UUID]) -> None:
    with store.reading() as db:
        zoe = contacts.who_has(db, ada, [("sip", "+4917112345678"), ("phone", "+4917112345678")])
        assert zoe is not None and zoe.contact.id == people["Zoë Müller"]
        assert contacts.who_has(db, ada, [("xmpp", "+4917112345678")]) is None
        assert contacts.who_has(db, ada, []) is None
        ada_l = contacts.who_is_at(db, ada, "ada lovelace@x")
        assert ada_l is not None and ada_l.contact.id == people["Ada Lovelace"]


# --- of one user only


def test_nobody_reaches_the_contacts_of_another(store: Store, ada: UUID) -> None:
    eve = person(store, "Eve")
    contact = add(store, ada, "Ada", "ada@x")
    eves = add(store, eve, "Eve", "ada@x")  # the same address, a contact of her own
    with store.reading() as db:
        [way] = contacts.get(db, ada, contact.id).ways
    acts: list[Callable[[Session], object]] = [
        lambda db: contacts.get(db, eve, contact.id),
        lambda db: contacts.talked(db, eve, contact.id, NOW),
        lambda db: contacts.way(db, eve, contact.id, way.id),
        lambda db: contacts.way(db, eve, eves.id, way.id),
        lambda db: contact_edits.change(db, eve, contact.id, name="Mine"),
        lambda db: contact_edits.add_way(db, eve, contact.id, "xmpp", "eve@x"),
        lambda db: contact_edits.remove_way(db, eve, contact.id, way.id),
        lambda db: contact_edits.remove_way(db, eve, eves.id, way.id),
        lambda db: contact_edits.remove(db, eve, contact.id),
    ]
    for act in acts:
        with pytest.raises(HouseError, match="no_such_"), store.begin() as db:
            act(db)
    with store.begin() as db:
        contact_edits.add_way(db, eve, eves.id, "xmpp", "ada@x")
        assert contacts.some(db, eve, [contact.id]) == []
        holder = contacts.who_is_at(db, eve, "ada@x")
        assert holder is not None and holder.contact.id == eves.id
        assert addresses(contacts.get(db, ada, contact.id)) == ["ada@x"]
    assert found(store, eve, "ada") == [] and numbers(store, ada) == {"Ada": 1}
