"""What is said at a port, on its way from the clock's thread to whoever wants to know it."""

import asyncio
import logging
from collections.abc import AsyncIterator
from functools import cache
from typing import Any

import pjsua2 as pj

from bridge.audio.pjmedia.patch_bay import Slot
from bridge.audio.port import Heard
from bridge.audio.speech.activity import SILENCE, VoiceActivity

log = logging.getLogger(__name__)

_MOST_ALIKE = 3
"""webrtcvad's most sceptical mode."""


class SpeechTap:
    """Of what comes out of `slot`. `take` is for the clock's thread, the rest for the loop's."""

    def __init__(self, slot: Slot) -> None:
        detector = _detector()
        self._slot = slot
        self._activity = detector and VoiceActivity(detector.Vad(_MOST_ALIKE), slot.bay.rate)
        self._now = asyncio.get_running_loop().time
        self._heard: asyncio.Queue[Heard] = asyncio.Queue()

    @property
    def deaf(self) -> bool:
        return self._activity is None

    async def heard(self) -> AsyncIterator[Heard]:
        while True:
            yield await self._heard.get()

    def take(self, frame: bytes) -> None:
        """Never waits: what it means is found out on the event loop."""
        self._slot.bay.engine.tell(self._hear, frame, self._now(), self._played())

    def _played(self) -> float:
        """dBFS of what goes to the one who speaks."""
        medium = self._slot.medium
        try:
            return SILENCE if medium is None else loudness(medium.getRxLevel())
        except pj.Error:  # its medium is being negotiated anew
            return SILENCE

    def _hear(self, frame: bytes, at: float, played: float) -> None:
        if self._activity and (heard := self._activity.hear(frame, at, played)):
            self._heard.put_nowait(heard)


def loudness(code: int) -> float:
    """dBFS of a level as pjmedia gives it, by what it gives for tones: a step is 1 dB, and 2.5 dB
    where it is quiet.
    """
    if code == 0:
        return SILENCE
    return code - 48.0 if code >= 8 else -40.0 - 2.5 * (8 - code)


@cache
def _detector() -> Any:
    """webrtcvad; None, and one line in the log, where it is not installed."""
    try:
        import webrtcvad
    except ImportError:
        log.warning("nobody is understood: the extra 'voice' is not installed (make voice)")
        return None
    return webrtcvad
