"""Piper, with voices that the user supplies."""

from collections.abc import Mapping
from pathlib import Path

from piper import PiperVoice

_BETWEEN_SENTENCES = 0.25
"""Seconds: no gap in what is said as one."""


class PiperVoices:
    """By language, each an .onnx file with its .onnx.json beside it."""

    def __init__(self, voices: Mapping[str, Path]) -> None:
        self._voices = {language: PiperVoice.load(str(path)) for language, path in voices.items()}

    def say(self, text: str, language: str) -> tuple[int, bytes]:
        """(sample rate in Hz, 16-bit mono samples)."""
        voice = self._voices[language]
        rate = int(voice.config.sample_rate)
        pause = bytes(round(rate * _BETWEEN_SENTENCES) * 2)
        return rate, pause.join(chunk.audio_int16_bytes for chunk in voice.synthesize(text))
