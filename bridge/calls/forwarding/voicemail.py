"""Nobody accepted: the caller is answered, greeted and recorded."""

import asyncio
import logging
import wave
from pathlib import Path
from typing import Any

from bridge.api.views import CardState
from bridge.audio.port import Clip, Recording
from bridge.calls.forwarding.branch import Branch
from bridge.calls.forwarding.incoming import IncomingCall
from bridge.calls.forwarding.recorded_message import RecordedMessage
from bridge.calls.ivr.prompt import key_after, silence

log = logging.getLogger(__name__)

SILENCE = 8.0
"""Seconds of silence that end a recording."""
END_KEY = "#"
_A_HAIR = 0.001
"""Seconds by which a clock may be early."""


async def take(call: IncomingCall) -> Branch | None:
    """Record a message. The branch that took the caller out of the voicemail, if one did."""
    call.become(CardState.RECORDING)
    recording = call.body.start(_greet_and_record(call))
    first: set[asyncio.Future[Any]] = {recording, call.hunt.won}
    await asyncio.wait(first, return_when=asyncio.FIRST_COMPLETED)
    winner = call.hunt.winner
    if winner is not None:
        recording.cancel()
        await asyncio.wait({recording})
        if call.message is not None:
            call.message.drop()
            call.message = None
    return winner


async def _greet_and_record(call: IncomingCall) -> None:
    await call.answer()
    await key_after(lambda: _greet(call), call.listener, END_KEY, 0.0)
    await key_after(lambda: call.services.beep(call.leg.audio), call.listener, "", 0.0)
    async with call.services.mixer.record(call.leg.audio) as recording:
        try:
            await _until_said(call, recording)
        finally:
            spoken = recording.seconds - recording.quiet_seconds
            call.message = RecordedMessage(recording.path, recording.seconds, spoken)


async def _until_said(call: IncomingCall, recording: Recording) -> None:
    """Until the caller presses #, says nothing any more, or has said enough."""
    while True:
        left = call.services.voicemail_seconds - recording.seconds
        pause = min(left, SILENCE - recording.quiet_seconds)
        if pause < _A_HAIR or await key_after(silence, call.listener, END_KEY, pause):
            return


async def _greet(call: IncomingCall) -> None:
    own = await _own_greeting(call.rules.greeting)
    if own is not None:
        await call.services.mixer.play(call.leg.audio, own)
    else:
        await call.services.say(
            call.leg.audio,
            "Nobody can take your call at the moment. Please leave a message after the tone.",
        )


async def _own_greeting(path: Path | None) -> Clip | None:
    if path is None:
        return None
    try:
        return await asyncio.to_thread(_clip, path)
    except (OSError, EOFError, wave.Error):
        log.warning("the user's greeting cannot be played; the spoken one is used")
        return None


def _clip(path: Path) -> Clip:
    with wave.open(str(path)) as sound:
        return Clip("greeting", path, sound.getnframes() / sound.getframerate())
