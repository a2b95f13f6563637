"""An engine that writes down what it hears, used for choosing too."""

from abc import ABC, abstractmethod
from collections.abc import Sequence

from bridge.audio.speech.matching import closest
from bridge.audio.speech.recognizer import Candidate, Option


class EngineByWords(ABC):
    """A kind of it says how its library is asked (bridge.audio.speech.engine.SpeechEngine)."""

    @abstractmethod
    def words(self, pcm: bytes, rate: int, language: str, expected: Sequence[str] = ()) -> str:
        """What was said; `expected` are phrases that are likely."""

    def choose(
        self, pcm: bytes, rate: int, options: Sequence[Option], language: str
    ) -> tuple[Candidate, ...]:
        expected = [form for option in options for form in option.forms]
        return closest(self.words(pcm, rate, language, expected), options, language)

    def transcribe(self, pcm: bytes, rate: int, language: str) -> str | None:
        return self.words(pcm, rate, language).strip() or None
