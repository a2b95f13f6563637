"""espeak-ng in this process: sentences become sound, and words phonemes.

The library has global state and speaks one sentence at a time; 11 s of speech take about 10 ms, so
a lock is enough.
"""

import asyncio
import ctypes
import re
import threading
from typing import Any

from bridge.audio.voice.speaker import CachedSpeaker
from bridge.errors import SetupFault

WORDS_PER_MINUTE = 150
_LONG_PAUSE = re.compile("[:;] ")
_VOICES = {"de": b"de", "en": b"en"}
# speak_lib.h: AUDIO_OUTPUT_SYNCHRONOUS; do not exit on missing data; espeakRATE; UTF-8 with end
# pause; UTF-8; IPA with this between the phonemes
_SYNCHRONOUS, _DONT_EXIT, _RATE, _UTF8_END_PAUSE = 2, 0x8000, 1, 0x1001
_UTF8, _IPA_PARTED = 1, 2 | ord("_") << 8


class _Library:
    """libespeak-ng, loaded on the first sentence."""

    _Callback = ctypes.CFUNCTYPE(
        ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p
    )

    def __init__(self) -> None:
        try:
            self._lib: Any = ctypes.CDLL("libespeak-ng.so.1")
        except OSError as why:
            raise SetupFault("espeak_missing", remedy="Install the package libespeak-ng1.") from why
        self.rate: int = self._lib.espeak_Initialize(_SYNCHRONOUS, 0, None, _DONT_EXIT)
        if self.rate <= 0:
            raise SetupFault("espeak_missing", remedy="Install the package espeak-ng-data.")
        self._samples = bytearray()
        self._callback = self._Callback(self._collect)  # kept: the library holds only the pointer
        self._lib.espeak_SetSynthCallback(self._callback)
        self._lib.espeak_SetParameter(_RATE, WORDS_PER_MINUTE, 0)
        self._lib.espeak_TextToPhonemes.restype = ctypes.c_char_p

    def _collect(self, samples: Any, count: int, _events: Any) -> int:
        if samples and count > 0:
            self._samples.extend(ctypes.string_at(samples, count * 2))
        return 0

    def synthesize(self, text: str, language: str) -> bytes:
        """16-bit mono samples at `rate`."""
        self._samples.clear()
        self._lib.espeak_SetVoiceByName(_VOICES.get(language, b"en"))
        # at a colon it would stop for 0.4 s
        spoken = _LONG_PAUSE.sub(", ", text).encode() + b"\0"
        self._lib.espeak_Synth(
            spoken, ctypes.c_size_t(len(spoken)), 0, 0, 0, _UTF8_END_PAUSE, None, None
        )
        self._lib.espeak_Synchronize()
        return bytes(self._samples)

    def phonemes(self, text: str, voice: str) -> str:
        self._lib.espeak_SetVoiceByName(voice.encode())
        rest = ctypes.c_char_p(text.encode())
        found = []
        while rest.value:  # a clause at a time
            found.append(self._lib.espeak_TextToPhonemes(ctypes.byref(rest), _UTF8, _IPA_PARTED))
        return " ".join(clause.decode() for clause in found)


_lock = threading.Lock()
_library: _Library | None = None


def synthesize(text: str, language: str) -> tuple[int, bytes]:
    """(sample rate in Hz, 16-bit mono samples); SetupFault when espeak-ng is not installed."""
    with _lock:
        library = _loaded()
        return library.rate, library.synthesize(text, language)


def phonemes(text: str, voice: str) -> list[list[str]]:
    """How a voice of espeak-ng ("en-us", "de") reads `text`: word by word the phonemes, in IPA with
    its stress and length marks. SetupFault when espeak-ng is not installed.
    """
    with _lock:
        words = _loaded().phonemes(text, voice).split()
    return [[one for one in word.split("_") if one] for word in words]


def _loaded() -> _Library:
    global _library
    _library = _library or _Library()
    return _library


class EspeakSpeaker(CachedSpeaker):
    """Speaks any language, for lack of a better voice."""

    def voice(self, language: str) -> str:
        return f"{WORDS_PER_MINUTE}, no gaps"

    async def synthesize(self, text: str, language: str) -> tuple[int, bytes]:
        return await asyncio.to_thread(synthesize, text, language)
