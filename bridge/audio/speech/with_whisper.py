"""faster-whisper, with a model that the user supplies."""

from collections.abc import Sequence
from pathlib import Path

import faster_whisper
import numpy as np

from bridge.audio.speech.by_words import EngineByWords
from bridge.audio.speech.line import at_rate, samples_of


class Whisper(EngineByWords):
    """`model` is a folder in the format of CTranslate2; nothing is ever downloaded."""

    def __init__(self, model: Path) -> None:
        self._model = faster_whisper.WhisperModel(
            str(model), device="cpu", compute_type="int8", local_files_only=True
        )

    def words(self, pcm: bytes, rate: int, language: str, expected: Sequence[str] = ()) -> str:
        sound = samples_of(at_rate(pcm, rate)).astype(np.float32)
        hints = ", ".join(expected) or None
        # what it said before leads it astray more often than it helps in a short message
        segments, _ = self._model.transcribe(
            sound, language=language, hotwords=hints, condition_on_previous_text=False
        )
        return " ".join(segment.text.strip() for segment in segments)
