import asyncio
import wave
from array import array
from pathlib import Path

import pytest

from bridge.audio.voice.espeak import EspeakSpeaker
from bridge.audio.voice.speaker import KEPT_CLIPS
from bridge.audio.voice.tones import RATE


@pytest.fixture
def speaker(tmp_path: Path) -> EspeakSpeaker:
    return EspeakSpeaker(tmp_path / "prompts")


def loudness(path: Path) -> float:
    with wave.open(str(path)) as sound:
        samples = array("h", sound.readframes(sound.getnframes()))
    return (sum(one * one for one in samples) / len(samples)) ** 0.5


async def test_a_sentence_is_spoken_aloud(speaker: EspeakSpeaker) -> None:
    clip = await speaker.say("Call from Ada. Press 1 to accept.", "en")
    assert 1.5 < clip.seconds < 5
    assert loudness(clip.path) > 1000


async def test_a_longer_sentence_takes_longer(speaker: EspeakSpeaker) -> None:
    short = await speaker.say("Hallo", "de")
    long = await speaker.say("Hallo, hier ist deine Telefonzentrale mit einer Nachricht", "de")
    assert long.seconds > 2 * short.seconds


async def test_the_languages_differ(speaker: EspeakSpeaker) -> None:
    german, english = (
        await speaker.say("Wind und Regen", "de"),
        await speaker.say("Wind und Regen", "en"),
    )
    assert german.path.read_bytes() != english.path.read_bytes()


async def test_a_sentence_is_synthesized_once(speaker: EspeakSpeaker) -> None:
    first = await speaker.say("once", "en")
    made = first.path.stat().st_ino
    assert (await speaker.say("once", "en")).path.stat().st_ino == made


async def test_a_clip_that_may_be_playing_is_never_replaced(tmp_path: Path) -> None:
    async def made() -> int:
        speaker = EspeakSpeaker(tmp_path / "prompts")
        return (await speaker.say("said by many at once", "en")).path.stat().st_ino

    assert len(set(await asyncio.gather(*(made() for _ in range(8))))) == 1
    assert len(list((tmp_path / "prompts").iterdir())) == 1


async def test_the_oldest_clips_go(speaker: EspeakSpeaker, tmp_path: Path) -> None:
    for number in range(KEPT_CLIPS + 5):
        await speaker.say(f"{number}", "en")
    assert len(list((tmp_path / "prompts").iterdir())) == KEPT_CLIPS


async def test_text_cannot_steer_the_synthesizer(speaker: EspeakSpeaker) -> None:
    """SSML and phoneme brackets from a caller's name are spoken, not obeyed."""
    plain = await speaker.say("Ada", "en")
    hostile = await speaker.say('<break time="600s"/>[[aaaaaaaaaaaaaaa]] Ada', "en")
    assert hostile.seconds < plain.seconds + 20


async def test_the_beep_has_its_length(speaker: EspeakSpeaker) -> None:
    beep = await speaker.tone("beep")
    assert beep.seconds == pytest.approx(0.4, abs=1 / RATE)
    assert loudness(beep.path) > 3000
