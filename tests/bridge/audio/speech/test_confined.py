"""The recognizer's process: real engines and stand-ins, and what becomes of it."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import psutil
import pytest

from bridge.audio.port import Utterance
from bridge.audio.speech.confined import ConfinedRecognizer
from bridge.audio.speech.recognizer import Candidate, Option
from tests.bridge.audio.orphans import dies_with_its_worker
from tests.peers.programs import until
from tests.peers.speech import Sound, say

STAND_IN = Path(__file__).parent / "stand_in"
ADA = Option("ada", ("Ada Lovelace", "Ada"))
MENU = (ADA, Option("mail", ("voicemail",)), Option("markus", ("Markus Göbel", "Markus")))
Make = Callable[..., ConfinedRecognizer]


def said(sound: Sound, rate: int = 8000) -> Utterance:
    around = sound.silence(0.3)
    return Utterance(around.then(sound).then(around).at(rate).pcm(), rate, ended=0.0)


SENTENCE = said(say("Ada Lovelace", "en-us"))


@pytest.fixture
async def make(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Make]:
    paths = [str(STAND_IN), *filter(None, [os.environ.get("PYTHONPATH")])]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(paths))
    async with AsyncExitStack() as leaving:

        def make(
            engine: str = "pocketsphinx", model: Path | None = None, *languages: str
        ) -> ConfinedRecognizer:
            made = ConfinedRecognizer(engine, model, languages or ("en",))
            made.choose_within = 20.0  # a busy machine, not a slow recognizer
            leaving.push_async_callback(made.close)
            return made

        yield make


@pytest.fixture
def says(tmp_path: Path) -> Callable[..., Path]:
    """A model of the stand-in that always hears the same."""

    def model(text: str, within: str = "") -> Path:
        directory = tmp_path / within
        directory.mkdir(exist_ok=True)
        (directory / "says.txt").write_text(text)
        return tmp_path

    return model


@pytest.mark.parametrize("rate", [8000, 16000])
async def test_a_name_is_chosen(make: Make, rate: int) -> None:
    first, *others = await make().choose(said(say("Ada Lovelace", "en-us"), rate), MENU, "en")
    assert first.key == "ada"
    assert all(0 <= other.confidence < first.confidence <= 1 for other in others)


async def test_two_that_sound_alike_are_about_as_likely(make: Make) -> None:
    menu = (Option("maier", ("Stefan Maier",)), Option("meyer", ("Stefan Meyer",)), *MENU)
    choices = await make().choose(said(say("Stefan Maier", "en-us")), menu, "en")
    assert {choice.key for choice in choices} == {"maier", "meyer"}
    assert choices[0].confidence < 0.7


@pytest.mark.parametrize(
    "sound", [Sound.nothing(1.0), say("The weather in Washington was wonderful", "en-us")]
)
async def test_what_was_none_of_them_is_not_chosen(make: Make, sound: Sound) -> None:
    assert await make().choose(said(sound), MENU, "en") == ()


async def test_what_cannot_be_understood_is_not_even_asked(make: Make) -> None:
    recognizer = make()
    assert await recognizer.choose(SENTENCE, MENU, "de") == ()
    assert await recognizer.choose(SENTENCE, (), "en") == ()
    assert await recognizer.transcribe(SENTENCE, "de") is None
    assert recognizer.child.pid is None


@pytest.mark.parametrize("form", ["", "!!!", "小明", "\0", '"; rm', "a" * 500, "Łukasz"])
async def test_a_strange_name_spoils_nothing(make: Make, form: str) -> None:
    choices = await make().choose(SENTENCE, (Option("odd", (form,)), *MENU), "en")
    assert choices[0].key == "ada"


async def test_pocketsphinx_does_not_write_down(make: Make) -> None:
    recognizer = make()
    assert not recognizer.transcribes
    assert await recognizer.transcribe(SENTENCE, "en") is None
    assert recognizer.transcriber.pid is None


async def test_vosk_chooses_and_writes_down(make: Make, says: Callable[..., Path]) -> None:
    recognizer = make("vosk", says("hallo|ruf bitte ada an"), "de", "en")
    (first, *_) = await recognizer.choose(SENTENCE, MENU, "de")
    assert first.key == "ada"
    assert recognizer.transcribes
    assert await recognizer.transcribe(SENTENCE, "de") == "hallo ruf bitte ada an"


async def test_vosk_has_a_model_for_each_language(make: Make, says: Callable[..., Path]) -> None:
    says("hallo", "de")
    recognizer = make("vosk", says("hello", "en"), "de", "en")
    assert await recognizer.transcribe(SENTENCE, "de") == "hallo"
    assert await recognizer.transcribe(SENTENCE, "en") == "hello"


async def test_whisper_is_told_what_may_be_said(make: Make, says: Callable[..., Path]) -> None:
    recognizer = make("faster-whisper", says("{hints}"), "en")
    assert await recognizer.choose(SENTENCE, MENU[1:2], "en") == (Candidate("mail", 1.0),)
    plain = make("faster-whisper", says("Guten Tag,|hier ist {language}."), "de")
    assert await plain.transcribe(SENTENCE, "de") == "Guten Tag, hier ist de."


async def test_silence_is_no_transcript(make: Make, says: Callable[..., Path]) -> None:
    assert await make("vosk", says(""), "en").transcribe(SENTENCE, "en") is None


async def test_an_engine_that_fails_has_understood_nothing(
    make: Make, says: Callable[..., Path]
) -> None:
    recognizer = make("vosk", says("hello", "en"), "de", "en")
    assert await recognizer.transcribe(SENTENCE, "en") == "hello"
    child = recognizer.transcriber.pid
    assert await recognizer.transcribe(SENTENCE, "de") is None
    assert await recognizer.choose(SENTENCE, MENU, "de") == ()
    assert recognizer.transcriber.pid == child


async def test_an_engine_that_is_not_there_understands_no_language(
    make: Make, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    recognizer = make("vosk", tmp_path, "de")  # without says.txt: no model
    assert await recognizer.choose(SENTENCE, MENU, "de") == ()
    assert recognizer.languages == frozenset()
    assert caplog.text.count("FileNotFoundError") == 1


async def test_after_a_crash_there_is_another_one(make: Make, says: Callable[..., Path]) -> None:
    recognizer = make("vosk", says("crash"), "en")
    assert await recognizer.transcribe(SENTENCE, "en") is None
    says("alive")
    assert await recognizer.transcribe(SENTENCE, "en") == "alive"


async def test_who_hangs_is_given_up(make: Make, says: Callable[..., Path]) -> None:
    recognizer = make("vosk", says("hang"), "en")
    await recognizer.warm()
    hanging = recognizer.child.pid
    recognizer.choose_within = 0.3
    assert await recognizer.choose(SENTENCE, MENU, "en") == ()
    assert hanging is not None and not psutil.pid_exists(hanging)
    recognizer.choose_within = 20.0
    says("ada")
    (first, *_) = await recognizer.choose(SENTENCE, MENU, "en")
    assert first.key == "ada"


async def test_a_long_message_makes_no_caller_wait(make: Make, says: Callable[..., Path]) -> None:
    says("hang", "de")
    recognizer = make("vosk", says("ada", "en"), "de", "en")
    writing = asyncio.create_task(recognizer.transcribe(SENTENCE, "de"))
    await until(lambda: recognizer.transcriber.pid is not None, "a process that writes")
    (first, *_) = await recognizer.choose(SENTENCE, MENU, "en")
    assert first.key == "ada"
    assert not writing.done()
    writing.cancel()


async def test_who_does_not_wait_for_the_answer_spoils_nothing(
    make: Make, says: Callable[..., Path]
) -> None:
    recognizer = make()
    await recognizer.warm()
    for _ in range(3):
        asking = asyncio.create_task(recognizer.choose(SENTENCE, MENU[1:], "en"))
        await asyncio.wait([asking], timeout=0.01)
        asking.cancel()
        await asyncio.wait([asking])
    (first, *_) = await recognizer.choose(SENTENCE, MENU, "en")
    assert first.key == "ada"


async def test_many_at_once_are_answered_one_after_the_other(make: Make) -> None:
    recognizer = make()
    answers = await asyncio.gather(*(recognizer.choose(SENTENCE, MENU, "en") for _ in range(4)))
    assert [choices[0].key for choices in answers] == ["ada"] * 4


async def test_it_rests_when_nobody_asks(make: Make) -> None:
    recognizer = make()
    recognizer.child.idle_seconds = 0.2
    await recognizer.warm()
    child = psutil.Process(recognizer.child.pid)
    await until(lambda: not child.is_running(), "its process to be ended")
    assert recognizer.child.pid is None
    recognizer.child.idle_seconds = 60.0
    (first, *_) = await recognizer.choose(SENTENCE, MENU, "en")
    assert first.key == "ada"


async def test_it_rests_too_when_it_was_warmed_for_nothing(make: Make) -> None:
    recognizer = make()
    recognizer.child.idle_seconds = 0.2
    warming = asyncio.create_task(recognizer.warm())
    await until(lambda: recognizer.child.pid, "its process")
    warming.cancel()
    child = psutil.Process(recognizer.child.pid)
    await until(lambda: not child.is_running(), "its process to be ended")


async def test_it_is_confined(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRUNK_PASSWORD", "trunk-secret")
    recognizer = make()
    await recognizer.warm()
    assert "TRUNK_PASSWORD" not in psutil.Process(recognizer.child.pid).environ()
    status = await asyncio.to_thread(Path(f"/proc/{recognizer.child.pid}/status").read_text)
    assert "Seccomp:\t2" in status
    assert psutil.Process(recognizer.child.pid).nice() > psutil.Process().nice()


async def test_nothing_is_left_of_it(make: Make) -> None:
    before = psutil.Process().num_fds()
    recognizer = make()
    await recognizer.warm()
    child = recognizer.child.pid
    await recognizer.close()
    assert child is not None and not psutil.pid_exists(child)
    await until(lambda: psutil.Process().num_fds() <= before, "its descriptors to be closed")


WORKER = """
import asyncio
from bridge.audio.speech.confined import ConfinedRecognizer

async def main():
    recognizer = ConfinedRecognizer("pocketsphinx", None, ("en",))
    await recognizer.warm()
    print(recognizer.child.pid, flush=True)
    await asyncio.sleep(3600)

asyncio.run(main())
"""


async def test_it_dies_with_its_worker() -> None:
    await dies_with_its_worker(WORKER)


async def test_a_worker_does_not_load_what_only_recognizers_need(make: Awaitable[Make]) -> None:
    code = (
        "import sys, bridge.audio.pjmedia.mixer, bridge.audio.speech.configured;"
        "sys.exit(not {'pocketsphinx', 'numpy', 'rapidfuzz'}.isdisjoint(sys.modules))"
    )
    worker = await asyncio.create_subprocess_exec(sys.executable, "-c", code)
    assert await worker.wait() == 0
