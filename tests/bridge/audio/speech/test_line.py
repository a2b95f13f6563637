"""A telephone's sound, made into what the model expects."""

import numpy as np
import pytest

from bridge.audio.speech.line import RATE, as_at_a_desk, at_rate, samples_of
from tests.peers.speech import Sound, say


def power(pcm: bytes, low: float, high: float) -> float:
    """Of the part between two frequencies, in dB."""
    spectrum = np.abs(np.fft.rfft(samples_of(pcm))) ** 2
    hertz = np.fft.rfftfreq(len(pcm) // 2, 1 / RATE)
    return float(10 * np.log10(spectrum[(hertz >= low) & (hertz < high)].sum()))


def tone(hertz: float, rate: int) -> Sound:
    return Sound(0.1 * np.sin(2 * np.pi * hertz * np.arange(rate) / rate), rate)


def test_sound_is_brought_to_the_models_rate() -> None:
    pcm = at_rate(tone(1000, 8000).pcm(), 8000)
    assert len(pcm) == RATE * 2
    wanted = samples_of(tone(1000, RATE).pcm())
    assert np.abs(samples_of(pcm) - wanted)[200:-200].max() < 0.002


def test_what_a_telephone_cuts_off_is_the_mirror_of_the_rest() -> None:
    pcm = as_at_a_desk(tone(1000, 8000).pcm(), 8000)
    below, above = power(pcm, 900, 1100), power(pcm, 6900, 7100)
    assert below - above == pytest.approx(12, abs=1)
    assert below - power(pcm, 4500, 6500) > 20


@pytest.mark.parametrize("gain", [0.02, 0.2, 1.0])
@pytest.mark.parametrize("rate", [8000, 16000])
def test_everybody_is_as_loud_and_never_in_perfect_silence(gain: float, rate: int) -> None:
    word = say("voicemail", "en", rate)
    quiet = Sound(word.samples * gain, rate)
    pcm = as_at_a_desk(quiet.then(quiet.silence(0.5)).pcm(), rate)
    spoken, silence = samples_of(pcm)[: -RATE // 2], samples_of(pcm)[-RATE // 3 :]
    assert -32 < 20 * np.log10(spoken.std()) < -22
    assert -58 < 20 * np.log10(silence.std()) < -48


@pytest.mark.parametrize("rate", [8000, 16000])
@pytest.mark.parametrize("pcm", [b"", b"\0\0", bytes(640)])
def test_nothing_is_no_error(pcm: bytes, rate: int) -> None:
    assert len(as_at_a_desk(pcm, rate)) == len(pcm) * RATE // rate
