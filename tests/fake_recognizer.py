"""Understands what the people of a scene say: their words are the samples."""

import asyncio
from collections.abc import Sequence

from bridge.audio.port import Utterance
from bridge.audio.speech.recognizer import MOST_OPTIONS, Candidate, Option, Recognizer


class FakeRecognizer(Recognizer):
    """`mishears` says, for some words, which forms were heard instead, and how surely."""

    transcribes = False

    def __init__(self) -> None:
        self.able = frozenset({"en"})
        self.mishears: dict[str, dict[str, float]] = {}
        self.asked: list[tuple[str, ...]] = []
        """The forms that were to choose from."""
        self.writes_for = 0.0
        """Seconds."""
        self.fault: Exception | None = None
        """Breaks what is to be written down."""
        self.written: list[str] = []
        """The languages of what was to be written down."""
        self.warmed = 0

    @property
    def languages(self) -> frozenset[str]:
        return self.able

    async def choose(
        self, said: Utterance, options: Sequence[Option], language: str
    ) -> tuple[Candidate, ...]:
        assert len(options) <= MOST_OPTIONS
        self.asked.append(tuple(form for option in options for form in option.forms))
        words = said.pcm.decode().strip()
        if language not in self.able or not words:
            return ()
        heard = self.mishears.get(words, {words: 1.0})
        found = [
            Candidate(option.key, max((heard.get(form, 0.0) for form in option.forms), default=0))
            for option in options
        ]
        likely = sorted((one for one in found if one.confidence), key=lambda one: -one.confidence)
        return tuple(likely)

    async def transcribe(self, said: Utterance, language: str) -> str | None:
        self.written.append(language)
        if not self.transcribes or language not in self.able:
            return None
        await asyncio.sleep(self.writes_for)
        if self.fault:
            raise self.fault
        return said.pcm.decode().strip() or None

    async def warm(self) -> None:
        self.warmed += 1
