"""The call is up: both sides hear each other, keys go through, limits are kept."""

import asyncio
import logging
from functools import partial

from bridge.calls import spoken
from bridge.calls.call import limits
from bridge.calls.call.dialling import Dialled
from bridge.calls.call.listener import Listener
from bridge.calls.forwarding.branch import Branch
from bridge.calls.forwarding.incoming import IncomingCall
from bridge.calls.ports.leg import Leg
from bridge.calls.spoken import N_
from bridge.scope import promptly
from bridge.terms import Cause

log = logging.getLogger(__name__)

LOST = N_("The connection to {name} was lost.")
_LAST_WORDS = 10.0
_PRESSED_WITHIN = 2.0
"""Seconds: the next key may be the one that hangs up."""


async def join(call: IncomingCall, winner: Branch) -> None:
    """Answer the caller, join both sides, and stay until the call is left."""
    end = winner.dialled
    assert end is not None, "a phone that accepted has been dialled"
    await call.answer()
    call.listener.forget_keys()
    end.listener.forget_keys()
    async with call.services.mixer.patch(call.leg.audio, end.leg.audio):
        call.joined_to(winner.phone)
        call.listener.before_leaving = partial(_tell_lost, call, end)
        call.body.start(pass_keys(call.listener, end.leg))
        call.body.start(pass_keys(end.listener, call.leg))
        call.body.start(limits.keep(call, end, partial(_warn, call, end)))
        await asyncio.Future()  # whoever is gone first ends the call


async def pass_keys(source: Listener, target: Leg) -> None:
    """Whatever is pressed at one end is pressed at the other."""
    while True:
        await press(target, await source.keys.get())


async def press(target: Leg, digit: str) -> None:
    """A key that cannot be passed on costs no call."""
    try:
        await promptly(target.press(digit), _PRESSED_WITHIN)
    except Exception:
        log.exception("a key could not be passed on")


async def _tell_lost(call: IncomingCall, end: Dialled) -> None:
    """Nobody hung up: without a word the user would speak on to nobody."""
    lost = call.ending is not None and call.ending.cause is Cause.NETWORK_LOST
    if not lost or end.leg.over:
        return
    name = spoken.caller(call.rules.language, call.caller, call.rules.country)
    try:
        async with asyncio.timeout(_LAST_WORDS):
            await call.services.say(end.leg.audio, LOST, name=name)
    except Exception:
        log.exception("a lost connection could not be told")


async def _warn(call: IncomingCall, end: Dialled, left: float) -> None:
    """Only the user hears it: the limits are not the caller's business."""
    await call.services.say(end.leg.audio, limits.WARNED, seconds=f"{left:.0f}")
