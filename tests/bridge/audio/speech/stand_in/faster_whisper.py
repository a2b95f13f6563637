"""Stands in for the package of this name, which is not installed for tests: the same interface, and
what is "heard" is written in the model's folder, or else are the hints.
"""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np


class WhisperModel:
    def __init__(
        self,
        model_size_or_path: str,
        device: str = "auto",
        *,
        compute_type: str = "default",
        local_files_only: bool = False,
    ) -> None:
        assert local_files_only, "a model would be downloaded"
        self._says = Path(model_size_or_path, "says.txt").read_text().strip()

    def transcribe(
        self,
        audio: np.ndarray,
        language: str | None = None,
        *,
        hotwords: str | None = None,
        condition_on_previous_text: bool = True,
    ) -> tuple[Iterator[Any], Any]:
        assert audio.dtype == np.float32
        said = self._says.format(language=language, hints=hotwords)
        parts = (SimpleNamespace(text=f" {part}") for part in said.split("|"))
        return parts, SimpleNamespace(language=language)
