"""Ringing the user's phones, together or one after the other, until somebody accepts the call."""

import asyncio
from typing import Any
from uuid import UUID

from bridge.api.views import PhoneState, PhoneView
from bridge.calls.forwarding.branch import Branch
from bridge.calls.forwarding.offered import OfferedCall
from bridge.calls.policy.routing import Plan
from bridge.terms import Cause

LONGEST = 90.0
"""Seconds after which no further phone begins to ring: callers' networks give up after three
minutes at most (RFC 3261 section 16.6, timer C), and then nobody can leave a message.
"""


class Hunt:
    """The phones that ring for one call. Ends with the branch that won, or without one."""

    def __init__(self, call: OfferedCall) -> None:
        loop = asyncio.get_running_loop()
        self.won: asyncio.Future[Branch] = loop.create_future()
        self.sent_away: asyncio.Future[None] = loop.create_future()
        """Done when the user does not want it now: a caller speaks to the voicemail then."""
        self._call = call
        self._branches: dict[UUID, Branch] = {}

    def states(self, only_live: bool = False) -> dict[UUID, PhoneState]:
        """How the phones that were rung stand; with `only_live`, those that still ring."""
        return {
            id: branch.state
            for id, branch in self._branches.items()
            if not (only_live and branch.over)
        }

    @property
    def winner(self) -> Branch | None:
        return self.won.result() if self.won.done() else None

    async def ring_out(self, plan: Plan) -> Branch | None:
        """Ring round after round, then wait for phones that were rung by their buttons."""
        loop = asyncio.get_running_loop()
        begun = loop.time()
        for phones in plan.rounds:
            if loop.time() - begun > LONGEST:
                break
            for phone in phones:
                self.ring(phone)
            await self._settled()
            if self._decided:
                break
        if plan.wait_seconds and not self._decided:
            await asyncio.wait(
                self._decisions,
                timeout=plan.wait_seconds,
                return_when=asyncio.FIRST_COMPLETED,
            )
        await self._settled()
        return self.winner

    def ring(self, phone: PhoneView, again: bool = False) -> None:
        """Ring it now, unless it rings already; one that rang in vain only if asked `again`."""
        earlier = self._branches.get(phone.id)
        if earlier is None or (again and earlier.over):
            branch = Branch(self._call, phone, self.accept, self.send_away)
            self._branches[phone.id] = branch
            branch.task = self._call.body.start(branch.run())

    def accept(self, branch: Branch) -> bool:
        """The first to accept has the call; the others stop ringing."""
        if self.won.done():
            return False
        self.won.set_result(branch)
        self._stop(but=branch)
        return True

    def send_away(self) -> None:
        if not self._decided:
            self.sent_away.set_result(None)
            self._stop()

    @property
    def refusal(self) -> str:
        """The rule that kept every phone from ringing, or nothing."""
        rules = [branch.forbidden for branch in self._branches.values()]
        return rules[0] if rules and all(rules) else ""

    @property
    def _decisions(self) -> tuple[asyncio.Future[Any], ...]:
        return self.won, self.sent_away

    @property
    def _decided(self) -> bool:
        return any(decision.done() for decision in self._decisions)

    async def _settled(self) -> None:
        """Until it is decided, or nothing rings any more."""
        while not self._decided:
            ringing = {branch.task for branch in self._branches.values() if not branch.over}
            if not ringing:
                return
            await asyncio.wait({*self._decisions, *ringing}, return_when=asyncio.FIRST_COMPLETED)

    def _stop(self, but: Branch | None = None) -> None:
        for branch in self._branches.values():
            if branch is not but:
                branch.give_up(Cause.ELSEWHERE)
