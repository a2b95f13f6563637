"""A job rings once: whoever comes second, or late, or from the past, is told no."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from bridge.errors import NotAllowed, UnknownTarget
from bridge.store import Store
from bridge.store.leases import leadership
from bridge.store.leases.leadership import SCHEDULER
from bridge.store.listening import due_jobs
from bridge.store.listening.due_jobs import MOST_TRIES, RETRY_MINUTES, DueJob
from bridge.terms import DueJobState
from tests.bridge.store.conftest import NOW
from tests.bridge.store.crowd import at_once

TTL = timedelta(seconds=15)
TODAY = NOW.date()


def after(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)


def lead(store: Store, owner: str = "scheduler", minutes: float = 0) -> int:
    with store.begin() as db:
        leader = leadership.lead(db, SCHEDULER, owner, TTL, after(minutes))
        assert leader is not None
        return leader.epoch


def added(store: Store, user: UUID, key: str = "07:00", **given: Any) -> DueJob:
    usual = {"due": NOW, "now": NOW}
    with store.begin() as db:
        row = due_jobs.add(db, user, given.pop("source", uuid4()), TODAY, key, **usual | given)
    assert row is not None
    return row


def claim(store: Store, job: UUID, epoch: int) -> bool:
    with store.begin() as db:
        return due_jobs.claim(db, job, epoch, NOW)


def dial(store: Store, user: UUID, job: UUID) -> bool:
    with store.begin() as db:
        return due_jobs.dialling(db, user, job, uuid4(), NOW)


def settle(store: Store, user: UUID, job: UUID, listened: bool, reason: str = "") -> Any:
    with store.begin() as db:
        return due_jobs.settle(db, user, job, listened=listened, reason=reason, now=NOW)


def now_is(store: Store, job: UUID) -> DueJob:
    with store.reading() as db:
        return db.get_one(DueJob, job)


def due(store: Store, minutes: float = 0) -> list[UUID]:
    with store.reading() as db:
        return [row.id for row in due_jobs.due(db, after(minutes))]


@pytest.fixture
def epoch(store: Store) -> int:
    return lead(store)


@pytest.fixture
def dialled(store: Store, ada: UUID, epoch: int) -> UUID:
    job = added(store, ada).id
    assert claim(store, job, epoch) and dial(store, ada, job)
    return job


def test_a_time_of_a_day_has_one_job(store: Store, ada: UUID) -> None:
    row = added(store, ada)
    with store.begin() as db:
        again = due_jobs.add(db, ada, row.source_id, TODAY, row.key, due=after(1), now=NOW)
        assert again is None
        tomorrow = TODAY + timedelta(days=1)
        assert due_jobs.add(db, ada, row.source_id, tomorrow, row.key, due=after(1), now=NOW)
        assert due_jobs.add(db, ada, row.source_id, TODAY, "08:00", due=after(1), now=NOW)
        assert due_jobs.add(db, ada, uuid4(), TODAY, row.key, due=after(1), now=NOW)


def test_what_is_missed_is_never_due(store: Store, ada: UUID) -> None:
    state = DueJobState.MISSED
    row = added(store, ada, state=state, reason="house_was_down")
    assert (row.state, row.reason, due(store)) == (state, "house_was_down", [])


def test_the_longest_overdue_comes_first(store: Store, ada: UUID, bob: UUID) -> None:
    later = added(store, ada, due=after(2)).id
    sooner = added(store, bob, due=after(1)).id
    assert (due(store, 0.9), due(store, 1), due(store, 2)) == ([], [sooner], [sooner, later])


def test_each_step_is_taken_once_and_in_order(store: Store, ada: UUID, epoch: int) -> None:
    job = added(store, ada).id
    assert not dial(store, ada, job)
    assert settle(store, ada, job, listened=True) is None
    assert claim(store, job, epoch) and not claim(store, job, epoch)
    assert due(store) == [] and now_is(store, job).epoch == epoch
    assert dial(store, ada, job) and not dial(store, ada, job)
    assert not claim(store, job, epoch)
    assert settle(store, ada, job, listened=True) is DueJobState.DONE
    assert settle(store, ada, job, listened=True) is None
    assert not claim(store, job, epoch) and not dial(store, ada, job)


def test_a_leader_that_slept_claims_nothing(store: Store, ada: UUID, epoch: int) -> None:
    job = added(store, ada).id
    successor = lead(store, "another", 1)
    assert not claim(store, job, epoch)
    assert claim(store, job, successor)


def test_nobody_elses_job_is_dialled_or_settled(
    store: Store, ada: UUID, bob: UUID, epoch: int
) -> None:
    job = added(store, ada).id
    assert claim(store, job, epoch)
    assert not dial(store, bob, job) and dial(store, ada, job)
    assert settle(store, bob, job, listened=True) is None
    with store.begin() as db:
        assert due_jobs.of_lost(db, bob, NOW) == []
        assert due_jobs.get(db, ada, job).id == job
        for user, which in ((bob, job), (ada, uuid4())):
            with pytest.raises(UnknownTarget, match="job_over"):
                due_jobs.get(db, user, which)


def test_a_command_that_arrives_late_rings_nobody(store: Store, ada: UUID, epoch: int) -> None:
    job = added(store, ada).id
    assert claim(store, job, epoch)
    with store.begin() as db:
        assert due_jobs.again(db, job, epoch, "house_unreachable", NOW)
        assert not due_jobs.again(db, job, epoch, "house_unreachable", NOW)
    assert not dial(store, ada, job)
    assert due(store) == [job] and now_is(store, job).reason == "house_unreachable"


def test_what_is_being_dialled_is_not_given_back(store: Store, dialled: UUID, epoch: int) -> None:
    with store.begin() as db:
        assert not due_jobs.again(db, dialled, epoch, "house_unreachable", NOW)
        assert due_jobs.abandoned(db, epoch, (), NOW) == 0
        assert not due_jobs.postpone(db, dialled, after(5), NOW)
    assert now_is(store, dialled).state is DueJobState.DIALLING


def test_what_a_dead_leader_claimed_is_claimed_anew(store: Store, ada: UUID, epoch: int) -> None:
    job = added(store, ada).id
    assert claim(store, job, epoch)
    successor = lead(store, "another", 1)
    with store.begin() as db, pytest.raises(NotAllowed, match="lease_lost"):
        due_jobs.abandoned(db, epoch, (), NOW)
    with store.begin() as db:
        assert due_jobs.abandoned(db, successor, {job}, NOW) == 1  # it was another one's business
    assert not dial(store, ada, job)
    assert claim(store, job, successor) and dial(store, ada, job)


def test_what_a_leader_is_busy_with_stays_its_own(store: Store, ada: UUID, epoch: int) -> None:
    busy, lost = added(store, ada).id, added(store, ada).id
    assert claim(store, busy, epoch) and claim(store, lost, epoch)
    with store.begin() as db:
        assert due_jobs.abandoned(db, epoch, {busy}, NOW) == 1
    assert due(store) == [lost]


def test_who_did_not_listen_is_called_once_more_and_no_more(
    store: Store, ada: UUID, epoch: int
) -> None:
    job = added(store, ada).id
    states = []
    for _ in range(MOST_TRIES):
        assert claim(store, job, epoch) and dial(store, ada, job)
        states.append(settle(store, ada, job, listened=False, reason="not_accepted"))
    assert states == [DueJobState.PENDING, DueJobState.FAILED]
    row = now_is(store, job)
    assert (row.tries, row.reason) == (MOST_TRIES, "not_accepted")
    assert not claim(store, job, epoch)


def test_the_second_try_comes_after_a_while(store: Store, ada: UUID, dialled: UUID) -> None:
    assert settle(store, ada, dialled, listened=False) is DueJobState.PENDING
    assert due(store, RETRY_MINUTES - 0.1) == [] and due(store, RETRY_MINUTES) == [dialled]


def test_what_a_dead_worker_dialled_is_not_dialled_again(
    store: Store, ada: UUID, epoch: int, dialled: UUID
) -> None:
    with store.begin() as db:
        [row] = due_jobs.of_lost(db, ada, NOW)
        assert (row.id, row.state, row.reason) == (dialled, DueJobState.FAILED, "worker_lost")
    with store.begin() as db:
        assert due_jobs.of_lost(db, ada, NOW) == []  # told once
    assert settle(store, ada, dialled, listened=True) is None
    assert not claim(store, dialled, epoch)


def test_what_was_postponed_is_due_later(store: Store, ada: UUID) -> None:
    job = added(store, ada).id
    with store.begin() as db:
        assert due_jobs.postpone(db, job, after(60), NOW)
    assert due(store, 59) == [] and due(store, 60) == [job]


def test_what_has_moved_on_is_not_given_up(store: Store, ada: UUID, epoch: int) -> None:
    row = added(store, ada)
    assert claim(store, row.id, epoch)
    with store.begin() as db:
        assert not due_jobs.give_up(db, row, DueJobState.MISSED, "house_was_down", NOW)
    claimed = now_is(store, row.id)
    with store.begin() as db:
        assert due_jobs.give_up(db, claimed, DueJobState.FAILED, "no_phone", NOW)
        assert not due_jobs.give_up(db, claimed, DueJobState.FAILED, "no_phone", NOW)
    assert not dial(store, ada, row.id)


def _at_once(
    meet: Callable[[], int], url: str, user: UUID, source: UUID, job: UUID, epoch: int
) -> tuple[bool, bool, bool]:
    with Store.open(url) as store:
        steps: list[Callable[[Any], Any]] = [
            lambda db: due_jobs.add(db, user, source, TODAY, "08:00", due=NOW, now=NOW),
            lambda db: due_jobs.claim(db, job, epoch, NOW),
            lambda db: due_jobs.dialling(db, user, job, uuid4(), NOW),
        ]
        done = []
        for step in steps:
            meet()
            with store.begin() as db:
                done.append(bool(step(db)))
            meet()
    return done[0], done[1], done[2]


def test_of_several_at_the_same_instant_one_succeeds(
    url: str, store: Store, ada: UUID, epoch: int
) -> None:
    job = added(store, ada).id
    found = at_once(3, _at_once, url, ada, uuid4(), job, epoch)
    assert [sum(step) for step in zip(*found, strict=True)] == [1, 1, 1]
