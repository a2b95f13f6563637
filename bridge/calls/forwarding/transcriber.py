"""What a message says, written down after its call, and out of the way of everything else."""

import asyncio
import logging
import wave
from pathlib import Path
from uuid import UUID

from bridge.audio.port import Utterance
from bridge.audio.speech.recognizer import Recognizer
from bridge.calls.ports.call_services import CallServices
from bridge.scope import promptly

log = logging.getLogger(__name__)

_READY_WITHIN, _A_SECOND_WITHIN = 120.0, 4.0
"""Seconds until a message is written down, and what each of its own seconds adds to that."""


class MessageTranscriber:
    """Nobody waits for it: neither a call, nor the voice note, nor the end of the house."""

    def __init__(self, services: CallServices) -> None:
        self._services = services
        self._writing: set[asyncio.Task[None]] = set()

    async def take(self, voicemail: UUID, wav: Path) -> None:
        """Returns once the sound is read; what it says comes later, or never. Never raises."""
        rules = self._services.subscriber.rules()
        recognizer, language = self._services.recognizer, rules.language
        if recognizer is None or not recognizer.transcribes or language not in recognizer.languages:
            return
        if not rules.preferences.transcripts:
            return
        try:
            said = await asyncio.to_thread(_said, wav, asyncio.get_running_loop().time())
        except (OSError, EOFError, wave.Error):
            log.exception("a message cannot be read, and is not written down")
            return
        task = asyncio.create_task(self._write(voicemail, said, recognizer, language))
        self._writing.add(task)
        task.add_done_callback(self._writing.discard)

    async def close(self) -> None:
        """What is not written yet never will be; the messages are kept all the same."""
        for task in self._writing:
            task.cancel()
        if self._writing:
            await asyncio.wait(self._writing)

    async def _write(
        self, voicemail: UUID, said: Utterance, recognizer: Recognizer, language: str
    ) -> None:
        within = _READY_WITHIN + _A_SECOND_WITHIN * len(said.pcm) / 2 / said.rate
        try:
            transcript = await promptly(recognizer.transcribe(said, language), within)
            if transcript:
                await self._services.mailbox.write_down(voicemail, transcript)
        except Exception:
            log.exception("a message could not be written down")


def _said(wav: Path, ended: float) -> Utterance:
    with wave.open(str(wav)) as sound:
        return Utterance(sound.readframes(sound.getnframes()), sound.getframerate(), ended)
