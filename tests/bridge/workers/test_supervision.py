"""Workers die, hang and swell; their supervisor notices, and nobody else does."""

import asyncio
import os
import signal
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import psutil
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge import files
from bridge.api.commands.calls import RunningCalls
from bridge.api.commands.phones import VerifyPhone
from bridge.api.events import CallsLost, PhoneChecked
from bridge.errors import NetworkDown
from bridge.store.calls import calls, outbox
from bridge.store.calls.usage import PhoneLeg
from bridge.store.leases import leadership
from bridge.store.leases.leadership import SCHEDULER
from bridge.store.listening import due_jobs, subscriptions
from bridge.store.listening.due_jobs import DueJob
from bridge.store.people import phones
from bridge.terms import Cause, Direction, DueJobState
from bridge.workers.supervisor.supervision import WorkerLimits
from tests.bridge.workers.conftest import QUICK, Works, open_files, open_works
from tests.bridge.workers.studios import ringing, that_breaks, that_never_opens
from tests.peers.programs import so_long_after, until


@pytest.fixture
async def ada(works: Works) -> UUID:
    return await works.member("ada", 1)


async def test_a_killed_worker_is_replaced_within_five_seconds(works: Works, ada: UUID) -> None:
    ben = await works.member("ben", 2)
    first, bens = await works.placed(ada), await works.placed(ben)
    before = await works.lease(ada)
    os.kill(first, signal.SIGKILL)
    second = await works.serving(ada, but=first, within=5)
    after = await works.lease(ada)
    assert second != first
    assert after.epoch == before.epoch + 1
    assert after.owner != before.owner
    assert works.pool.view(ada).restarts == works.pool.tally.restarts == 1
    assert await works.serving(ben) == bens
    assert works.pool.view(ben).restarts == 0


async def test_a_worker_that_hangs_is_ended_and_replaced(works: Works, ada: UUID) -> None:
    first = await works.placed(ada)
    os.kill(first, signal.SIGSTOP)
    assert await works.serving(ada, but=first) != first


async def test_a_worker_that_swells_is_ended(tmp_path: Path) -> None:
    async with open_works(tmp_path, limits=WorkerLimits(ping_every=0.1, memory=1 << 20)) as works:
        ada = await works.member("ada", 1)
        await works.pool.place(ada)
        await until(lambda: works.pool.tally.restarts >= 1, "the worker to be ended", 15)


async def test_a_worker_that_never_starts_is_given_up(tmp_path: Path) -> None:
    async with open_works(tmp_path, that_never_opens, WorkerLimits(starts_within=1.0)) as works:
        ada = await works.member("ada", 1)
        await works.pool.place(ada)
        with pytest.raises(NetworkDown, match="worker_restarting"):
            await works.pool.send(ada, RunningCalls(user=ada))
        await until(lambda: works.pool.tally.restarts >= 1, "the worker to be ended", 15)
        assert not works.pool.healthy


async def test_a_worker_that_breaks_at_its_start_is_not_started_without_end(
    tmp_path: Path,
) -> None:
    async with open_works(tmp_path, that_breaks) as works:
        ada = await works.member("ada", 1)
        await works.pool.place(ada)
        await until(lambda: works.pool.tally.restarts >= 2, "two restarts", 20)
        begun = time.monotonic()
        await until(lambda: works.pool.tally.restarts >= 4, "two more", 20)
        # pauses of 0.4 and 0.8 seconds lie between
        assert time.monotonic() - begun > 1


async def test_who_asks_just_then_is_told_to_ask_again(works: Works, ada: UUID) -> None:
    first = await works.placed(ada)
    os.kill(first, signal.SIGSTOP)
    asking = asyncio.create_task(works.pool.send(ada, RunningCalls(user=ada)))
    await until(lambda: not psutil.pid_exists(first), "the worker to be ended", 15)
    with pytest.raises(NetworkDown, match="worker_restarting"):
        await asking
    await works.serving(ada, but=first)
    assert await works.pool.send(ada, RunningCalls(user=ada)) == []


async def test_a_verification_that_died_with_its_worker_is_told_and_on_record(
    works: Works, ada: UUID
) -> None:
    first = await works.placed(ada)
    [phone] = await works.store.read(phones.of_user, ada)
    await works.pool.send(ada, VerifyPhone(user=ada, phone=phone.id))
    os.kill(first, signal.SIGKILL)
    await works.serving(ada, but=first)
    [lost] = [event for event in works.told if isinstance(event, CallsLost)]
    assert lost.calls == 1
    [record] = await works.store.read(calls.of_user, ada)
    assert (record.direction, record.called) == (Direction.VERIFICATION, "sip:ada@house")
    assert record.cause == Cause.NETWORK_LOST.word


async def test_a_podcast_call_that_died_with_its_worker_is_told_and_never_rung_again(
    works: Works, ada: UUID
) -> None:
    first = await works.placed(ada)
    job = await works.store.run(dialled_job, ada)
    os.kill(first, signal.SIGKILL)
    await works.serving(ada, but=first)
    assert await works.store.read(state_of, job) is DueJobState.FAILED
    told = await works.store.read(outbox.after, "chat")
    [missed] = [row.body for row in told if row.body["kind"] == "call_out_missed"]
    assert missed["reason"] == "worker_lost"


async def test_a_worker_without_calls_dies_without_a_word(works: Works, ada: UUID) -> None:
    first = await works.placed(ada)
    os.kill(first, signal.SIGKILL)
    await works.serving(ada, but=first)
    assert not [event for event in works.told if isinstance(event, CallsLost)]


async def test_who_is_withdrawn_leaves_no_process_and_no_lease(works: Works, ada: UUID) -> None:
    worker = psutil.Process(await works.placed(ada))
    await works.pool.withdraw(ada)
    assert not worker.is_running()
    assert (await works.lease(ada)).owner == ""
    with pytest.raises(NetworkDown):
        await works.pool.send(ada, RunningCalls(user=ada))


async def test_withdrawn_while_it_starts(works: Works, ada: UUID) -> None:
    await works.pool.place(ada)
    await works.pool.withdraw(ada)
    assert (await works.lease(ada)).owner == ""


async def test_ten_lives_leave_no_open_file(works: Works, ada: UUID) -> None:
    worker = await works.placed(ada)
    before = open_files(works.settings)
    for _ in range(10):
        await works.pool.withdraw(ada)
        worker = await works.placed(ada)
    assert open_files(works.settings) == before
    assert psutil.Process(worker).status() != psutil.STATUS_ZOMBIE


async def test_two_pools_never_serve_one_account(works: Works, ada: UUID, tmp_path: Path) -> None:
    first = await works.placed(ada)
    async with open_works(tmp_path, limits=QUICK) as others:
        await others.pool.place(ada)
        await until(lambda: others.pool.view(ada).running, "the second worker to run", 15)
        # it asks for the lease at once, and after 0.25 and 0.5 seconds
        await so_long_after(time.monotonic(), 1, "the second worker to have asked for the lease")
        assert await works.serving(ada) == first
        await works.pool.withdraw(ada)
        assert await others.serving(ada) != first


async def test_a_worker_whose_house_is_gone_goes_too(works: Works, ada: UUID) -> None:
    worker = psutil.Process(await works.placed(ada))
    process = works.pool._workers[ada]._process
    assert process is not None
    process.link._writer.close()  # as the kernel does when the house is killed
    await until(lambda: not worker.is_running(), "the worker to end by itself", 10)


async def test_what_a_worker_could_not_tell_is_taken_in_when_it_is_gone(tmp_path: Path) -> None:
    async with open_works(tmp_path, ringing, WorkerLimits()) as works:
        ada = await works.member("ada", 1)
        worker = await works.placed(ada)
        [phone] = await works.store.read(phones.of_user, ada)
        await works.pool.send(ada, VerifyPhone(user=ada, phone=phone.id))
        await until(lambda: works.store.read(legs, ada), "the phone to be dialled")
        process = works.pool._workers[ada]._process
        assert process is not None
        process.link._writer.close()  # as the kernel does when the house is killed
        await works.serving(ada, but=worker)
        [record] = await works.store.read(calls.of_user, ada)
        assert (record.direction, record.called) == (Direction.VERIFICATION, "sip:ada@house")
        assert record.cause != Cause.NETWORK_LOST.word  # it says itself how it went
        told = [type(event) for event in works.told]
        assert PhoneChecked in told and CallsLost not in told
        assert not (files.folder(works.settings.data_dir, ada) / "spool").exists()
        [leg] = await works.store.read(legs, ada)
        assert leg.closed is not None and leg.talk_seconds == 0


def legs(db: Session, user: UUID) -> list[PhoneLeg]:
    return list(db.scalars(select(PhoneLeg).where(PhoneLeg.user_id == user)))


def dialled_job(db: Session, user: UUID) -> UUID:
    """Of a worker that may be ringing at this moment."""
    now = datetime.now(UTC)
    podcast = subscriptions.add(db, user, "https://pods.example/daily.xml", now)
    leader = leadership.lead(db, SCHEDULER, "one", timedelta(seconds=15), now)
    row = due_jobs.add(db, user, podcast.id, now.date(), "07:00", due=now, now=now)
    assert leader is not None
    assert row is not None
    assert due_jobs.claim(db, row.id, leader.epoch, now)
    assert due_jobs.dialling(db, user, row.id, uuid4(), now)
    return row.id


def state_of(db: Session, job: UUID) -> DueJobState:
    return db.get_one(DueJob, job).state
