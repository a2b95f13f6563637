"""What a caller said to the voicemail, until it is kept."""

import asyncio
import logging
from dataclasses import dataclass
from pathlib import Path

from tenacity import retry, retry_if_not_exception_type, stop_after_attempt, wait_fixed

from bridge.api.events import VoicemailLeft
from bridge.api.views import VoicemailView
from bridge.calls.call.call import Call
from bridge.calls.forwarding.transcriber import MessageTranscriber
from bridge.errors import NetworkDown

log = logging.getLogger(__name__)

SHORTEST = 1.0
"""Seconds of speech that make a message; less is a missed call."""


@dataclass(frozen=True)
class RecordedMessage:
    """A finished recording, not kept yet. `spoken` is its seconds up to the last sound."""

    path: Path
    seconds: float
    spoken: float

    async def keep(self, call: Call, transcriber: MessageTranscriber) -> None:
        """Give it to the store, the chat and the transcriber; the recorded file goes, whatever
        happens.
        """
        try:
            if self.spoken >= SHORTEST:
                voicemail = await self._stored(call)
                call.voicemail = voicemail.id
                call.services.tell(VoicemailLeft(user=call.rules.user, voicemail=voicemail))
                await transcriber.take(voicemail.id, self.path)
        finally:
            self.drop()

    def drop(self) -> None:
        """Remove what was recorded."""
        self.path.unlink(missing_ok=True)

    @retry(
        retry=retry_if_not_exception_type(NetworkDown),  # it is left for the next house
        stop=stop_after_attempt(3),
        wait=wait_fixed(1.0),
        reraise=True,
    )
    async def _stored(self, call: Call) -> VoicemailView:
        sound = await self._encoded(call)
        return await call.services.subscriber.keep_voicemail(
            call.id, call.caller, self.seconds, sound
        )

    async def _encoded(self, call: Call) -> bytes:
        """OGG/Opus. If that fails, the WAV as it is: larger, and a chat shows it as a file, but it
        can be heard.
        """
        try:
            return await call.services.encode(self.path)
        except Exception:
            log.exception("a message could not be encoded and is kept as WAV")
            return await asyncio.to_thread(self.path.read_bytes)
