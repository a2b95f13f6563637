"""Who understands in scenes, the engine that is built in, and one that writes down."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bridge.audio.port import Utterance
from bridge.audio.speech.confined import ConfinedRecognizer
from tests.bridge.audio.speech.test_confined import STAND_IN, said
from tests.contracts.recognizer import RecognizerContract, RecognizerWorld, TranscriberContract
from tests.fake_recognizer import FakeRecognizer
from tests.fakes import samples
from tests.peers.speech import Sound, say


class MemoryWorld(RecognizerWorld):
    def __init__(self, transcribes: bool) -> None:
        self.recognizer = FakeRecognizer()
        self.recognizer.transcribes = transcribes

    async def says(self, words: str) -> Utterance:
        return Utterance(samples(words), 8000, 0.0)


class SphinxWorld(RecognizerWorld):
    def __init__(self) -> None:
        self.recognizer = patient("pocketsphinx", None)

    async def says(self, words: str) -> Utterance:
        return said(say(words, "en-us"))


class VoskWorld(RecognizerWorld):
    """What stands in for its library reads from the model what it hears."""

    def __init__(self, model: Path) -> None:
        self.model, self.recognizer = model, patient("vosk", model)

    async def says(self, words: str) -> Utterance:
        await self.recognizer.close()
        (self.model / "says.txt").write_text(words)
        return said(Sound.nothing(1.0))


def patient(engine: str, model: Path | None) -> ConfinedRecognizer:
    made = ConfinedRecognizer(engine, model, ("en",))
    made.choose_within = 20.0  # a busy machine, not a slow recognizer
    return made


class TestFakeRecognizer(RecognizerContract):
    @pytest.fixture
    async def world(self) -> RecognizerWorld:
        return MemoryWorld(transcribes=False)


class TestFakeTranscriber(TranscriberContract):
    @pytest.fixture
    async def world(self) -> RecognizerWorld:
        return MemoryWorld(transcribes=True)


class TestSphinx(RecognizerContract):
    @pytest.fixture
    async def world(self) -> AsyncIterator[RecognizerWorld]:
        world = SphinxWorld()
        yield world
        await world.recognizer.close()


class TestVosk(TranscriberContract):
    @pytest.fixture
    async def world(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> AsyncIterator[RecognizerWorld]:
        paths = [str(STAND_IN), *filter(None, [os.environ.get("PYTHONPATH")])]
        monkeypatch.setenv("PYTHONPATH", os.pathsep.join(paths))
        world = VoskWorld(tmp_path)
        yield world
        await world.recognizer.close()
