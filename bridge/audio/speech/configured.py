"""The recognizer that the host's settings ask for."""

import logging
from importlib.util import find_spec

from bridge.audio.speech.confined import ConfinedRecognizer
from bridge.errors import SetupFault
from bridge.settings import Settings

log = logging.getLogger(__name__)

_BUILT_IN = "pocketsphinx"
_BUILT_IN_LANGUAGES = frozenset({"en"})
_MODULES = {_BUILT_IN: "pocketsphinx", "vosk": "vosk", "faster-whisper": "faster_whisper"}


def languages_of(settings: Settings) -> frozenset[str]:
    """Those in which a name may be said."""
    if settings.speech_engine == _BUILT_IN:
        return _BUILT_IN_LANGUAGES
    return frozenset(settings.speech_languages)


def check(settings: Settings) -> None:
    """SetupFault when the engine that is wanted cannot work here. That all of it can be imported is
    seen when it is loaded.
    """
    engine, model = settings.speech_engine, settings.speech_model
    if engine == "off":
        return
    if find_spec("webrtcvad") is None or (engine == _BUILT_IN and find_spec(_BUILT_IN) is None):
        raise SetupFault(
            "voice_missing", why="Names cannot be said on the phone.", remedy="Run make voice."
        )
    if find_spec(_MODULES[engine]) is None:
        raise SetupFault(
            "voice_missing",
            why=f"SPEECH_ENGINE is {engine}, which is not installed.",
            remedy=f".venv/bin/python -m pip install {engine}",
        )
    if engine != _BUILT_IN and (model is None or not model.is_dir()):
        raise SetupFault(
            "speech_model_missing",
            why=f"SPEECH_ENGINE is {engine}, but SPEECH_MODEL names no folder with its model.",
            remedy="Correct SPEECH_MODEL in .env; .env.example explains it.",
        )


def understood(settings: Settings) -> frozenset[str]:
    """The languages in which a name that is said is understood here."""
    try:
        check(settings)
    except SetupFault:
        return frozenset()
    return frozenset() if settings.speech_engine == "off" else languages_of(settings)


def recognizer_of(settings: Settings) -> ConfinedRecognizer | None:
    """None where nobody is to be understood, or cannot be."""
    if settings.speech_engine == "off":
        return None
    try:
        check(settings)
    except SetupFault as why:
        # the menu then is for keys only, and says so
        log.log(
            logging.INFO if settings.speech_engine == _BUILT_IN else logging.ERROR,
            "%s",
            why.sentence,
        )
        return None
    model = None if settings.speech_engine == _BUILT_IN else settings.speech_model
    return ConfinedRecognizer(settings.speech_engine, model, languages_of(settings))
