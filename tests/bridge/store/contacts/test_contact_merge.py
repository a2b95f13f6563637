"""Rosters and address books: who is known, who is the same, who is new."""

import time
from uuid import UUID

import pytest

from bridge.store import Store
from bridge.store.contacts import contact_edits, contact_merge, contacts
from bridge.store.contacts.contact_merge import Outcome, RosterEntry
from bridge.store.people import accounts
from tests.bridge.store.conftest import NOW, counted

Known = dict[str, list[tuple[str, str]]]


@pytest.fixture
def account(store: Store, ada: UUID) -> UUID:
    with store.begin() as db:
        return accounts.keep(db, ada, "xmpp", "me@x", options={}, secrets={}, now=NOW).id


def on_xmpp(name: str, address: str) -> RosterEntry:
    return RosterEntry(name, (("xmpp", address),))


def tell(store: Store, user: UUID, *entries: RosterEntry, account: UUID | None = None) -> Outcome:
    with store.reading() as db:
        news = contact_merge.is_news(db, user, entries, account)
    with store.begin() as db:
        outcome = contact_merge.merge(db, user, entries, account)
    assert news or not (outcome.added or outcome.changed)
    with store.reading() as db:
        assert not contact_merge.is_news(db, user, entries, account)
    return outcome


def known(store: Store, user: UUID) -> Known:
    with store.reading() as db:
        return {
            one.contact.name: [(way.network, way.address) for way in one.ways]
            for one in contacts.of_user(db, user)
        }


def test_a_roster_makes_contacts_and_makes_them_once(
    store: Store, ada: UUID, bob: UUID, account: UUID
) -> None:
    roster = [on_xmpp("Grace", "grace@x"), on_xmpp("", "nobody@x"), on_xmpp("Linus", "linus@x")]
    assert tell(store, ada, *roster, account=account).added == 3
    assert tell(store, ada, *roster, account=account) == Outcome()
    assert list(known(store, ada)) == ["Grace", "nobody@x", "Linus"]
    assert known(store, bob) == {}
    with store.reading() as db:
        rows = contacts.of_user(db, ada)
    assert [one.contact.speed_dial for one in rows] == [1, 2, 3]
    assert {way.account_id for one in rows for way in one.ways} == {account}


def test_who_is_called_the_same_is_the_same(store: Store, ada: UUID, account: UUID) -> None:
    with store.begin() as db:
        contact_edits.add(db, ada, "Zoë", "phone", "+4930123456")
    outcome = tell(store, ada, on_xmpp("ZOË", "zoe@x"), account=account)
    assert (outcome.added, outcome.changed) == (0, 1)
    assert known(store, ada) == {"Zoë": [("phone", "+4930123456"), ("xmpp", "zoe@x")]}


def test_but_not_two_of_one_roster(store: Store, ada: UUID, account: UUID) -> None:
    """Two people called Anna: nobody is dialled on a guess."""
    roster = [on_xmpp("Anna", "anna@x"), on_xmpp("Anna", "anna@y")]
    assert tell(store, ada, *roster, account=account).added == 2
    assert tell(store, ada, *reversed(roster), account=account).added == 0


def test_what_the_user_has_changed_stays(store: Store, ada: UUID, account: UUID) -> None:
    tell(store, ada, on_xmpp("Grace", "grace@x"), on_xmpp("Linus", "linus@x"), account=account)
    with store.begin() as db:
        grace, linus = (one.contact for one in contacts.of_user(db, ada))
        contact_edits.change(db, ada, grace.id, name="Amazing Grace", speed_dial="77")
        contact_edits.add_way(db, ada, grace.id, "xmpp", "linus@x")
    assert linus.name == "Linus"
    tell(store, ada, on_xmpp("Grace", "grace@x"), on_xmpp("Linus", "linus@x"), account=account)
    assert known(store, ada) == {"Amazing Grace": [("xmpp", "grace@x"), ("xmpp", "linus@x")]}


def test_a_name_comes_later(store: Store, ada: UUID, account: UUID) -> None:
    tell(store, ada, on_xmpp("", "grace@x"), account=account)
    assert tell(store, ada, on_xmpp("Grace", "grace@x"), account=account).changed == 1
    assert list(known(store, ada)) == ["Grace"]
    assert tell(store, ada, on_xmpp("G.", "grace@x"), account=account).changed == 0


def test_an_address_that_was_typed_is_later_told(store: Store, ada: UUID, account: UUID) -> None:
    with store.begin() as db:
        contact_edits.add(db, ada, "Grace", "xmpp", "grace@x")
    outcome = tell(store, ada, on_xmpp("G.", "grace@x"), account=account)
    assert (outcome.added, outcome.changed) == (0, 0)
    with store.reading() as db:
        assert contacts.of_user(db, ada)[0].ways[0].account_id == account


def test_an_entry_of_an_address_book_is_one_contact(store: Store, ada: UUID) -> None:
    with store.begin() as db:
        contact_edits.add(db, ada, "Grace H.", "phone", "+4930111")
        contact_edits.add(db, ada, "Linus", "xmpp", "linus@x")
    outcome = tell(
        store,
        ada,
        RosterEntry("Grace Hopper", (("phone", "+4930222"), ("phone", "+4930111"))),
        RosterEntry("linus", (("phone", "+4930333"),)),
        RosterEntry("linus", (("phone", "+4930334"),)),
        RosterEntry("Nobody", ()),
        RosterEntry("Ada", (("phone", "+4930444"), ("xmpp", "linus@x"))),
        RosterEntry("New", (("phone", "+4930555"), ("phone", "+4930555"), ("sip", "sip:new@x"))),
    )
    assert (outcome.added, outcome.changed, outcome.left_out) == (2, 2, [])
    assert known(store, ada) == {
        "Grace H.": [("phone", "+4930111"), ("phone", "+4930222")],
        "Linus": [
            ("phone", "+4930333"),
            ("phone", "+4930334"),
            ("xmpp", "linus@x"),
        ],
        "Ada": [("phone", "+4930444")],
        "New": [("phone", "+4930555"), ("sip", "sip:new@x")],
    }


HOUSEHOLD = (
    RosterEntry("Ada Lovelace", (("phone", "+4930111"), ("phone", "+49151111"))),
    RosterEntry("Bob Lovelace", (("phone", "+4930111"), ("phone", "+49151222"))),
)


def test_two_who_share_a_number_stay_two(store: Store, ada: UUID) -> None:
    for times in range(2):
        outcome = tell(store, ada, *HOUSEHOLD)
        assert (outcome.added, outcome.changed, outcome.sharing) == (0 if times else 2, 0, [])
    assert {name: set(ways) for name, ways in known(store, ada).items()} == {
        "Ada Lovelace": {("phone", "+4930111"), ("phone", "+49151111")},
        "Bob Lovelace": {("phone", "+49151222")},
    }
    later = RosterEntry("Bob Lovelace", (*HOUSEHOLD[1].addresses, ("phone", "+49151333")))
    assert tell(store, ada, later).changed == 1
    assert known(store, ada)["Bob Lovelace"] == [("phone", "+49151222"), ("phone", "+49151333")]


def test_who_has_only_another_ones_number_is_named(store: Store, ada: UUID) -> None:
    landline = (("phone", "+4930111"),)
    outcome = tell(
        store, ada, *HOUSEHOLD,
        RosterEntry("Cy Lovelace", landline), RosterEntry("Bob Lovelace", landline),
        RosterEntry("", landline), RosterEntry("Ada L.", landline),
    )  # fmt: skip
    assert (outcome.added, outcome.sharing) == (2, ["Cy Lovelace"])
    assert list(known(store, ada)) == ["Ada Lovelace", "Bob Lovelace"]


@pytest.mark.parametrize(
    "other, same",
    [
        ("grace hopper", True),
        ("Grace", True),
        ("G. Hopper", True),
        ("Grace Hopper Murray", True),
        ("", True),
        ("Gra", False),
        ("Hopper", False),
        ("Vincent Hopper", False),
        ("Grace V.", False),
        ("…", False),
    ],
)
def test_who_is_called_otherwise_may_be_the_same(
    store: Store, ada: UUID, other: str, same: bool
) -> None:
    tell(store, ada, RosterEntry("Grace Hopper", (("phone", "+4930111"),)))
    tell(store, ada, RosterEntry(other, (("phone", "+4930111"), ("phone", "+4930222"))))
    assert (len(known(store, ada)) == 1) == same


def test_hostile_texts(store: Store, ada: UUID, account: UUID) -> None:
    tell(
        store,
        ada,
        on_xmpp("\u202eevil\x00" + "x" * 100_000, "a@x"),
        on_xmpp("cut", "y" * 1000),
        on_xmpp("control", "a\x00@x"),
        on_xmpp("lone \ud800", "b@x"),
        on_xmpp("'; DROP TABLE contacts; --", "c@x"),
        account=account,
    )
    names = list(known(store, ada))
    assert names[0] == ("evil" + "x" * 196)
    assert names[1:] == ["lone", "'; DROP TABLE contacts; --"]


def test_one_contact_has_an_end_of_addresses(store: Store, ada: UUID) -> None:
    many = tuple(("phone", f"+49301{n:04}") for n in range(500))
    tell_once = RosterEntry("Call centre", many)
    with store.begin() as db:
        contact_merge.merge(db, ada, [tell_once])
    assert len(known(store, ada)["Call centre"]) == contacts.MOST_WAYS


def test_two_thousand_at_once(store: Store, ada: UUID, account: UUID) -> None:
    roster = [on_xmpp(f"Friend {n}", f"friend{n}@x") for n in range(contacts.MOST + 5)]
    began = time.process_time()
    with counted(store) as said, store.begin() as db:
        outcome = contact_merge.merge(db, ada, roster, account)
    assert (outcome.added, len(outcome.left_out)) == (contacts.MOST, 5)
    assert len(said) < 20, said
    assert time.process_time() - began < 5  # a fifth of a second on an idle machine
    with counted(store) as said, store.reading() as db:
        assert not contact_merge.is_news(db, ada, roster, account)
    assert len(said) < 6
    with store.reading() as db:
        last = contacts.of_user(db, ada)[-1].contact
        # 584 have three digits at most; counted from 0 it is the 1415th, 2607 in octal, of the rest
        assert last.speed_dial == 3718
