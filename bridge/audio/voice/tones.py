"""Signal tones as 16-bit mono samples (frequencies and cadences: ITU-T E.180, German plan)."""

import math
from array import array
from collections.abc import Callable

RATE = 16000
_LEVEL = 0.25  # of full scale, about -12 dBFS: clear, but no shock after quiet speech
_EDGE = RATE // 100  # 10 ms fade at both ends, or the tone clicks


def _sine(hertz: float, seconds: float) -> bytes:
    count = int(RATE * seconds)
    return array(
        "h",
        (
            int(
                32767
                * _LEVEL
                * min(1.0, n / _EDGE, (count - n) / _EDGE)
                * math.sin(2 * math.pi * hertz * n / RATE)
            )
            for n in range(count)
        ),
    ).tobytes()


def beep() -> bytes:
    """Before a recording starts."""
    return _sine(1000, 0.4)


def ringing() -> bytes:
    """It rings at the other side: one period of it."""
    return _sine(425, 1.0) + bytes(2 * RATE * 4)


TONES: dict[str, Callable[[], bytes]] = {"beep": beep, "ringing": ringing}
