"""The call is up: both sides hear each other, keys go through, limits are kept."""

import asyncio
import logging

from bridge.calls.attempt import Attempt
from bridge.calls.book import Ticket
from bridge.calls.dialling import Dialled
from bridge.calls.incoming import IncomingCall
from bridge.calls.leg import Leg
from bridge.calls.listener import Listener
from bridge.terms import Cause, EndedBy

log = logging.getLogger(__name__)

WARNING = 30.0
"""Seconds before the end of the minutes at which the user is warned."""
ASK_EVERY = 60.0
"""Seconds after which the book is asked anew: another call may use up the same minutes."""

_A_HAIR = 0.001
"""Seconds by which a clock may be early."""


async def join(call: IncomingCall, winner: Attempt) -> None:
    """Answer the caller, join both sides, and stay until the call is left."""
    end = winner.dialled
    assert end is not None, "a phone that accepted has been dialled"
    await call.answer()
    call.listener.forget_keys()
    end.listener.forget_keys()
    async with call.exchange.mixer.patch(call.leg.audio, end.leg.audio):
        call.joined_to(winner.phone)
        call.body.start(_pass_keys(call.listener, end.leg))
        call.body.start(_pass_keys(end.listener, call.leg))
        call.body.start(_keep_limits(call, end))
        await asyncio.Future()  # whoever is gone first ends the call


async def _pass_keys(source: Listener, target: Leg) -> None:
    while True:
        digit = await source.keys.get()
        try:
            await target.press(digit)
        except Exception:
            log.exception("a key could not be passed on")


async def _keep_limits(call: IncomingCall, end: Dialled) -> None:
    loop = asyncio.get_running_loop()
    ends_at, rule, warned = end.ends_at, end.ticket.rule, False
    while (left := ends_at - loop.time()) > 0:
        if left <= WARNING and not warned:
            warned = True
            await _warn(call, end, left)
        else:
            pause = min(ASK_EVERY, left if warned else left - WARNING)
            await asyncio.sleep(max(pause, _A_HAIR))
            if (ticket := await _renewed(call, end)) is not None:
                ends_at, rule = loop.time() + ticket.seconds_left, ticket.rule
    call.refused(rule)
    call.end(Cause.LIMIT, EndedBy.HOUSE)


async def _warn(call: IncomingCall, end: Dialled, left: float) -> None:
    """Only the user hears it: the limits are not the caller's business."""
    try:
        await call.exchange.say(
            end.leg.audio, "This call ends in {seconds} seconds.", seconds=f"{left:.0f}"
        )
    except Exception:
        log.exception("the warning could not be spoken")


async def _renewed(call: IncomingCall, end: Dialled) -> Ticket | None:
    try:
        return await call.exchange.book.renew_leg(end.ticket.id)
    except Exception:
        log.exception("the book cannot be asked for the limits")
        return None
