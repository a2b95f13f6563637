"""Leases: renewed by the house for all, believed by a worker no longer than it was told."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from bridge.errors import NotAllowed
from bridge.store import Store
from bridge.store.leases import leases
from bridge.store.leases.leases import Lease
from bridge.store.people import accounts
from bridge.workers.accounts.lease import Leases
from bridge.workers.ipc import clock
from bridge.workers.stored.lease_holder import LeaseHolder
from tests.bridge.store.conftest import (
    NOW,
    ada,
    counted,
    keys,
    postgres,
    postgres_migrated,
    sqlite_template,
    store,
    url,
)
from tests.peers.programs import until

__all__ = ["ada", "keys", "postgres", "postgres_migrated", "sqlite_template", "store", "url"]

SHORT = timedelta(seconds=1.5)


class Lender:
    """What a worker sees of its house: leases of `seconds`."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.given_back: list[UUID] = []

    async def take(self, account: UUID) -> float:
        return clock.now() + self.seconds

    async def give_back(self, account: UUID) -> None:
        self.given_back.append(account)


class Held:
    def __init__(self, seconds: float) -> None:
        self.lender, self.lost = Lender(seconds), list[UUID]()
        self.leases = Leases(self.lender, self.lost.append)  # type: ignore[arg-type]


async def test_a_worker_that_is_told_nothing_falls_silent_by_itself() -> None:
    held = Held(0.3)
    watching = asyncio.create_task(held.leases.watch())
    first, second = uuid4(), uuid4()
    assert await held.leases.take(first)
    began = clock.now()
    held.lender.seconds = 600
    assert await held.leases.take(second)
    await until(lambda: held.lost, "the lease to be let go of", 5)
    assert clock.now() - began < 2
    assert held.lost == [first] and held.leases.healthy
    watching.cancel()


async def test_what_the_house_names_goes_on_and_what_it_does_not_name_is_lost() -> None:
    held = Held(600)
    kept, gone = uuid4(), uuid4()
    for account in (kept, gone):
        await held.leases.take(account)
    held.leases.renewed({kept: clock.now() + 700, uuid4(): clock.now() + 700})
    assert held.lost == [gone]
    await held.leases.give_back(kept)
    held.leases.renewed({})
    assert held.lost == [gone] and held.lender.given_back == [kept]


async def test_who_wakes_up_late_has_lost_it_whatever_he_is_told() -> None:
    held = Held(-1)
    account = uuid4()
    await held.leases.take(account)
    assert not held.leases.healthy
    held.leases.renewed({account: clock.now() + 600})
    assert held.lost == [account]


@pytest.fixture
async def holder(store: Store) -> AsyncIterator[LeaseHolder]:
    opened = LeaseHolder(store, SHORT)
    yield opened
    await opened.close()


@pytest.fixture
def three(store: Store, ada: UUID) -> list[UUID]:
    def add(db: Session, name: str) -> UUID:
        return accounts.keep(db, ada, "sip", name, options={}, secrets={}, now=NOW).id

    with store.begin() as db:
        return [add(db, name) for name in ("a@x", "b@x", "c@x")]


def until_when(store: Store, account: UUID) -> object:
    with store.reading() as db:
        return db.get_one(Lease, account).lease_until


async def test_one_statement_renews_for_all_workers(
    holder: LeaseHolder, store: Store, three: list[UUID]
) -> None:
    for owner, account in zip(("one", "two", "three"), three, strict=True):
        assert await holder.take(owner, account)
        assert holder.of(owner).keys() == {account}
    before, told = until_when(store, three[0]), holder.of("one")[three[0]]
    with counted(store) as said:
        await until(lambda: holder.of("one")[three[0]] > told, "a renewal", 5)
    assert len([one for one in said if one.startswith("UPDATE leases")]) == 1
    assert until_when(store, three[0]) != before
    # it holds as long as it is renewed, and the worker is never told more than the database knows
    await asyncio.sleep(2 * SHORT.total_seconds())  # the clock of the database cannot be set
    assert await LeaseHolder(store, SHORT).take("other", three[0]) is None
    assert holder.of("one")[three[0]] > clock.now()


async def test_who_let_go_too_early_gets_it_again(holder: LeaseHolder, three: list[UUID]) -> None:
    first = await holder.take("one", three[0])
    assert await holder.take("one", three[0]) == first
    assert await holder.take("two", three[0]) is None


async def test_a_lease_that_somebody_else_has_is_told_no_more(
    holder: LeaseHolder, store: Store, three: list[UUID]
) -> None:
    for account in three:
        await holder.take("one", account)
    with store.begin() as db:
        leases.release(db, "one", three[:1])
        leases.acquire(db, "other", three[:1], SHORT)
        with pytest.raises(NotAllowed, match="lease_lost"):
            holder.guard(db, "one", three[0])
        holder.guard(db, "one", three[1])
        with pytest.raises(NotAllowed, match="lease_lost"):
            holder.guard(db, "two", three[1])
    await until(lambda: holder.of("one").keys() == set(three[1:]), "it to be gone", 5)


async def test_a_store_that_is_away_lets_every_lease_run_out(
    holder: LeaseHolder, store: Store, three: list[UUID]
) -> None:
    await holder.take("one", three[0])
    told = holder.of("one")[three[0]]
    with store.begin() as db:
        db.execute(text("UPDATE leases SET owner = owner"))  # nobody else writes to it meanwhile
        await until(lambda: clock.now() > told, "the lease to run out", 5)
        assert holder.of("one").get(three[0], told) == told
    await until(lambda: not holder.of("one"), "it to be forgotten", 5)


async def test_what_a_dead_worker_held_is_forgotten(holder: LeaseHolder, three: list[UUID]) -> None:
    await holder.take("one", three[0])
    await holder.take("two", three[1])
    holder.died("one")
    assert holder.of("one") == {} and holder.of("two").keys() == {three[1]}
    await holder.give_back("two", three[1])
    assert await holder.take("three", three[1])
