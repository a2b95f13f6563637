"""When somebody speaks: frames of sound become utterances.

Three judges must agree on each frame: webrtcvad says that it sounds like speech, it is much louder
than the noise around it, and too loud for an echo of what was just played to the one who speaks.
"""

import math
from array import array
from collections import deque
from operator import mul
from typing import Protocol

from bridge.audio.port import Heard, SpeechBegan, Utterance

FRAME = 0.02
"""Seconds."""
PRE_ROLL = 0.3
PAUSE = 0.5
"""Seconds of quiet that end an utterance."""
LONGEST = 8.0
SILENCE = -90.0
"""dBFS; what is quieter counts as this."""

_QUIET, _LOUD, _VOICE = "quiet", "loud", "voice"
_LATE = 2
BEGINS, _AMONG = 6, 15  # frames with speech: the smack of a lip is over sooner
_FAINTEST = -48.0  # dBFS; people on the phone reach -26 (ITU-T P.56), and 10 less far from it
_ABOVE_NOISE = 9.0
_LOUDEST_NOISE = -30.0
_STEADY = 2.0  # dB between the frames of a tone or of loud noise; a voice is never so even
_ECHO_WITHIN = 0.5
_ECHO_AT_FIRST, _LOUDEST_ECHO, _ABOVE_ECHO = -18.0, -6.0, 4.0  # dB, of what was played
_REMEMBERED, _PARTS = 1.6, 4


class Detector(Protocol):
    """webrtcvad.Vad, as far as we need it."""

    def is_speech(self, buf: bytes, sample_rate: int) -> bool: ...


class VoiceActivity:
    """Feed it every frame of 16-bit mono sound, `rate` samples a second."""

    def __init__(self, detector: Detector, rate: int) -> None:
        self._detector = detector
        self._rate = rate
        self._noise = NoiseFloor()
        self._echo = Echo()
        self._lately: deque[tuple[str, float]] = deque(maxlen=_AMONG)
        self._before: deque[bytes] = deque(maxlen=_frames(PRE_ROLL) + _AMONG)
        self._said: list[bytes] = []
        self._quiet = 0
        self._ended = 0.0

    def hear(self, frame: bytes, at: float, played: float = SILENCE) -> Heard | None:
        """What follows from the frame that was heard until `at`; `played` is the level (dBFS) of
        what was played to the speaker meanwhile.
        """
        loud = level(frame)
        heard = self._judged(frame, loud, played)
        if self._said:
            return self._go_on(frame, at, heard is _VOICE)
        self._before.append(frame)
        self._lately.append((heard, loud))
        if heard is not _VOICE or not self._is_voice():
            return None
        self._said, self._quiet, self._ended = list(self._before), 0, at
        self._before.clear()
        self._lately.clear()
        return SpeechBegan()

    def _go_on(self, frame: bytes, at: float, voiced: bool) -> Heard | None:
        self._said.append(frame)
        if voiced:
            self._quiet, self._ended = 0, at
        else:
            self._quiet += 1
        if self._quiet < _frames(PAUSE) and len(self._said) < _frames(LONGEST):
            return None
        said, self._said = b"".join(self._said), []
        return Utterance(said, self._rate, self._ended)

    def _judged(self, frame: bytes, loud: float, played: float) -> str:
        # all are asked in any case: they learn from every frame
        speech = self._detector.is_speech(frame, self._rate)
        above_noise = loud > max(_FAINTEST, self._noise.hear(loud) + _ABOVE_NOISE)
        above_echo = self._echo.exceeded(loud, played)
        if not (above_noise and above_echo):
            return _QUIET
        return _VOICE if speech else _LOUD

    def _is_voice(self) -> bool:
        """Whether there was enough of it lately, and it was not one note all along."""
        voiced, late = list[float](), 0
        for heard, loud in reversed(self._lately):
            # the detector notices a voice two frames after its first sound
            late = _LATE if heard is _VOICE else late - 1 if heard is _LOUD else 0
            if heard is _VOICE or (late >= 0 and heard is _LOUD):
                voiced.append(loud)
        if len(voiced) < BEGINS:
            return False
        voiced.sort()
        return voiced[-2] - voiced[1] > _STEADY


class Extremes:
    """The greatest of the last seconds, forgotten part by part."""

    def __init__(self, at_first: float) -> None:
        self._parts: deque[float] = deque([at_first] * _PARTS, maxlen=_PARTS)
        self._size = _frames(_REMEMBERED / _PARTS)
        self._count = 0

    @property
    def greatest(self) -> float:
        return max(self._parts)

    def hear(self, value: float) -> None:
        if self._count == self._size:
            self._count = 0
            self._parts.append(value)
        self._parts[-1] = max(self._parts[-1], value)
        self._count += 1


class NoiseFloor:
    """The level of what is always there: the lowest of the last seconds (minimum statistics)."""

    def __init__(self) -> None:
        self._smooth = SILENCE
        self._depth = Extremes(-SILENCE)

    def hear(self, loud: float) -> float:
        """dBFS, in and out."""
        self._smooth += (loud - self._smooth) * (0.5 if loud < self._smooth else 0.2)
        self._depth.hear(-self._smooth)
        return min(_LOUDEST_NOISE, -self._depth.greatest)


class Echo:
    """How much of what is played comes back (as Geigel's rule for double talk, but it learns)."""

    def __init__(self) -> None:
        self._played: deque[float] = deque(maxlen=_frames(_ECHO_WITHIN))
        self._gain = Extremes(_ECHO_AT_FIRST)

    def exceeded(self, loud: float, played: float) -> bool:
        """Whether a frame is too loud (dBFS) for an echo."""
        self._played.append(played)
        loudest = max(self._played)
        if loudest <= SILENCE:
            return True
        gain = loud - loudest
        if gain > min(_LOUDEST_ECHO, self._gain.greatest + _ABOVE_ECHO):
            return True
        self._gain.hear(gain)
        return False


def level(frame: bytes) -> float:
    """The root mean square of 16-bit samples, in dBFS."""
    samples = array("h", frame)
    power = sum(map(mul, samples, samples))
    return max(SILENCE, 10 * math.log10(power / len(samples) / 32768**2)) if power else SILENCE


def _frames(seconds: float) -> int:
    return round(seconds / FRAME)
