"""Two hundred idle users in one run: whether all of them stay registered, and what they cost.

Some gigabytes of memory are needed, so it is measured only when it is asked for.
"""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

from tests.bench.cost import proportional
from tests.bench.figure import Figure, Goal, Series
from tests.bench.idle import WORKER_MISSED
from tests.bench.stage import Stage
from tests.peers.kamailio import Kamailio
from tests.peers.programs import PeerFailed

USERS, QUICK_USERS = 200, 20
_LOOKS_EVERY = 2.0
_SETTLES = 15.0


class Registrations:
    """What the provider knows of everybody's number, looked at again and again.

    `missing`: users without a contact at some look; `changed`: those who got another one, as after
    a new start of their worker; `renewed`: those whose contact has lasted longer than it was to.
    """

    def __init__(self, users: set[str]) -> None:
        self.users = users
        self.missing: set[str] = set()
        self.changed: set[str] = set()
        self.renewed: set[str] = set()
        self._contacts: dict[str, str] = {}
        self._left: dict[str, int] = {}

    def look(self, found: dict[str, tuple[str, int]]) -> None:
        """`found`: contact and seconds that are left, by user."""
        self.missing |= self.users - found.keys()
        for user, (contact, left) in found.items():
            if self._contacts.setdefault(user, contact) != contact:
                self.changed.add(user)
            if left > self._left.get(user, left):
                self.renewed.add(user)
            self._left[user] = left

    @property
    def complete(self) -> bool:
        return self.users <= self.renewed


async def measure(directory: Path, quick: bool) -> list[Figure]:
    users = QUICK_USERS if quick else USERS
    async with Stage(directory) as stage:
        await stage.settle(1, phones=False)
        await asyncio.sleep(_SETTLES)
        memory_of_one = proportional(*stage.processes.pids())
        await stage.settle(users, phones=False)
        await asyncio.sleep(_SETTLES)
        first_workers, before = set(stage.processes.workers()), stage.processes.spent()
        seen = Registrations({one.account.user for one in stage.residents})
        began = time.monotonic()
        while not seen.complete:
            if time.monotonic() - began > 2 * stage.provider.max_expires:
                raise PeerFailed(f"not renewed: {sorted(seen.users - seen.renewed)}")
            await asyncio.sleep(_LOOKS_EVERY)
            seen.look(await _contacts(stage.provider, seen.users))
        after = stage.processes.spent()
        memory = proportional(*stage.processes.pids())
        ended = first_workers - set(stage.processes.workers())
    none, watched = Goal("most", 0), after.at - before.at
    return [
        Figure(
            f"{users} idle users: registration lost, or with another contact",
            "users",
            through=Series((float(len(seen.missing | seen.changed)),)),
            goal=none,
            notes=f"every registration was renewed within the {watched:.0f} s",
        ),
        Figure(
            f"{users} idle users: workers that ended",
            "workers",
            through=Series((float(len(ended)),)),
            goal=none,
        ),
        Figure(
            f"{users} idle users: PSS of each but the first",
            "MiB",
            through=Series(((memory - memory_of_one) / (users - 1),)),
            goal=Goal("median", 14),
            if_missed=WORKER_MISSED,
            notes=f"the whole service {memory:.0f} MiB",
        ),
        Figure(
            f"{users} idle users: CPU of each",
            "% of a core",
            through=Series((before.percent_until(after) / users,)),
            goal=Goal("median", 0.06),
            notes="of all processes",
        ),
    ]


async def _contacts(provider: Kamailio, users: set[str]) -> dict[str, tuple[str, int]]:
    """Asked one by one: the answer for all is longer than its datagram may be."""
    found = {}
    for user in users:
        try:
            answer = await provider.ask("ul.lookup", "location", user)
        except PeerFailed as why:
            if "not found" not in str(why).lower():
                raise
            continue
        for each in answer["Contacts"]:
            contact = each["Contact"]
            if isinstance(contact["Expires"], int):  # else a word such as "expired"
                found[user] = (contact["Address"], contact["Expires"])
    return found
