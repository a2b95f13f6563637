"""A voice of the user's own, where there is one for the language; espeak-ng's where there is none.

Its network computes in a child, below the sound in the kernel's order: see
docs/decisions/0013-names-that-are-said.md.
"""

import logging
from collections.abc import Mapping
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

from bridge.audio.port import Clip, Speaker
from bridge.audio.speech import wire
from bridge.audio.speech.kept import KeptChild
from bridge.audio.voice.espeak import EspeakSpeaker
from bridge.audio.voice.speaker import CachedSpeaker
from bridge.errors import SetupFault
from bridge.settings import Settings

log = logging.getLogger(__name__)

_RESTS_AFTER = 600.0


class VoiceTimedOut(Exception):
    """The voice said nothing in time."""


class PiperSpeaker(CachedSpeaker):
    """`voices` are by language."""

    def __init__(self, directory: Path, voices: Mapping[str, Path]) -> None:
        super().__init__(directory)
        self.within = 10.0
        """Seconds: then espeak-ng says it, for a caller must not wait for ever."""
        self._voices = voices
        models = (f"{language}={path}" for language, path in voices.items())
        self.child = KeptChild("piper", *models, idle_seconds=_RESTS_AFTER)
        self._usual = EspeakSpeaker(directory)

    async def say(self, text: str, language: str) -> Clip:
        if language in self._voices and not self.child.useless:
            with suppress(VoiceTimedOut):
                return await super().say(text, language)
            log.warning("the Piper voice for %s failed; espeak-ng speaks instead", language)
        return await self._usual.say(text, language)

    def voice(self, language: str) -> str:
        path = self._voices[language]
        return f"{path}|{path.stat().st_mtime_ns if path.exists() else 0}"

    async def synthesize(self, text: str, language: str) -> tuple[int, bytes]:
        spoken = await self.child.ask(lambda tag: wire.Say(tag, language, text), self.within)
        if not isinstance(spoken, wire.Spoken) or spoken.rate <= 0 or not spoken.pcm:
            raise VoiceTimedOut
        return spoken.rate, spoken.pcm

    async def close(self) -> None:
        await self.child.close()


def voices_of(settings: Settings) -> dict[str, Path]:
    """SetupFault when one cannot be used."""
    wanted = {"en": settings.piper_voice_en, "de": settings.piper_voice_de}
    voices = {language: path for language, path in wanted.items() if path is not None}
    for language, path in voices.items():
        name = f"PIPER_VOICE_{language.upper()}"
        if find_spec("piper") is None:
            raise SetupFault(
                "piper_missing",
                why=f"{name} is set, but Piper is missing.",
                remedy="Run make piper.",
            )
        if not (path.is_file() and Path(f"{path}.json").is_file()):
            raise SetupFault(
                "piper_voice_missing",
                why=f"{name} names no .onnx file with its .onnx.json beside it.",
                remedy="Correct it in .env; .env.example explains it.",
            )
    return voices


def speaker_of(settings: Settings, directory: Path) -> Speaker:
    """The speaker that the host's settings ask for; `directory` is for its clips."""
    try:
        voices = voices_of(settings)
    except SetupFault as why:
        log.error("%s espeak-ng speaks instead.", why.sentence)
        voices = {}
    return PiperSpeaker(directory, voices) if voices else EspeakSpeaker(directory)
