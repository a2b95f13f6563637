"""Screening: whoever picked up hears what it is about, and says with a key whether he takes it.

A machine that picks up (the mobile carrier's voicemail) presses no key and is dropped.
"""

from enum import Enum
from functools import partial

from bridge.calls.call.dialling import Dialled
from bridge.calls.forwarding.offered import OfferedCall
from bridge.calls.ivr.prompt import key_after

INSTANTLY = 2.0
"""Who picks up sooner than this many seconds after the INVITE is taken for a machine."""
TIMES, PATIENCE = 2, 5.0
"""The announcement is spoken so often, each followed by so many seconds of waiting for a key."""


class ScreeningVerdict(Enum):
    """What the person on the phone wants; the value is the key. LATER: a caller speaks to the
    voicemail meanwhile.
    """

    ACCEPT = "1"
    LATER = "2"
    REJECT = "3"


async def ask(call: OfferedCall, dialled: Dialled) -> ScreeningVerdict | None:
    """None when nobody said anything."""
    announce = partial(call.announce, dialled.leg.audio)
    for _ in range(TIMES):
        key = await key_after(announce, dialled.listener, "123", PATIENCE)
        if key is not None:
            return ScreeningVerdict(key)
    return None
