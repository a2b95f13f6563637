"""Who phones in must prove to be the user: by the PIN, unless he has waived it for this phone.

Without a PIN, or while it is locked, nobody comes in from any phone: so says the chat.
"""

import asyncio
import logging

from bridge.calls.phone_in.call import PhonedIn
from bridge.calls.spoken import N_
from bridge.errors import NotAllowed
from bridge.scope import promptly, uninterrupted

log = logging.getLogger(__name__)

LONGEST_PIN = 8
PAUSE = 4.0
"""Seconds without a digit that end the PIN as # does."""
AT_MOST = 90.0
"""Seconds that anybody may try: others may want to come in."""

_ASKED = N_("Please type your PIN, then hash.")
_WRONG = N_("That was wrong. Please type your PIN, then hash.")
_LOCKED = N_("Phoning in is locked for a while. The chat says until when. Goodbye.")
_TOO_LONG = N_("That took too long. Please call again. Goodbye.")
_TROUBLE = N_("Your PIN cannot be checked at the moment. Please call again later. Goodbye.")
_NO_PIN = N_("Nobody can phone in here yet: set a PIN in the chat first. Goodbye.")


async def is_let_in(guest: PhonedIn) -> bool:
    """False after the caller has heard why not. Says nothing of the user to strangers."""
    refusal = _NO_PIN
    if guest.rules.has_pin:
        try:
            async with asyncio.timeout(AT_MOST) as patience:
                await _is_the_user(guest)
            return True
        except NotAllowed as why:
            refusal = _NO_PIN if why.code == "no_pin" else _LOCKED
        except Exception:
            refusal = _TOO_LONG if patience.expired() else _TROUBLE
            if refusal is _TROUBLE:
                log.exception("a PIN could not be checked")
    await guest.ivr.last_words(refusal)
    return False


async def _is_the_user(guest: PhonedIn) -> None:
    """Returns once it has been proved."""
    if guest.phone is None or not guest.phone.needs_no_pin:
        await _knows_the_pin(guest)
    elif await promptly(guest.services.subscriber.pin_locked()):
        raise NotAllowed("pin_locked")


async def _knows_the_pin(guest: PhonedIn) -> None:
    """Returns once it was typed. Each try counts, also of who has hung up before he hears of it."""
    sentence = _ASKED
    while True:
        # one more than it has: the # that is asked for belongs to it
        typed = await guest.ivr.type(sentence, most=LONGEST_PIN + 1, pause=PAUSE)
        if typed is None:  # a star: once more from the beginning
            sentence = _ASKED
        elif await uninterrupted(
            promptly(guest.services.subscriber.check_pin(typed, guest.caller))
        ):
            return
        else:
            sentence = _WRONG
