"""The judge must be just: the sentence passes through anything a call does to it, and nothing else
passes at all."""

from pathlib import Path

import numpy as np
import pytest

from tests.peers.hearing import correlation, heard_sentence, pesq_nb
from tests.peers.speech import Sound, load, say, speak, speech_loop

SPOKEN = "The quick brown fox jumps over the lazy dog near the river bank."
OTHERS = {
    "en": [
        "Please press one to accept the call, or two for the voicemail of the house.",
        "This is a different sentence altogether, spoken by the same voice.",
    ],
    "de": [
        "Guten Tag, hier spricht das Telefon von Ada, bitte sprechen Sie nach dem Ton.",
        "Ein Anruf von Erika. Drücken Sie eins, um anzunehmen.",
    ],
}


@pytest.fixture(scope="module")
def spoken() -> Sound:
    return say(SPOKEN)


def through_alaw(sound: Sound) -> Sound:
    """What a G.711 line leaves of it; the decoding is the table's, looked up backwards."""
    from tests.peers.speech import _alaw_values

    codes = np.frombuffer(sound.alaw(), dtype=np.uint8)
    return Sound(_alaw_values()[codes] / 32768, 8000)


def test_silence_is_not_the_sentence(spoken: Sound) -> None:
    for silence in (Sound.nothing(5), Sound.nothing(0), Sound.nothing(0.1)):
        verdict = heard_sentence(spoken, silence)
        assert not verdict
        assert "silence" in verdict.why
    assert pesq_nb(spoken, Sound.nothing(5)) is None


def test_noise_is_not_the_sentence(spoken: Sound) -> None:
    random = np.random.default_rng(7)
    for loudness in (0.003, 0.1, 0.5):
        verdict = heard_sentence(spoken, Sound(random.normal(0, loudness, 8000 * 8), 8000))
        assert not verdict
        assert verdict.match.correlation < 0.2


def test_a_tone_is_not_the_sentence(spoken: Sound) -> None:
    seconds = np.arange(8000 * 6) / 8000
    assert not heard_sentence(spoken, Sound(0.5 * np.sin(2 * np.pi * 425 * seconds), 8000))


def test_another_sentence_of_the_same_voice_is_not_the_sentence(spoken: Sound) -> None:
    for language, sentences in OTHERS.items():
        for sentence in sentences:
            verdict = heard_sentence(spoken, speech_loop(say(sentence, language), 0.5, 12, 8000))
            assert not verdict, verdict
            assert verdict.match.correlation < 0.4, "too near the threshold"


def test_half_of_the_sentence_is_not_the_sentence(spoken: Sound) -> None:
    assert not heard_sentence(spoken, Sound(spoken.samples[: len(spoken.samples) // 2], 8000))


def test_the_sentence_through_a_line_is_the_sentence(spoken: Sound) -> None:
    verdict = heard_sentence(spoken, spoken.silence(0.731).then(through_alaw(spoken)))
    assert verdict, verdict
    assert verdict.match.correlation > 0.99
    assert verdict.match.delay == pytest.approx(0.731, abs=0.001)
    assert verdict.pesq is not None and verdict.pesq > 3.5


def test_it_survives_what_a_jitter_buffer_does(spoken: Sound) -> None:
    """A frame dropped, a frame repeated, and one lost."""
    line = through_alaw(spoken).samples
    bent = [line[:12000], line[12160:20000], line[19840:24000], np.zeros(160), line[24160:]]
    verdict = heard_sentence(spoken, Sound(np.concatenate(bent), 8000))
    assert verdict, verdict
    assert verdict.match.correlation > 0.9


def test_it_survives_noise_on_the_line(spoken: Sound) -> None:
    line = through_alaw(spoken).samples
    random = np.random.default_rng(3)
    noisy = line + random.normal(0, np.std(line) / 4, len(line))
    verdict = heard_sentence(spoken, Sound(noisy, 8000))
    assert verdict, verdict
    assert not heard_sentence(spoken, Sound(noisy, 8000), pesq_at_least=3.5)


def test_of_a_repeated_sentence_the_first_one_counts(spoken: Sound) -> None:
    heard = spoken.silence(0.25).then(speech_loop(spoken, 0.5, 15, 8000))
    assert correlation(spoken, heard).delay == pytest.approx(0.25, abs=0.001)


def test_rates_need_not_agree(spoken: Sound) -> None:
    assert heard_sentence(spoken, say(SPOKEN, rate=16000))


def test_a_wav_that_is_still_being_written_can_be_read(spoken: Sound, tmp_path: Path) -> None:
    path = speak(SPOKEN, tmp_path / "spoken.wav")
    whole = path.read_bytes()
    # sndfile's header says 0 until the file is closed; the last sample is half written
    path.write_bytes(whole[:40] + bytes(4) + whole[44:-4001])
    assert load(path).seconds == pytest.approx(spoken.seconds - 0.25, abs=0.001)
    assert load(path).rate == 8000
