"""One scheduler leads, and whoever has slept through its successor's beginning does nothing."""

from collections.abc import Callable
from datetime import datetime, timedelta
from time import monotonic
from uuid import uuid4

from bridge.errors import NotAllowed
from bridge.store import Store
from bridge.store.leases import leadership
from bridge.store.leases.leadership import SCHEDULER, Leader
from bridge.store.leases.leases import NEVER
from tests.bridge.store.conftest import NOW
from tests.bridge.store.crowd import at_once

TTL = timedelta(seconds=15)


def lead(store: Store, owner: str, seconds: float = 0) -> int | None:
    """The epoch."""
    with store.begin() as db:
        now = NOW + timedelta(seconds=seconds)
        leader = leadership.lead(db, SCHEDULER, owner, TTL, now)
        return leader and leader.epoch


def acts(store: Store, epoch: int) -> bool:
    try:
        with store.begin() as db:
            leadership.guard(db, SCHEDULER, epoch)
    except NotAllowed as why:
        assert why.code == "lease_lost"
        return False
    return True


def test_the_first_one_leads_for_as_long_as_it_likes(store: Store) -> None:
    for seconds in range(0, 100, 10):
        assert lead(store, "one", seconds) == 1
        assert lead(store, "two", seconds + 9) is None


def test_who_gives_no_sign_of_life_is_succeeded_and_fenced(store: Store) -> None:
    assert lead(store, "one") == 1
    assert lead(store, "two", 14.9) is None
    assert lead(store, "two", 15) == 2
    assert lead(store, "one", 16) is None
    assert not acts(store, 1) and acts(store, 2)


def test_who_slept_while_nobody_wanted_it_goes_on(store: Store) -> None:
    assert lead(store, "one") == 1
    assert lead(store, "one", 3600) == 1 and acts(store, 1)


def test_who_resigns_is_succeeded_at_once_and_does_nothing_more(store: Store) -> None:
    assert lead(store, "one") == 1
    with store.begin() as db:
        leadership.resign(db, SCHEDULER, "two")
    assert acts(store, 1)
    with store.begin() as db:
        leadership.resign(db, SCHEDULER, "one")
    assert not acts(store, 1)
    assert lead(store, "two", 0.1) == 2


def test_a_clock_that_was_an_hour_ahead_locks_nobody_out(store: Store) -> None:
    assert lead(store, "one", 3600) == 1
    assert lead(store, "two", 1) == 2
    assert not acts(store, 1)


def test_offices_are_apart(store: Store) -> None:
    assert lead(store, "one") == 1
    with store.begin() as db:
        assert leadership.lead(db, "another", "two", TTL, NOW) == Leader(1, NEVER)


def test_how_far_was_looked_goes_to_the_successor(store: Store) -> None:
    assert lead(store, "one") == 1
    with store.begin() as db:
        leadership.looked(db, SCHEDULER, NOW)
    with store.begin() as db:
        later = NOW + TTL
        assert leadership.lead(db, SCHEDULER, "two", TTL, later) == Leader(2, NOW)


def test_the_databases_own_clock_runs(store: Store) -> None:
    short = timedelta(seconds=0.3)
    with store.begin() as db:
        assert leadership.lead(db, SCHEDULER, "one", short)
    with store.begin() as db:
        assert leadership.lead(db, SCHEDULER, "two", short) is None
    deadline, found = monotonic() + 5, None
    while found is None and monotonic() < deadline:
        with store.begin() as db:
            found = leadership.lead(db, SCHEDULER, "two", short)
    assert found is not None and found.epoch == 2


def _lead_at_once(meet: Callable[[], int], url: str, now: datetime) -> int | None:
    with Store.open(url) as store:
        meet()
        with store.begin() as db:
            leader = leadership.lead(db, SCHEDULER, uuid4().hex, TTL, now)
    return leader and leader.epoch


def test_of_several_that_start_together_one_leads(url: str, store: Store) -> None:
    for epoch in (1, 2):  # nobody was ever there; the one before is gone
        now = NOW + (epoch - 1) * TTL
        found = at_once(3, _lead_at_once, url, now)
        assert sorted(found, key=lambda one: one or 0) == [None, None, epoch]
