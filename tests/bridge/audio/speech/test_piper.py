"""A voice of the user's own, by the real Piper on a tiny model."""

from collections.abc import AsyncIterator
from pathlib import Path

import psutil
import pytest

from bridge.audio.port import Speaker
from bridge.audio.speech.piper import PiperSpeaker, speaker_of
from bridge.audio.voice.espeak import EspeakSpeaker
from bridge.settings import Settings
from tests.bridge.audio.speech.tiny_voice import RATE, tiny_voice
from tests.peers.speech import load

TEXT = "Sie haben Post. Drücken Sie die Eins."


@pytest.fixture
async def speaker(tmp_path: Path) -> AsyncIterator[PiperSpeaker]:
    voice = tiny_voice(tmp_path / "voice.onnx", "de")
    speaker = PiperSpeaker(tmp_path / "prompts", {"de": voice})
    speaker.within = 30.0  # a busy machine, not a slow voice
    yield speaker
    await speaker.close()


async def test_a_sentence_is_spoken_in_that_voice(speaker: PiperSpeaker) -> None:
    clip = await speaker.say(TEXT, "de")
    sound = load(clip.path)
    assert sound.rate == RATE
    assert 1.5 < sound.seconds == pytest.approx(clip.seconds, abs=0.01)
    assert sound.samples.std() > 0.1


async def test_another_language_has_the_usual_voice(speaker: PiperSpeaker) -> None:
    clip = await speaker.say("You have mail.", "en")
    assert load(clip.path).rate != RATE
    assert speaker.child.pid is None


async def test_a_sentence_is_synthesized_once(speaker: PiperSpeaker) -> None:
    made = (await speaker.say(TEXT, "de")).path.stat().st_ino
    await speaker.close()
    assert (await speaker.say(TEXT, "de")).path.stat().st_ino == made
    assert speaker.child.pid is None


async def test_voices_do_not_share_clips(speaker: PiperSpeaker, tmp_path: Path) -> None:
    first = await speaker.say(TEXT, "de")
    usual = await EspeakSpeaker(tmp_path / "prompts").say(TEXT, "de")
    another = PiperSpeaker(
        tmp_path / "prompts", {"de": tiny_voice(tmp_path / "other.onnx", "de", 500.0)}
    )
    another.within = 30.0
    third = await another.say(TEXT, "de")
    await another.close()
    assert len({clip.path for clip in (first, usual, third)}) == 3


async def test_the_voice_computes_in_a_child_that_may_crash(speaker: PiperSpeaker) -> None:
    await speaker.say(TEXT, "de")
    child = psutil.Process(speaker.child.pid)
    assert child.nice() > psutil.Process().nice()
    child.kill()
    assert load((await speaker.say("Guten Tag.", "de")).path).rate != RATE
    assert load((await speaker.say("Guten Tag.", "de")).path).rate == RATE


async def test_a_broken_voice_is_replaced(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    voice = tiny_voice(tmp_path / "voice.onnx", "de")
    voice.write_bytes(b"no network at all")
    speaker = PiperSpeaker(tmp_path / "prompts", {"de": voice})
    speaker.within = 30.0
    for _ in range(2):
        assert load((await speaker.say(TEXT, "de")).path).seconds > 1.5
    await speaker.close()
    assert caplog.text.count("cannot be used") == 1


async def test_the_settings_name_the_voices(tmp_path: Path) -> None:
    voice = tiny_voice(tmp_path / "voice.onnx", "de")

    def made(**wanted: object) -> Speaker:
        return speaker_of(Settings(_env_file=None, **wanted), tmp_path)

    assert type(made()) is EspeakSpeaker
    assert type(made(piper_voice_en=tmp_path / "missing.onnx")) is EspeakSpeaker
    assert type(made(piper_voice_de=voice)) is PiperSpeaker
