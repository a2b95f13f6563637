"""Which name was meant by words that were written down: how alike they look, and how they sound."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from rapidfuzz.distance import JaroWinkler

from bridge.audio.speech.recognizer import Candidate, Option
from bridge.audio.voice.espeak import phonemes
from bridge.text import unaccented

LEAST_ALIKE = 0.8
_BY_SOUND = 0.45
_MISSING = 0.02  # a name of which a part was not said is a little less likely than a whole one
_CHOICES = 3
_VOICES = {"de": "de", "en": "en-us"}
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ø": "o", "ł": "l"})
_SENTENCES = """
    a an am at bei bitte call can connect could den der die das dial du for für get give hallo
    hello hey hi i ich jetzt kannst like me mich mir mit möchte my now of on phone please rufe ruf
    reach ring speak sprechen talk the to uh um verbinde verbinden want with would you zu äh ähm
    anrufen
"""
_SAID_AROUND = frozenset(_SENTENCES.split())


def closest(said: str, options: Sequence[Option], language: str) -> tuple[Candidate, ...]:
    """Those that are alike enough, the likeliest first. What is said around a name ("call ...
    please") does not count, unless it is all that was said.
    """
    heard = _words(said)
    heard = tuple(word for word in heard if word not in _SAID_AROUND) or heard
    scored = (
        Candidate(option.key, max(_alike(heard, _words(form), language) for form in option.forms))
        for option in options
        if option.forms
    )
    near = sorted(scored, key=lambda one: -one.confidence)
    return tuple(one for one in near[:_CHOICES] if one.confidence >= LEAST_ALIKE)


def _alike(heard: Sequence[str], form: Sequence[str], language: str) -> float:
    """0 to 1. Every word that was heard must be in the form; not the other way round: people say
    first names.
    """
    if not heard or not form:
        return 0.0
    best = [max((_pair(word, other, language), other) for other in form) for word in heard]
    weight = sum(map(len, heard))
    score = sum(len(word) * near for word, (near, _) in zip(heard, best, strict=True)) / weight
    missing = len(set(form) - {other for _, other in best})
    # engines write one word as two, and two as one
    whole = _pair("".join(heard), "".join(form), language)
    return max(whole, score - _MISSING * missing)


@lru_cache(maxsize=4096)
def _pair(word: str, other: str, language: str) -> float:
    look = JaroWinkler.normalized_similarity(_plain(word), _plain(other))
    sound = JaroWinkler.normalized_similarity(_sound(word, language), _sound(other, language))
    return (1 - _BY_SOUND) * look + _BY_SOUND * sound


@lru_cache(maxsize=4096)
def _sound(word: str, language: str) -> str:
    parts = phonemes(word, _VOICES.get(language, "en-us"))
    return re.sub("[ˈˌː]|\\(\\w+\\)", "", "".join(sign for part in parts for sign in part))


def _words(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"[^\W_]+", unicodedata.normalize("NFC", text).lower()))


def _plain(word: str) -> str:
    return unaccented(word.translate(_UMLAUTS))
