"""Keys as tones: recognized in time, once each, and never in speech."""

from __future__ import annotations

import numpy as np
import pytest

from bridge.audio.pjmedia.inband import KeyDetector
from tests.peers.speech import Sound, say

ROWS = dict(zip("123A456B789C*0#D", [(r, c) for r in range(4) for c in range(4)], strict=True))
LOW, HIGH = (697, 770, 852, 941), (1209, 1336, 1477, 1633)
ALL = "159D*0#2580369A7B4C"
_chance = np.random.default_rng(1963)


def keys(
    digits: str,
    rate: int = 8000,
    tone: float = 0.08,
    pause: float = 0.08,
    decibels: float = -10.0,
    twist: float = 0.0,
    offset: float = 0.0,
) -> Sound:
    """`decibels` of each tone, of full scale; the high one is `twist` dB louder; both are off by
    the share `offset`.
    """
    sound = Sound.nothing(pause, rate)
    times = np.arange(round(tone * rate)) / rate
    for digit in digits:
        row, column = ROWS[digit]
        pair = ((LOW[row], decibels), (HIGH[column], decibels + twist))
        waves = [
            10 ** (loud / 20) * np.sin(2 * np.pi * hertz * (1 + offset) * times + hertz)
            for hertz, loud in pair
        ]
        sound = sound.then(Sound(np.sum(waves, axis=0), rate)).then(sound.silence(pause))
    return sound


def heard(sound: Sound) -> str:
    """Frame by frame of 20 ms."""
    detector, pcm, size = KeyDetector(sound.rate), sound.pcm(), sound.rate // 50 * 2
    return "".join(detector.hear(pcm[at : at + size]) for at in range(0, len(pcm), size))


def noisy(sound: Sound, decibels: float) -> Sound:
    noise = _chance.standard_normal(len(sound.samples)) * 10 ** (decibels / 20)
    return Sound(sound.samples + noise, sound.rate)


@pytest.mark.parametrize("rate", [8000, 16000])
@pytest.mark.parametrize(("tone", "pause"), [(0.04, 0.04), (0.05, 0.05), (0.08, 0.08), (1.0, 0.1)])
def test_every_key_is_recognized_once(rate: int, tone: float, pause: float) -> None:
    assert heard(keys(ALL, rate, tone, pause)) == ALL


def test_a_key_that_is_pressed_twice_counts_twice() -> None:
    assert heard(keys("1155", tone=0.05, pause=0.05)) == "1155"


@pytest.mark.parametrize("decibels", [-6.0, -20.0, -36.0])
def test_loud_and_faint_keys_are_recognized(decibels: float) -> None:
    assert heard(keys(ALL, decibels=decibels)) == ALL


def test_what_is_too_faint_is_none() -> None:
    assert heard(keys(ALL, decibels=-50.0)) == ""


@pytest.mark.parametrize("twist", [-7.0, -4.0, 4.0, 7.0])
def test_one_tone_may_be_louder(twist: float) -> None:
    assert heard(keys(ALL, decibels=-15, twist=twist)) == ALL


@pytest.mark.parametrize("twist", [-15.0, 15.0])
def test_but_not_much_louder(twist: float) -> None:
    assert heard(keys(ALL, decibels=-20, twist=twist)) == ""


@pytest.mark.parametrize("offset", [-0.015, 0.015])
def test_old_telephones_are_understood(offset: float) -> None:
    assert heard(keys(ALL, offset=offset)) == ALL


@pytest.mark.parametrize("below", [30.0, 20.0, 15.0])
def test_a_noisy_line_is_understood(below: float) -> None:
    assert heard(noisy(keys(ALL, decibels=-15), -15 - below)) == ALL


def test_a_single_tone_is_no_key() -> None:
    times = np.arange(8000) / 8000
    for hertz in (*LOW, *HIGH, 425, 1000):
        assert heard(Sound(0.2 * np.sin(2 * np.pi * hertz * times), 8000)) == ""


def test_noise_is_no_key() -> None:
    assert heard(noisy(Sound.nothing(30), -15)) == ""


@pytest.mark.parametrize("voice", ["en", "de", "en-us+f3", "de+m3", "en+f5", "en-us+m7"])
def test_speech_is_no_key(voice: str) -> None:
    sentence = (
        "One two three four five six seven eight nine zero. We are eager to hear you all, "
        "Aida, Io and Euan; oh, who knew you would reel in an eel? "
        "Äußere Uhu-Töne üben Elke und Uwe."
    )
    assert heard(say(sentence, voice)) == ""
