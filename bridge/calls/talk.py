"""The call is up: both sides hear each other, keys go through, limits are kept."""

import asyncio
import logging
from functools import partial

from bridge.calls import limits
from bridge.calls.attempt import Attempt
from bridge.calls.dialling import Dialled
from bridge.calls.incoming import IncomingCall
from bridge.calls.leg import Leg
from bridge.calls.listener import Listener

log = logging.getLogger(__name__)


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
        call.body.start(limits.keep(call, end, partial(_warn, call, end)))
        await asyncio.Future()  # whoever is gone first ends the call


async def _pass_keys(source: Listener, target: Leg) -> None:
    while True:
        digit = await source.keys.get()
        try:
            await target.press(digit)
        except Exception:
            log.exception("a key could not be passed on")


async def _warn(call: IncomingCall, end: Dialled, left: float) -> None:
    """Only the user hears it: the limits are not the caller's business."""
    await call.exchange.say(end.leg.audio, limits.WARNED, seconds=f"{left:.0f}")
