"""Screening: whoever picked up hears who calls, and says with a key what to do with the caller.

A machine that picks up (the mobile carrier's voicemail) presses no key and is dropped.
"""

from enum import Enum
from functools import partial

from bridge.calls import spoken
from bridge.calls.call import Call
from bridge.calls.dialling import Dialled
from bridge.calls.prompt import key_after

INSTANTLY = 2.0
"""Who picks up sooner than this many seconds after the INVITE is taken for a machine."""
TIMES, PATIENCE = 2, 5.0
"""The announcement is spoken so often, each followed by so many seconds of waiting for a key."""


class Verdict(Enum):
    """What the person on the phone wants; the value is the key."""

    ACCEPT = "1"
    VOICEMAIL = "2"
    REJECT = "3"


async def ask(call: Call, dialled: Dialled) -> Verdict | None:
    """None when nobody said anything."""
    rules = call.rules
    announce = partial(
        call.exchange.say,
        dialled.leg.audio,
        "Call from {name} via {network}. Press 1 to accept, 2 for voicemail, 3 to reject.",
        name=spoken.caller(rules.language, call.caller, rules.country),
        network=spoken.network(rules.language, call.network),
    )
    for _ in range(TIMES):
        key = await key_after(announce, dialled.listener, "123", PATIENCE)
        if key is not None:
            return Verdict(key)
    return None
