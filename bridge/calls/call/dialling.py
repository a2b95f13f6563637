"""A leg that we dial, from its ticket to its goodbye, whatever happens in between."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from bridge.api.views import PhoneView
from bridge.calls.call.call import Call
from bridge.calls.call.listener import Listener, hang_up
from bridge.calls.policy import tollguard
from bridge.calls.ports.leg import Leg
from bridge.calls.ports.subscriber import Subscriber, Ticket
from bridge.scope import acquired, promptly, uninterrupted
from bridge.terms import Cause, Party

log = logging.getLogger(__name__)

_DIALLED_WITHIN = 20.0
"""Seconds that a network may take until it has a leg."""


class Callee(Protocol):
    """Who is dialled. Both raise a HouseError when that may not or cannot be."""

    async def ticket(self) -> Ticket:
        """Before anything rings."""

    async def dial(self) -> Leg: ...


@dataclass(frozen=True)
class OwnPhone:
    """One of the user's, its display showing `showing`."""

    call: Call
    phone: PhoneView
    showing: Party

    async def ticket(self) -> Ticket:
        subscriber, route = self.call.services.subscriber, self.call.services.route
        tollguard.check(self.phone.address, self.call.rules.countries)
        return await subscriber.open_leg(self.call.id, self.phone.id, route.counted(self.phone))

    async def dial(self) -> Leg:
        return await self.call.services.route.dial(self.phone, self.showing, self.call.id)


@dataclass(frozen=True)
class Dialled:
    """Somebody who has been dialled. `dialled_at` and `ends_at` are the event loop's time."""

    listener: Listener
    ticket: Ticket
    dialled_at: float
    ends_at: float
    """When the user's limits cut the call."""

    @property
    def leg(self) -> Leg:
        return self.listener.leg


@asynccontextmanager
async def dialled(
    call: Call, callee: Callee, farewell: Callable[[], Cause]
) -> AsyncIterator[Dialled]:
    """Rings `callee` as long as the body lasts; the body is left when the leg is over.

    Afterwards the leg is hung up with the cause that `farewell` gives then, and its ticket closed.
    Raises a HouseError before anything rings when it may not or cannot be dialled, TimeoutError
    when nobody says so.
    """
    subscriber, loop = call.services.subscriber, asyncio.get_running_loop()
    ticket = await acquired(promptly(callee.ticket()), lambda got: _closed(subscriber, got.id, 0.0))
    ends_at = loop.time() + ticket.seconds_left
    talked = 0.0
    try:
        dialling = promptly(callee.dial(), _DIALLED_WITHIN)
        leg = await acquired(dialling, lambda got: hang_up(got, farewell()))
        listener = Listener(leg)
        try:
            async with listener.attending():
                yield Dialled(listener, ticket, loop.time(), ends_at)
        finally:
            talked = listener.established_seconds
            await uninterrupted(hang_up(leg, farewell()))
    finally:
        await uninterrupted(_closed(subscriber, ticket.id, talked))


async def _closed(subscriber: Subscriber, ticket: UUID, talked: float) -> None:
    """Never raises: the leg is over all the same, and a ticket that nobody asks after lapses."""
    try:
        await promptly(subscriber.close_leg(ticket, talked))
    except Exception:
        log.exception("a ticket could not be closed")
