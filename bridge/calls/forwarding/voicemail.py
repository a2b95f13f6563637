"""Nobody accepted: the caller is answered, greeted and recorded."""

import asyncio
import logging
import wave
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tenacity import retry, stop_after_attempt, wait_fixed

from bridge.api.events import VoicemailLeft
from bridge.api.views import CardState, VoicemailView
from bridge.audio.port import Clip, Recording
from bridge.calls.forwarding.branch import Branch
from bridge.calls.forwarding.incoming import IncomingCall
from bridge.calls.forwarding.transcriber import MessageTranscriber
from bridge.calls.ivr.prompt import key_after, silence

log = logging.getLogger(__name__)

SILENCE = 8.0
"""Seconds of silence that end a recording."""
SHORTEST = 1.0
"""Seconds of speech that make a message; less is a missed call."""
END_KEY = "#"
_A_HAIR = 0.001
"""Seconds by which a clock may be early."""


@dataclass(frozen=True)
class RecordedMessage:
    """A finished recording, not kept yet. `spoken` is its seconds up to the last sound."""

    path: Path
    seconds: float
    spoken: float


async def take(call: IncomingCall) -> Branch | None:
    """Record a message. The attempt that took the caller out of the voicemail, if one did."""
    call.become(CardState.RECORDING)
    recording = call.body.start(_greet_and_record(call))
    first: set[asyncio.Future[Any]] = {recording, call.hunt.won}
    await asyncio.wait(first, return_when=asyncio.FIRST_COMPLETED)
    winner = call.hunt.winner
    if winner is not None:
        recording.cancel()
        await asyncio.wait({recording})
        drop(call)
    return winner


async def keep(call: IncomingCall, transcriber: MessageTranscriber) -> None:
    """Give the message to the book, the chat and the scribe; the recorded file goes, whatever
    happens.
    """
    message = call.message
    if message is None:
        return
    try:
        if message.spoken >= SHORTEST:
            voicemail = await _given_to_book(call, message)
            call.voicemail = voicemail.id
            call.services.tell(VoicemailLeft(user=call.rules.user, voicemail=voicemail))
            await transcriber.take(voicemail.id, message.path)
    finally:
        drop(call)


def drop(call: IncomingCall) -> None:
    """Remove what was recorded."""
    if call.message is not None:
        call.message.path.unlink(missing_ok=True)
        call.message = None


@retry(stop=stop_after_attempt(3), wait=wait_fixed(1.0), reraise=True)
async def _given_to_book(call: IncomingCall, message: RecordedMessage) -> VoicemailView:
    subscriber = call.services.subscriber
    sound = await _encoded(call, message.path)
    return await subscriber.keep_voicemail(call.id, call.caller, message.seconds, sound)


async def _encoded(call: IncomingCall, wav: Path) -> bytes:
    """OGG/Opus. If that fails, the WAV as it is: larger, and a chat shows it as a file, but it can
    be heard.
    """
    try:
        return await call.services.encode(wav)
    except Exception:
        log.exception("a message could not be encoded and is kept as WAV")
        return await asyncio.to_thread(wav.read_bytes)


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
