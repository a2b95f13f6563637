"""An engine that writes down what it hears, used for choosing too."""

from collections.abc import Sequence

from bridge.audio.speech.engine import Transcriber
from bridge.audio.speech.matching import closest
from bridge.audio.speech.recognizer import Candidate, Option


class ByWords:
    def __init__(self, transcriber: Transcriber) -> None:
        self._transcriber = transcriber

    def choose(
        self, pcm: bytes, rate: int, options: Sequence[Option], language: str
    ) -> tuple[Candidate, ...]:
        expected = [form for option in options for form in option.forms]
        return closest(self._transcriber.words(pcm, rate, language, expected), options, language)

    def transcribe(self, pcm: bytes, rate: int, language: str) -> str | None:
        return self._transcriber.words(pcm, rate, language).strip() or None
