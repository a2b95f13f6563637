"""What a listener hears on the phone, told by the ladder (tests/peers/ladder.py)."""

from __future__ import annotations

import numpy as np

from tests.peers.baresip import Baresip
from tests.peers.ladder import pitch, second_in, tone_of
from tests.peers.programs import until
from tests.peers.speech import Sound, load

WINDOW = 0.4
"""Seconds that are looked at."""
LOUD = 0.02
"""Full scale is 1; silence after G.711 is below 0.002."""


def just_heard(phone: Baresip, seconds: float = WINDOW) -> Sound:
    """The end of the recording."""
    heard = load(phone.heard())
    return Sound(heard.samples[-round(seconds * heard.rate) :], heard.rate)


def is_silent(sound: Sound) -> bool:
    return not sound.samples.size or float(np.sqrt(np.mean(sound.samples**2))) < LOUD


async def hears_second(phone: Baresip, wanted: range, within: float = 10.0) -> int:
    """Wait until one of the `wanted` seconds is heard, in its own pitch; which one."""
    found: list[int] = []

    def heard() -> bool:
        sound = just_heard(phone)
        if is_silent(sound):
            return False
        second = second_in(sound)
        found[:] = [second]
        # a tone that lies between two steps belongs to no second
        return second in wanted and abs(pitch(sound) - tone_of(second)) < 6

    try:
        await until(heard, f"second {wanted} to be heard", within)
    except Exception as why:
        why.add_note(f"last heard: {found}")
        raise
    return found[0]


async def hears_silence(phone: Baresip, within: float = 5.0) -> None:
    await until(lambda: is_silent(just_heard(phone)), "silence", within)
