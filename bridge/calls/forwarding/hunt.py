"""Ringing the user's phones, together or one after the other, until somebody accepts the call."""

import asyncio
from typing import TYPE_CHECKING, Any
from uuid import UUID

from bridge.api.views import PhoneState, PhoneView
from bridge.calls.forwarding.branch import Branch
from bridge.calls.policy.routing import Plan
from bridge.terms import Cause

if TYPE_CHECKING:
    from bridge.calls.forwarding.routed import RoutedCall

LONGEST = 90.0
"""Seconds after which no further phone begins to ring: callers' networks give up after three
minutes at most (RFC 3261 section 16.6, timer C), and then nobody can leave a message.
"""


class Hunt:
    """The phones that ring for one call. Ends with the attempt that won, or without one."""

    def __init__(self, call: "RoutedCall") -> None:
        loop = asyncio.get_running_loop()
        self.won: asyncio.Future[Branch] = loop.create_future()
        self.sent_away: asyncio.Future[None] = loop.create_future()
        """Done when the user does not want it now: a caller speaks to the voicemail then."""
        self._call = call
        self._attempts: dict[UUID, Branch] = {}

    def states(self, only_live: bool = False) -> dict[UUID, PhoneState]:
        """How the phones that were rung stand; with `only_live`, those that still ring."""
        return {
            id: attempt.state
            for id, attempt in self._attempts.items()
            if not (only_live and attempt.over)
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
        earlier = self._attempts.get(phone.id)
        if earlier is None or (again and earlier.over):
            attempt = self._attempts[phone.id] = Branch(self._call, self, phone)
            attempt.task = self._call.body.start(attempt.run())

    def accept(self, attempt: Branch) -> bool:
        """The first to accept has the call; the others stop ringing."""
        if self.won.done():
            return False
        self.won.set_result(attempt)
        self._stop(but=attempt)
        return True

    def send_away(self) -> None:
        if not self._decided:
            self.sent_away.set_result(None)
            self._stop()

    @property
    def refusal(self) -> str:
        """The rule that kept every phone from ringing, or nothing."""
        rules = [attempt.forbidden for attempt in self._attempts.values()]
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
            ringing = {attempt.task for attempt in self._attempts.values() if not attempt.over}
            if not ringing:
                return
            await asyncio.wait({*self._decisions, *ringing}, return_when=asyncio.FIRST_COMPLETED)

    def _stop(self, but: Branch | None = None) -> None:
        for attempt in self._attempts.values():
            if attempt is not but:
                attempt.give_up(Cause.ELSEWHERE)
