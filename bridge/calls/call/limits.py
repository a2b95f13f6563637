"""The user's minutes run out while he is on the phone: he is warned, then the call is cut."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from bridge.calls.call.call import Call
from bridge.calls.call.dialling import Dialled
from bridge.calls.ports.subscriber import Ticket
from bridge.calls.spoken import N_
from bridge.terms import Cause, EndedBy

log = logging.getLogger(__name__)

WARNING = 30.0
"""Seconds before the end of the minutes at which the user is warned."""
WARNED = N_("This call ends in {seconds} seconds.")
ASK_EVERY = 60.0
"""Seconds after which the store is asked anew: another call may use up the same minutes."""

_A_HAIR = 0.001
"""Seconds by which a clock may be early."""


async def keep(call: Call, end: Dialled, warn: Callable[[float], Awaitable[None]]) -> None:
    """Ends `call` when the ticket of `end` does; `warn` is told before, once in a call,
    and how many seconds are left.
    """
    loop = asyncio.get_running_loop()
    ends_at, rule = end.ends_at, end.ticket.rule
    while (left := ends_at - loop.time()) > 0:
        if left <= WARNING and not call.warned:
            call.warned = True
            await _warned(warn, left)
        else:
            pause = min(ASK_EVERY, left if call.warned else left - WARNING)
            await asyncio.sleep(max(pause, _A_HAIR))
            if (ticket := await _renewed(call, end)) is not None:
                ends_at, rule = loop.time() + ticket.seconds_left, ticket.rule
    call.refused(rule)
    call.end(Cause.LIMIT, EndedBy.HOUSE)


async def _warned(warn: Callable[[float], Awaitable[None]], left: float) -> None:
    try:
        await warn(left)
    except Exception:
        log.exception("the warning could not be spoken")


async def _renewed(call: Call, end: Dialled) -> Ticket | None:
    try:
        return await call.services.subscriber.renew_leg(end.ticket.id)
    except Exception:
        log.exception("the store cannot be asked for the limits")
        return None
