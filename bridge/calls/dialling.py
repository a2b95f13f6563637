"""A phone leg from its ticket to its goodbye, whatever happens in between."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bridge.calls import tollguard
from bridge.calls.book import Phone, Ticket
from bridge.calls.call import Call
from bridge.calls.leg import Leg
from bridge.calls.listener import Listener, hang_up
from bridge.calls.scope import acquired, uninterrupted
from bridge.terms import Cause, Party


@dataclass(frozen=True)
class Dialled:
    """A phone that has been dialled. `dialled_at` and `ends_at` are the event loop's time."""

    phone: Phone
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
    call: Call, phone: Phone, showing: Party, farewell: Callable[[], Cause]
) -> AsyncIterator[Dialled]:
    """Rings `phone` as long as the body lasts; the body is left when the phone is gone.

    Afterwards the leg is hung up with the cause that `farewell` gives then, and its ticket closed.
    Raises a HouseError before anything rings when the phone may not or cannot be dialled.
    """
    book, line = call.exchange.book, call.exchange.line
    tollguard.check(phone.address, call.rules.countries)
    loop = asyncio.get_running_loop()
    ticket = await acquired(
        book.open_leg(call.id, phone.id, line.counted(phone)),
        lambda got: book.close_leg(got.id, 0.0),
    )
    ends_at = loop.time() + ticket.seconds_left
    talked = 0.0
    try:
        leg = await acquired(
            line.dial(phone, showing, call.id), lambda got: hang_up(got, farewell())
        )
        listener = Listener(leg)
        try:
            async with listener.attending():
                yield Dialled(phone, listener, ticket, loop.time(), ends_at)
        finally:
            talked = listener.established_seconds
            await uninterrupted(hang_up(leg, farewell()))
    finally:
        await uninterrupted(book.close_leg(ticket.id, talked))
