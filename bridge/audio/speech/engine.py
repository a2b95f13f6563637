"""What understands speech, inside the child: one of several engines, loaded when it is wanted."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from bridge.audio.speech.recognizer import Candidate, Option


class SpeechEngine(Protocol):
    """Sound is 16-bit mono, `rate` samples a second. An engine may raise whatever its library
    raises: then nothing was understood.
    """

    def choose(
        self, pcm: bytes, rate: int, options: Sequence[Option], language: str
    ) -> tuple[Candidate, ...]:
        """The likeliest first; nothing when it was probably none of them."""

    def transcribe(self, pcm: bytes, rate: int, language: str) -> str | None:
        """The words; None from an engine that is not able to."""


def load(name: str, model: Path | None) -> SpeechEngine:
    """The engine of that name (as in SPEECH_ENGINE) with a model that the user supplied."""
    match name:
        case "pocketsphinx":
            from bridge.audio.speech.sphinx import Sphinx

            return Sphinx()
        case "vosk" if model is not None:
            from bridge.audio.speech.with_vosk import Vosk

            return Vosk(model)
        case "faster-whisper" if model is not None:
            from bridge.audio.speech.with_whisper import Whisper

            return Whisper(model)
        case _:
            raise ValueError(f"there is no engine {name!r} without a model")
