"""Vosk, with a model that the user supplies."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import vosk

from bridge.audio.speech.by_words import EngineByWords
from bridge.audio.speech.line import RATE, at_rate

_LANGUAGES = ("de", "en")
_PORTION = RATE  # bytes at a time: half a second


class Vosk(EngineByWords):
    """A model knows one language; for two, `model` is a folder with one in `de`, one in `en`."""

    def __init__(self, model: Path) -> None:
        vosk.SetLogLevel(-1)
        own = [path for path in map(model.joinpath, _LANGUAGES) if path.is_dir()]
        self._models: dict[str, Any] = {path.name: vosk.Model(str(path)) for path in own}
        self._for_all = None if own else vosk.Model(str(model))

    def words(self, pcm: bytes, rate: int, language: str, expected: Sequence[str] = ()) -> str:
        recognizer = vosk.KaldiRecognizer(self._for_all or self._models[language], RATE)
        sound, said = at_rate(pcm, rate), list[str]()
        for at in range(0, len(sound), _PORTION):
            if recognizer.AcceptWaveform(sound[at : at + _PORTION]):  # the end of a sentence
                said.append(json.loads(recognizer.Result())["text"])
        said.append(json.loads(recognizer.FinalResult())["text"])
        return " ".join(part for part in said if part)
