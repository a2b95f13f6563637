"""Who speaks and when, frame by frame, with the real detector."""

from __future__ import annotations

import numpy as np
import pytest
import webrtcvad

from bridge.audio.port import Heard, SpeechBegan, Utterance
from bridge.audio.speech.activity import FRAME, LONGEST, PAUSE, PRE_ROLL, VoiceActivity, level
from tests.peers.speech import Sound, say

RATE = 8000
NAME = say("Ada Lovelace", "en", RATE)
_chance = np.random.default_rng(1815)


def loud(sound: Sound, decibels: float) -> Sound:
    """`sound` at so many dBFS, its pauses left out of the count."""
    spoken = sound.samples[np.abs(sound.samples) > 0.01]
    return Sound(sound.samples * 10 ** (decibels / 20) / np.sqrt(np.mean(spoken**2)), sound.rate)


def noise(seconds: float, decibels: float) -> Sound:
    return Sound(_chance.standard_normal(round(seconds * RATE)) * 10 ** (decibels / 20), RATE)


def together(first: Sound, second: Sound) -> Sound:
    samples = np.zeros(max(len(first.samples), len(second.samples)))
    samples[: len(first.samples)] += first.samples
    samples[: len(second.samples)] += second.samples
    return Sound(samples, RATE)


def babble(seconds: float, decibels: float) -> Sound:
    """Six people, who do not care for each other."""
    talkers = ("en", "de", "en-us+f2", "de+m3", "en+f4", "en-us+m7")
    mixed = np.zeros(round(seconds * RATE))
    for at, talker in enumerate(talkers):
        said = say("Many years later he was to remember that distant afternoon", talker, RATE)
        mixed += np.resize(np.roll(said.samples, at * 7919), len(mixed)) / said.samples.std()
    return Sound(mixed / mixed.std() * 10 ** (decibels / 20), RATE)


def between(sound: Sound, before: float = 1.0, after: float = 1.0) -> Sound:
    return sound.silence(before).then(sound).then(sound.silence(after))


def heard(sound: Sound, played: Sound | None = None) -> list[tuple[float, Heard]]:
    """What follows from `sound` while `played` goes to the speaker, each with its second."""
    activity = VoiceActivity(webrtcvad.Vad(3), RATE)
    size = round(RATE * FRAME) * 2
    pcm, beside = sound.pcm(), b"" if played is None else played.pcm()
    found = []
    for at in range(0, len(pcm) - size + 1, size):
        now = (at + size) / 2 / RATE
        fact = activity.hear(pcm[at : at + size], now, level(beside[at : at + size]))
        if fact is not None:
            found.append((now, fact))
    return found


def utterances(sound: Sound, played: Sound | None = None) -> list[Utterance]:
    return [fact for _, fact in heard(sound, played) if isinstance(fact, Utterance)]


@pytest.mark.parametrize("decibels", [-20.0, -26.0, -32.0])
@pytest.mark.parametrize("background", [None, -50.0])
def test_a_word_begins_at_once_and_ends_with_a_pause(
    decibels: float, background: float | None
) -> None:
    word = loud(NAME, decibels)
    spoken = np.flatnonzero(np.abs(word.samples) > 0.05 * np.abs(word.samples).max()) / RATE
    line = between(word)
    line = line if background is None else together(line, noise(line.seconds, background))
    (begun, first), (ended, said) = heard(line)
    assert first == SpeechBegan()
    assert 1 + spoken[0] < begun < 1 + spoken[0] + 0.25
    assert isinstance(said, Utterance)
    assert said.rate == RATE
    assert said.ended == pytest.approx(1 + spoken[-1], abs=0.2)
    assert ended == pytest.approx(said.ended + PAUSE, abs=FRAME)
    length = len(said.pcm) / 2 / RATE
    assert spoken[-1] - spoken[0] + 0.8 * PRE_ROLL + PAUSE - 0.2 < length < line.seconds


def test_words_with_a_pause_between_are_two() -> None:
    word = loud(NAME, -26)
    assert len(utterances(between(word).then(between(word)))) == 2


def test_who_speaks_without_end_is_cut() -> None:
    said = utterances(Sound(np.tile(loud(NAME, -26).samples, 14), RATE))
    assert len(said[0].pcm) == LONGEST * RATE * 2


@pytest.mark.parametrize("decibels", [-90.0, -60.0, -40.0, -30.0, -20.0])
def test_noise_is_no_speech(decibels: float) -> None:
    assert heard(noise(10, decibels)) == []


def test_digital_silence_is_no_speech() -> None:
    assert heard(Sound.nothing(5, RATE)) == []


@pytest.mark.parametrize("hertz", [(425,), (1000,), (941, 1336), (697, 1633)])
def test_tones_and_keys_are_no_speech(hertz: tuple[int, ...]) -> None:
    times = np.arange(RATE * 2) / RATE
    tone = sum(np.sin(2 * np.pi * each * times) for each in hertz) * 0.1
    assert heard(between(Sound(np.asarray(tone), RATE))) == []


def test_clicks_are_no_speech() -> None:
    line = np.zeros(RATE * 10)
    for at in _chance.integers(0, len(line) - 100, 40):
        line[at : at + 100] += _chance.standard_normal(100) * np.exp(-np.arange(100) / 20) / 2
    assert heard(Sound(line, RATE)) == []


def test_the_smack_of_a_lip_is_no_speech() -> None:
    burst = noise(0.1, -15)
    assert heard(between(Sound(burst.samples * np.hanning(len(burst.samples)), RATE))) == []


@pytest.mark.parametrize("decibels", [-66.0, -56.0, -46.0])
def test_people_in_the_background_are_not_the_speaker(decibels: float) -> None:
    assert heard(babble(20, decibels)) == []


def test_a_word_before_people_in_the_background_is_heard() -> None:
    word = loud(NAME, -26)
    line = together(between(word, before=3), babble(word.seconds + 4, -46))
    (began, _), (_, said) = heard(line)
    assert 3.0 < began < 3.5
    assert isinstance(said, Utterance)


PROMPT = between(say("Press 1 for Ada, press 2 for Markus, or say a name.", "en", RATE), 0.5)


def echo(loss: float, delay: float) -> Sound:
    back = PROMPT.silence(delay).then(PROMPT)
    return Sound(back.samples * 10 ** (-loss / 20), RATE)


@pytest.mark.parametrize("loss", [40.0, 30.0, 20.0, 15.0])
@pytest.mark.parametrize("delay", [0.04, 0.2, 0.4])
def test_the_echo_of_a_prompt_is_no_speech(loss: float, delay: float) -> None:
    assert heard(echo(loss, delay), PROMPT) == []


def test_a_word_over_a_prompt_is_heard_beside_its_echo() -> None:
    line = together(echo(25, 0.1), between(loud(NAME, -24), before=2.2))
    (began, first), *_ = heard(line, PROMPT)
    assert first == SpeechBegan()
    assert 2.2 < began < 2.7
