"""Proving that a phone is the user's: he types on it the digits that the chat shows."""

import logging
import secrets
from collections.abc import Awaitable, Callable
from functools import partial

from bridge.api.events import PhoneChecked
from bridge.calls.call.dialling import Dialled
from bridge.calls.checks.service_call import ServiceCall
from bridge.calls.ivr.prompt import DIGITS, key_after, silence
from bridge.calls.spoken import N_
from bridge.scope import uninterrupted
from bridge.terms import Cause

log = logging.getLogger(__name__)

LENGTH = 4
PATIENCE = 15.0
"""Seconds in which the next digit must be typed; then it is asked for once more."""
TIMES = 2
_ASKED = N_("Please type the four digits from the chat.")
_WRONG = N_("That was wrong. Please type the four digits from the chat.")


def new_digits() -> str:
    return "".join(secrets.choice(DIGITS) for _ in range(LENGTH))


class Verification:
    """The dialogue of one verification call."""

    def __init__(self, call: ServiceCall, digits: str, tries_left: int) -> None:
        self._call = call
        self._digits = digits
        self._tries_left = tries_left
        self._outcome = ""

    async def run(self) -> None:
        """Call the phone and tell the chat how it went."""
        try:
            await self._call.make(self._dialogue)
        finally:
            await uninterrupted(self._tell())

    async def _dialogue(self, end: Dialled) -> None:
        self._outcome = "no_digits"
        subscriber, phone = self._call.services.subscriber, self._call.phone
        sentence = _ASKED
        while (typed := await self._typed(end, sentence)) is not None:
            if secrets.compare_digest(typed, self._digits):
                await subscriber.verified(phone.id)
                self._outcome = "verified"
                await self._say(end, "Thank you. This phone is verified.")
                return
            self._outcome = "wrong_digits"
            self._tries_left = await subscriber.verification_failed(phone.id)
            if self._tries_left <= 0:
                self._outcome = "cooling"
                await self._say(end, "That was wrong too often. Please try again tomorrow.")
                return
            sentence = _WRONG

    async def _typed(self, end: Dialled, sentence: str) -> str | None:
        """Four digits; None when nobody types them. An unfinished number is asked for anew."""
        ask = partial(self._say, end, sentence)
        for _ in range(TIMES):
            typed = ""
            prompt: Callable[[], Awaitable[None]] = ask
            while (key := await key_after(prompt, end.listener, DIGITS, PATIENCE)) is not None:
                typed += key
                if len(typed) == LENGTH:
                    return typed
                prompt = silence
        return None

    async def _say(self, end: Dialled, sentence: str) -> None:
        await self._call.services.say(end.leg.audio, sentence)

    async def _tell(self) -> None:
        call, subscriber = self._call, self._call.services.subscriber
        try:
            await subscriber.refresh()
        except Exception:
            log.exception("the rules could not be read anew")
        phone = subscriber.rules().phone(call.phone.id)
        if phone is not None:  # it may have been removed meanwhile
            call.services.tell(
                PhoneChecked(
                    user=call.rules.user,
                    phone=phone,
                    outcome=self._outcome or _word(call),
                    tries_left=self._tries_left,
                )
            )


def _word(call: ServiceCall) -> str:
    """Why it came to no dialogue."""
    cause = call.ending.cause if call.ending else Cause.FAILED
    return "no_answer" if cause is Cause.NO_ANSWER else cause.word
