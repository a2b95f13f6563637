"""Sixty calls in a row: how soon the phone rings, whether all succeed, and what they leave behind.

sipp calls and sipp answers; both write the time of each message into their logs, by the same clock.
What is sent is logged a moment after it went out, so that a time may be half a millisecond short. A
direct call goes through the provider once; a call through us passes it, and
then the service, which dials the phone by itself.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from tests.bench.figure import Figure, Goal, Series
from tests.bench.stage import Resident, Stage
from tests.peers.sipp import Sipp
from tests.peers.sipp_log import Message, Outcome

ROUNDS, QUICK_ROUNDS = 60, 6
WARM_UP = 3
RINGS = 2.2
"""Seconds before the phone is picked up: whoever is quicker is taken for a machine, and asked."""
_TALKS = 0.3
_LOOK_EVERY = 10
_LOGGED_LATE = timedelta(milliseconds=50)
"""Its log may tell of an INVITE only after the phone has had it."""


async def measure(directory: Path, quick: bool) -> list[Figure]:
    rounds = QUICK_ROUNDS if quick else ROUNDS
    async with Stage(directory) as stage:
        await stage.settle()
        [resident] = stage.residents
        row = _Row(stage, resident)
        async with row.phone, row.direct_phone:
            await stage.provider.route(resident.direct, row.direct_phone.uri)
            for _ in range(WARM_UP):
                await row.round()
            row.forget()
            workers = stage.processes.workers()
            before, open_before = stage.processes.resident(), stage.processes.descriptors()
            worker_before = stage.processes.resident(*workers)
            growth = []
            for number in range(1, rounds + 1):
                await row.round()
                if number % _LOOK_EVERY == 0 or number == rounds:
                    growth.append(stage.processes.resident() - before)
            left = stage.processes.descriptors() - open_before
            worker_growth = stage.processes.resident(*workers) - worker_before
            ringing = _ringing(row)
    return [
        ringing,
        Figure(
            f"{rounds}-call churn: failed calls",
            "calls",
            direct=Series((float(row.failed["direct"]),)),
            through=Series((float(row.failed["through"]),)),
            goal=Goal("most", 0),
        ),
        Figure(
            f"{rounds}-call churn: growth of RSS",
            "MiB",
            through=Series(tuple(growth)),
            goal=Goal("most", 2.0),
            notes=f"all processes had {before:.0f} MiB before; {left:+d} file descriptors after; "
            f"of the growth at the end, {worker_growth:.2f} MiB are the worker's",
            if_missed="Memory of the service grew from call to call.",
        ),
    ]


class _Row:
    """Calls one after the other, direct and through us in turn."""

    def __init__(self, stage: Stage, resident: Resident) -> None:
        self._stage = stage
        self._resident = resident
        self._callers = 0
        self.phone = self._phone(resident.phone_name, ring=RINGS, port=resident.phone_port)
        self.direct_phone = self._phone("direct", ring=0)
        self.forget()

    def forget(self) -> None:
        """What was so far was warm-up."""
        self.failed = {"direct": 0, "through": 0}
        self.dialled: dict[str, list[datetime]] = {"direct": [], "through": []}

    async def round(self) -> None:
        await self._call("direct", self._resident.direct)
        await self._call("through", self._resident.account.user)
        await self._stage.quiet(self._resident)

    def _phone(self, name: str, *, ring: float, port: int | None = None) -> Sipp:
        return Sipp(
            self._stage.directory,
            name,
            "answer",
            port=port,
            calls=10**6,
            ring=ring,
            patience=3600,
        )

    async def _call(self, way: str, number: str) -> None:
        self._callers += 1
        caller = Sipp(
            self._stage.directory / "callers",
            f"caller-{self._callers}",
            "call",
            target=self._stage.provider.address,
            service=number,
            hold=_TALKS,
            patience=10,
        )
        async with caller:
            outcome: Outcome = await caller.finished(20)
        self.failed[way] += int(outcome.successful != 1)
        self.dialled[way] += _invites(outcome.messages, "sent")


def _invites(messages: list[Message], direction: str) -> list[datetime]:
    """When each call's first INVITE was seen; those that were sent again are left out."""
    first: dict[str | None, datetime] = {}
    for message in messages:
        if message.direction == direction and message.first_line.startswith("INVITE "):
            first.setdefault(message.header("Call-ID"), message.at)
    return list(first.values())


def _ringing(row: _Row) -> Figure:
    """No two calls overlap: a phone's INVITE belongs to the last that was dialled before it."""
    direct, through = (
        Series(tuple(_milliseconds_until(rang, at) for at in row.dialled[way]))
        for way, rang in (
            ("direct", _invites(row.direct_phone.messages(), "received")),
            ("through", _invites(row.phone.messages(), "received")),
        )
    )
    return Figure(
        "INVITE dialled -> INVITE at the phone",
        "ms",
        direct=direct,
        through=through,
        added=through.minus(direct.median),
        goal=Goal("p95", 150),
        if_missed="The service took too long to route the call.",
    )


def _milliseconds_until(rang: list[datetime], dialled: datetime) -> float:
    return 1000 * min((at - dialled).total_seconds() for at in rang if at > dialled - _LOGGED_LATE)
