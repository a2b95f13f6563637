"""Several people in one house: many calls at once, and none who suffers by another's worker."""

import asyncio
import os
import signal
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest_asyncio

from bridge.api.commands.calls import History, RunningCalls
from bridge.api.views import CallView
from bridge.calls.forwarding.screening import INSTANTLY
from bridge.terms import Cause, Direction
from tests.bench.cost import Processes
from tests.bench.stage import Resident, Stage
from tests.bridge.connectors.desktop.reading.traces import opened_by_kind
from tests.peers.programs import PeerFailed, until
from tests.peers.sipp import Sipp

PEOPLE, CALLS_EACH = 3, 20
POOLED = 10
"""File descriptors of connections to the database that a busier house opens once and keeps: far
fewer than it would leak in so many calls."""
DATABASE = ".db"
MAY_GROW = 6.0
"""MiB by which all processes together may grow; 3 were measured, most of it once per thread."""


@pytest_asyncio.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with Stage(tmp_path) as stage:
        await stage.settle(PEOPLE)
        yield stage


async def test_sixty_calls_to_three_people_leave_nothing_behind(stage: Stage) -> None:
    await everybody_is_called(stage, 2)  # what is loaded with the first call is no leak
    before = held(stage)
    await everybody_is_called(stage, CALLS_EACH)
    for resident in stage.residents:
        calls = await taken(stage, resident)
        assert len(calls) == CALLS_EACH + 2
        assert {(call.cause, call.answered_on) for call in calls} == {(Cause.NORMAL.word, "Phone")}
        assert await stage.ask(RunningCalls(user=resident.id)) == []
    with suppress(PeerFailed):  # what is closed a moment late is no leak
        await until(lambda: not held(stage).grown(before), "all to be let go", every=1)
    assert held(stage).grown(before) == ""


async def test_a_killed_worker_does_not_touch_the_call_of_another(stage: Stage) -> None:
    ada, ben, _ = stage.residents
    async with in_a_call(stage, ada, 60), in_a_call(stage, ben, 8) as (phone, caller):
        [adas_contact] = await stage.provider.contacts(ada.account.user)
        port = int(adas_contact.uri.partition("@")[2].partition(";")[0].rpartition(":")[2])
        os.kill(Processes(stage.service.pid).owner_of(port), signal.SIGKILL)
        await caller.succeeded()
        await phone.succeeded()
    [lost] = await taken(stage, ada)
    assert lost.cause == Cause.NETWORK_LOST.word
    [call] = await taken(stage, ben)
    assert call.cause == Cause.NORMAL.word
    assert call.talk_seconds > 7


async def taken(stage: Stage, resident: Resident) -> list[CallView]:
    """The records of the calls that came in."""
    calls: list[CallView] = await stage.ask(History(user=resident.id, limit=100))
    return [call for call in calls if call.direction is Direction.INCOMING]


@dataclass(frozen=True)
class Held:
    """What the processes of the service hold open, and how much memory in MiB."""

    by_workers: Counter[str]
    """But for connections to the database, which a pool opens once and keeps."""
    by_all: int
    resident: float

    def grown(self, earlier: "Held") -> str:
        """What is too much more than before; "" when all is well."""
        too_much = (
            self.by_workers.total() > earlier.by_workers.total(),
            self.by_all > earlier.by_all + POOLED,
            self.resident > earlier.resident + MAY_GROW,
        )
        more = self.by_workers - earlier.by_workers
        return f"{earlier} became {self}; more: {more}" if any(too_much) else ""


def held(stage: Stage) -> Held:
    processes = stage.processes
    opened = sum((opened_by_kind(pid) for pid in processes.workers()), Counter[str]())
    by_workers = Counter({what: count for what, count in opened.items() if DATABASE not in what})
    return Held(by_workers, processes.descriptors(), processes.resident())


async def everybody_is_called(stage: Stage, calls: int) -> None:
    """All at the same time; each by one caller after the other."""
    async with asyncio.TaskGroup() as everybody:
        for resident in stage.residents:
            everybody.create_task(is_called(stage, resident, calls))


@asynccontextmanager
async def in_a_call(
    stage: Stage, resident: Resident, seconds: float, calls: int = 1
) -> AsyncIterator[tuple[Sipp, Sipp]]:
    """The phone of `resident`, and who calls it, `calls` times in a row; `seconds` for each."""
    phone = Sipp(
        stage.directory,
        resident.phone_name,
        "answer",
        port=resident.phone_port,
        calls=calls,
        ring=INSTANTLY + 0.2,
        echo=True,
    )
    caller = Sipp(
        stage.directory,
        f"caller-{resident.account.user}",
        "call",
        target=stage.provider.address,
        service=resident.account.user,
        calls=calls,
        at_once=1,
        rate=1,
        hold=seconds,
    )
    async with phone, caller:
        await phone.received("ACK", 15)
        yield phone, caller


async def is_called(stage: Stage, resident: Resident, calls: int) -> None:
    async with in_a_call(stage, resident, 0.3, calls) as (phone, caller):
        await caller.succeeded(timeout=100)
        await phone.succeeded()
    await stage.quiet(resident)
