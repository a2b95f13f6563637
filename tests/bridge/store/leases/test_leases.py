"""At most one worker acts for an account, and whoever has lost it learns so."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from time import monotonic
from uuid import UUID, uuid4

import pytest

from bridge.errors import NotAllowed
from bridge.store import Store
from bridge.store.leases import leases
from bridge.store.people import accounts
from tests.bridge.store.conftest import NOW

TTL = timedelta(seconds=15)


def after(seconds: float):
    return NOW + timedelta(seconds=seconds)


@pytest.fixture
def three(store: Store, ada: UUID) -> list[UUID]:
    with store.begin() as db:
        return [
            accounts.keep(
                db, ada, "sip", f"sip:{n}@example.org", options={}, secrets={}, now=NOW
            ).id
            for n in range(3)
        ]


def acquire(store: Store, owner: str, ids, seconds: float = 0) -> dict[UUID, int]:
    with store.begin() as db:
        return leases.acquire(db, owner, ids, TTL, after(seconds))


def renew(store: Store, owner: str, held, seconds: float) -> set[UUID]:
    with store.begin() as db:
        return leases.renew(db, by(owner, held), TTL, after(seconds))


def by(owner: str, held: dict[UUID, int]) -> dict[UUID, tuple[str, int]]:
    return {account: (owner, epoch) for account, epoch in held.items()}


def acts(store: Store, owner: str, account: UUID, epoch: int, seconds: float) -> bool:
    try:
        with store.begin() as db:
            leases.guard(db, owner, account, epoch, after(seconds))
    except NotAllowed as why:
        assert why.code == "lease_lost"
        return False
    return True


def test_the_first_one_gets_all_and_the_second_nothing(store: Store, three: list[UUID]) -> None:
    assert acquire(store, "one", three) == dict.fromkeys(three, 1)
    assert acquire(store, "two", three, 14.9) == {}
    assert acquire(store, "one", three, 1) == {}  # not even its own: it renews


def test_renewing_keeps_it_as_long_as_one_likes(store: Store, three: list[UUID]) -> None:
    held = acquire(store, "one", three)
    for seconds in range(5, 100, 5):
        assert renew(store, "one", held, seconds) == set(three)
    assert acquire(store, "two", three, 100) == {}


def test_who_sleeps_too_long_has_lost_it_and_is_fenced(store: Store, three: list[UUID]) -> None:
    slept = acquire(store, "one", three)
    taken = acquire(store, "two", three[:2], 15)
    assert taken == dict.fromkeys(three[:2], 2)
    assert renew(store, "one", slept, 16) == set()  # the third has run out, though nobody has it
    assert renew(store, "two", taken, 16) == set(three[:2])
    assert not acts(store, "one", three[0], 1, 16) and acts(store, "two", three[0], 2, 16)
    assert not acts(store, "one", three[2], 1, 16)


def test_one_of_several_may_be_lost(store: Store, three: list[UUID]) -> None:
    held = acquire(store, "one", three)
    with store.begin() as db:
        leases.release(db, "one", three[:1])
    acquire(store, "two", three, 1)
    assert renew(store, "one", held, 2) == set(three[1:])


def test_an_earlier_epoch_is_not_renewed_by_the_later_self(store: Store, three) -> None:
    before = acquire(store, "one", three)
    again = acquire(store, "one", three, 20)
    assert again == dict.fromkeys(three, 2)
    assert renew(store, "one", before, 21) == set()
    assert not acts(store, "one", three[0], 1, 21) and acts(store, "one", three[0], 2, 21)


def test_a_stale_owner_releases_nothing(store: Store, three: list[UUID]) -> None:
    acquire(store, "one", three)
    held = acquire(store, "two", three, 20)
    with store.begin() as db:
        leases.release(db, "one", three)
        leases.release_owner(db, "one")
    assert renew(store, "two", held, 21) == set(three)


def test_a_dead_workers_leases_are_free_at_once(store: Store, three: list[UUID]) -> None:
    acquire(store, "one", three)
    with store.begin() as db:
        leases.release_owner(db, "one")
    assert acquire(store, "two", three, 0.1) == dict.fromkeys(three, 2)


def test_a_removed_account_has_no_lease(store: Store, ada: UUID, three: list[UUID]) -> None:
    held = acquire(store, "one", three)
    with store.begin() as db:
        accounts.remove(db, ada, three[0])
    assert renew(store, "one", held, 1) == set(three[1:])
    assert acquire(store, "two", [three[0], uuid4()], 100) == {}
    assert acquire(store, "two", [], 100) == {} and renew(store, "two", {}, 100) == set()


def test_many_at_once_share_without_doubles(url: str, keys, store: Store, ada: UUID) -> None:
    with store.begin() as db:
        ids = [
            accounts.keep(
                db, ada, "sip", f"sip:{n}@example.org", options={}, secrets={}, now=NOW
            ).id
            for n in range(accounts.MOST)
        ]
    with ThreadPoolExecutor(4) as crowd:
        shares = list(crowd.map(lambda n: acquire(store, f"worker {n}", ids, 1), range(8)))
    taken = [account for share in shares for account in share]
    assert sorted(taken) == sorted(ids)


def test_the_databases_own_clock_runs(store: Store, three: list[UUID]) -> None:
    short = timedelta(seconds=0.3)
    with store.begin() as db:
        held = leases.acquire(db, "one", three, short)
    assert held == dict.fromkeys(three, 1)
    with store.begin() as db:
        leases.guard(db, "one", three[0], 1)
        assert leases.acquire(db, "two", three, short) == {}
    deadline, taken = monotonic() + 5, {}
    while not taken and monotonic() < deadline:
        with store.begin() as db:
            taken = leases.acquire(db, "two", three, short)
    assert taken == dict.fromkeys(three, 2)
    with store.begin() as db:
        assert leases.renew(db, by("one", held), short) == set()
