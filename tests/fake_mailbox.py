"""Messages in memory; their sound is on the shelf of the fake playback."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from uuid import UUID, uuid4

from bridge.api.views import VoicemailView
from bridge.audio.port import Source
from bridge.calls.ports.clock import Clock
from bridge.errors import UnknownTarget
from bridge.store.calls.voicemails import LONGEST_TRANSCRIPT
from bridge.text import clean_text


class FakeMailbox:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.kept: list[VoicemailView] = []
        self.delay = 0.0
        """How long a change takes."""
        self.transcripts: dict[UUID, str] = {}
        """All that ever were written down, as they were."""

    def holds(self, caller: str, address: str = "", heard: bool = False) -> VoicemailView:
        """One more message, the newest."""
        message = VoicemailView(
            id=uuid4(),
            call=None,
            caller_name=caller,
            caller_address=address or caller.lower(),
            created=self._clock.now(),
            seconds=6.0,
            heard=heard,
        )
        self.kept.insert(0, message)
        return message

    # --- the port Mailbox

    async def messages(self) -> Sequence[VoicemailView]:
        return list(self.kept)

    @asynccontextmanager
    async def sound(self, voicemail: UUID) -> AsyncIterator[Source]:
        message = next((one for one in self.kept if one.id == voicemail), None)
        if message is None:
            raise UnknownTarget("no_such_voicemail")
        yield Source(f"message of {message.caller_name}")

    async def heard(self, voicemail: UUID) -> None:
        await asyncio.sleep(self.delay)
        self._change(voicemail, heard=True)

    async def write_down(self, voicemail: UUID, transcript: str) -> None:
        self.transcripts[voicemail] = transcript
        self._change(voicemail, transcript=clean_text(transcript, LONGEST_TRANSCRIPT))

    async def delete(self, voicemail: UUID) -> None:
        await asyncio.sleep(self.delay)
        self.kept = [one for one in self.kept if one.id != voicemail]

    def _change(self, voicemail: UUID, **facts: object) -> None:
        self.kept = [
            one.model_copy(update=facts) if one.id == voicemail else one for one in self.kept
        ]
