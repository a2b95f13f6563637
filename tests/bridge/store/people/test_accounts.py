"""Accounts and their secrets."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from bridge.errors import BadInput, SetupFault, UnknownTarget
from bridge.store import Store
from bridge.store.people import accounts
from bridge.terms import Health
from tests.bridge.store.conftest import NOW

ADDRESS = "sip:ada@example.org"
LATER = NOW + timedelta(minutes=5)


def keep(store: Store, user: UUID, address: str = ADDRESS, password: str = "first", **more: object):
    with store.begin() as db:
        return accounts.keep(
            db,
            user,
            "sip",
            address,
            options={"transport": "tls"},
            secrets={"password": password},
            now=NOW,
            **more,
        )


def test_an_account_keeps_its_secrets_sealed(store: Store, ada: UUID) -> None:
    row = keep(store, ada, password="open sesame")
    assert b"open sesame" not in row.sealed and row.options == {"transport": "tls"}
    assert (row.label, row.enabled, row.health) == (ADDRESS, True, Health.CONNECTING)
    with store.begin() as db:
        assert accounts.secrets(db, ada, row.id) == {"password": "open sesame"}


def test_a_secret_copied_to_another_row_does_not_open(store: Store, ada: UUID, bob: UUID) -> None:
    rich, poor = keep(store, ada), keep(store, bob)
    with store.begin() as db:
        accounts.get(db, bob, poor.id).sealed = rich.sealed
    with pytest.raises(SetupFault, match="seal_broken"), store.begin() as db:
        accounts.secrets(db, bob, poor.id)


def test_without_the_key_there_are_no_secrets(store: Store, url: str, ada: UUID) -> None:
    account = keep(store, ada).id
    with Store.open(url) as keyless:
        with pytest.raises(SetupFault, match="seal_key_missing"), keyless.begin() as db:
            accounts.secrets(db, ada, account)
        with keyless.begin() as db:
            assert accounts.get(db, ada, account).address == ADDRESS


def test_signing_in_again_renews_the_same_account(store: Store, ada: UUID) -> None:
    first = keep(store, ada, label="Work")
    again = keep(store, ada, password="second")
    renewed = keep(store, ada, "sip:ada@example.com", "third", account=first.id)
    assert first.id == again.id == renewed.id and renewed.label == "Work"
    with store.begin() as db:
        assert [row.address for row in accounts.of_user(db, ada)] == ["sip:ada@example.com"]
        assert accounts.secrets(db, ada, first.id) == {"password": "third"}


def test_an_account_stays_on_its_network(store: Store, ada: UUID) -> None:
    account = keep(store, ada).id
    with pytest.raises(UnknownTarget, match="no_such_account"), store.begin() as db:
        accounts.keep(db, ada, "xmpp", "x", options={}, secrets={}, now=NOW, account=account)


def test_it_cannot_take_the_address_of_another(store: Store, ada: UUID, bob: UUID) -> None:
    keep(store, ada)
    other = keep(store, ada, "sip:other@example.org")
    with pytest.raises(BadInput, match="account_exists"):
        keep(store, ada, account=other.id)
    with store.begin() as db:
        assert accounts.secrets(db, ada, other.id) == {"password": "first"}
    keep(store, bob)


def test_there_is_an_end_to_accounts(store: Store, ada: UUID) -> None:
    for number in range(accounts.MOST):
        keep(store, ada, f"sip:{number}@example.org")
    with pytest.raises(BadInput, match="too_many_accounts"):
        keep(store, ada)
    assert keep(store, ada, "sip:0@example.org", "renewed")


def test_switching_off_is_a_state_of_its_own(store: Store, ada: UUID) -> None:
    account = keep(store, ada).id
    with store.begin() as db:
        row = accounts.change(db, ada, account, enabled=False, now=LATER)
        assert (row.health, row.since) == (Health.OFF, LATER)
        late = accounts.note_health(db, ada, account, Health.READY, LATER)
        assert late.health is Health.OFF  # reported by a session that was just ending
        row = accounts.change(db, ada, account, enabled=True, now=LATER)
        assert row.health is Health.CONNECTING


def test_health_has_its_reason(store: Store, ada: UUID) -> None:
    account = keep(store, ada).id
    with store.begin() as db:
        accounts.note_health(
            db, ada, account, Health.OFFLINE, LATER, "server_error", {"code": "503"}
        )
    with store.begin() as db:
        row = accounts.get(db, ada, account)
        assert (row.health, row.since, row.reason) == (Health.OFFLINE, LATER, "server_error")
        assert row.facts == {"code": "503"}
        accounts.note_health(db, ada, account, Health.READY, LATER)
        assert (row.reason, row.facts) == ("", {})


def test_an_account_without_a_worker_is_not_ready(store: Store, ada: UUID, bob: UUID) -> None:
    ready, down, others = keep(store, ada).id, keep(store, ada, "two").id, keep(store, bob).id
    with store.begin() as db:
        accounts.note_health(db, ada, ready, Health.READY, NOW)
        accounts.note_health(db, ada, down, Health.OFFLINE, NOW, "server_error")
        accounts.note_health(db, bob, others, Health.READY, NOW)
    with store.begin() as db:
        accounts.unserved(db, ada, LATER)
    with store.begin() as db:
        row = accounts.get(db, ada, ready)
        assert (row.health, row.since) == (Health.CONNECTING, LATER)
        assert accounts.get(db, ada, down).health is Health.OFFLINE
        assert accounts.get(db, bob, others).health is Health.READY


def test_there_is_one_trunk(store: Store, ada: UUID, bob: UUID) -> None:
    one, two = keep(store, ada).id, keep(store, ada, "sip:two@example.org").id
    others = keep(store, bob).id
    with store.begin() as db:
        accounts.change(db, bob, others, is_trunk=True, now=NOW)
        accounts.change(db, ada, one, is_trunk=True, now=NOW)
        accounts.change(db, ada, two, is_trunk=True, now=NOW)
    with store.begin() as db:
        assert [row.id for row in accounts.of_user(db, ada) if row.is_trunk] == [two]
        assert accounts.get(db, bob, others).is_trunk
        accounts.change(db, ada, two, is_trunk=False, now=NOW)
        assert not any(row.is_trunk for row in accounts.of_user(db, ada))


def test_several_may_be_phoned_in_to(store: Store, ada: UUID) -> None:
    one, two = keep(store, ada).id, keep(store, ada, "sip:two@example.org").id
    with store.begin() as db:
        assert not accounts.get(db, ada, one).is_phone_in
        for account in (one, two):
            accounts.change(db, ada, account, is_phone_in=True, now=NOW)
        accounts.change(db, ada, two, label="Two", now=NOW)
    with store.begin() as db:
        assert [row.is_phone_in for row in accounts.of_user(db, ada)] == [True, True]
        assert not accounts.change(db, ada, one, is_phone_in=False, now=NOW).is_phone_in


def test_nobody_touches_the_account_of_another(store: Store, ada: UUID, bob: UUID) -> None:
    account = keep(store, ada).id
    for act in (
        lambda db, one: accounts.get(db, bob, one),
        lambda db, one: accounts.secrets(db, bob, one),
        lambda db, one: accounts.change(db, bob, one, label="mine", now=NOW),
        lambda db, one: accounts.note_health(db, bob, one, Health.BROKEN, NOW),
        lambda db, one: accounts.remove(db, bob, one),
        lambda db, one: accounts.keep(
            db, bob, "sip", "sip:b@example.org", options={}, secrets={}, now=NOW, account=one
        ),
    ):
        for one in (account, uuid4()):
            with pytest.raises(UnknownTarget, match="no_such_account"), store.begin() as db:
                act(db, one)
    with store.begin() as db:
        accounts.remove(db, ada, account)
        assert accounts.of_user(db, ada) == []
