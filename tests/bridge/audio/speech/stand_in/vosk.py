"""Stands in for the package of this name, which is not installed for tests: the same interface, and
what is "heard" is written in the model's folder.
"""

import json
import os
import time
from pathlib import Path


def SetLogLevel(_level: int) -> None:
    """As there: silence it."""


class Model:
    def __init__(self, path: str) -> None:
        self.says = Path(path, "says.txt").read_text().strip()


class KaldiRecognizer:
    """One sentence a second of sound, as written; then nothing more."""

    def __init__(self, model: Model, rate: float) -> None:
        self._says = model.says
        self._sentences = model.says.split("|")
        self._second = round(rate) * 2
        self._heard = 0

    def AcceptWaveform(self, pcm: bytes) -> int:
        if self._says == "hang":
            time.sleep(3600)
        if self._says == "crash":
            os.abort()
        self._heard += len(pcm)
        return int(self._heard % self._second == 0)

    def Result(self) -> str:
        return json.dumps({"text": self._sentences.pop(0) if self._sentences else ""})

    FinalResult = Result
