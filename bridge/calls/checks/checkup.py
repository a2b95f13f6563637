"""The test call: says something, plays back what it hears, takes keys, and reports on the sound."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

from bridge.api.check_views import TestReport
from bridge.api.events import TestCallEnded
from bridge.audio.port import Clip
from bridge.calls.call.dialling import Dialled
from bridge.calls.checks.service_call import ServiceCall
from bridge.calls.ivr.prompt import DIGITS, key_after, silence
from bridge.calls.spoken import N_
from bridge.terms import Cause

RECORDED = 4.0
"""Seconds that are recorded and played back."""
HEARD = 0.3
"""Seconds of sound that prove that the phone is heard."""
PATIENCE = 10.0
PAUSE = 5.0
"""Seconds without a key that end the keys."""
KEYS = DIGITS + "*"
END_KEY = "#"
_HEARD = N_("If you heard yourself, press 1, if not, press 2.")


class Checkup:
    """The dialogue of one test call."""

    def __init__(self, call: ServiceCall) -> None:
        self._call = call
        self._heard_from_phone = False
        self._digits = ""

    async def run(self) -> None:
        """Call the phone and tell the chat how it went."""
        try:
            await self._call.make(self._dialogue)
        finally:
            call = self._call
            call.services.tell(TestCallEnded(user=call.rules.user, report=self._report()))

    async def _dialogue(self, end: Dialled) -> None:
        services, port = self._call.services, end.leg.audio
        await services.say(port, "This is a test call. Please say something after the tone.")
        await services.beep(port)
        await self._play_back(end)
        end.listener.forget_keys()
        ask = partial(services.say, port, _HEARD)
        if (key := await key_after(ask, end.listener, "12", PATIENCE)) is None:
            return
        self._digits = key
        await self._take_keys(end)
        await services.say(port, "Thank you. The test is over, and the chat shows how it went.")

    async def _play_back(self, end: Dialled) -> None:
        mixer, port = self._call.services.mixer, end.leg.audio
        path: Path | None = None
        try:
            async with mixer.record(port) as recording:
                path = recording.path
                await asyncio.sleep(RECORDED)
                seconds = recording.seconds
                self._heard_from_phone = seconds - recording.quiet_seconds >= HEARD
            await mixer.play(port, Clip("what was said", path, seconds))
        finally:
            if path is not None:
                path.unlink(missing_ok=True)

    async def _take_keys(self, end: Dialled) -> None:
        prompt: Callable[[], Awaitable[None]] = partial(
            self._call.services.say,
            end.leg.audio,
            N_("Thank you. Now press some keys, and the hash key when done."),
        )
        while key := await key_after(prompt, end.listener, KEYS + END_KEY, PAUSE):
            if key == END_KEY:
                return
            self._digits += key
            prompt = silence

    def _report(self) -> TestReport:
        call, sound = self._call, self._call.report
        cause = call.ending.cause if call.ending else Cause.FAILED
        first = self._digits[:1]
        return TestReport(
            phone=call.phone.label,
            answered=call.answered is not None,
            cause=cause.word,
            codec=sound.codec,
            delay_ms=sound.round_trip_ms or None,
            heard_from_phone=self._heard_from_phone,
            heard_by_phone={"1": True, "2": False}.get(first),
            digits=self._digits,
            loss=sound.loss,
            jitter_ms=sound.jitter_ms,
        )
