"""What a Recognizer promises (bridge.audio.speech.recognizer).

That it is never given more than MOST_OPTIONS is the caller's duty.
"""

from abc import ABC, abstractmethod

import pytest

from bridge.audio.port import Utterance
from bridge.audio.speech.recognizer import MOST_OPTIONS, Option, Recognizer

ADA = Option("ada", ("Ada Lovelace", "Ada"))
MARKUS = Option("markus", ("Markus Göbel", "Markus"))
MENU = (MARKUS, ADA, Option("mail", ("voicemail",)))
NONE_OF_THEM = "The weather in Washington was wonderful"


class RecognizerWorld(ABC):
    """It understands English, and nothing else."""

    recognizer: Recognizer

    @abstractmethod
    async def says(self, words: str) -> Utterance:
        """Clearly; of several that were said the last one is understood."""


class RecognizerContract:
    @pytest.fixture
    async def world(self) -> RecognizerWorld:
        raise NotImplementedError("each side gives its world")

    async def test_one_is_chosen(self, world: RecognizerWorld) -> None:
        assert world.recognizer.languages == {"en"}
        said = await world.says("Ada Lovelace")
        choices = await world.recognizer.choose(said, MENU, "en")
        assert choices[0].key == "ada"
        sure = [one.confidence for one in choices]
        assert 0 <= sure[-1] <= sure[0] <= 1 and sure == sorted(sure, reverse=True)
        assert len({one.key for one in choices}) == len(choices)
        assert {one.key for one in choices} <= {one.key for one in MENU}

    async def test_what_was_none_of_them_is_not_chosen(self, world: RecognizerWorld) -> None:
        said = await world.says(NONE_OF_THEM)
        assert await world.recognizer.choose(said, MENU, "en") == ()

    async def test_of_nothing_nothing_is_chosen(self, world: RecognizerWorld) -> None:
        said = await world.says("Ada Lovelace")
        assert await world.recognizer.choose(said, (), "en") == ()
        assert await world.recognizer.choose(said, (Option("mute", ()),), "en") == ()
        assert await world.recognizer.choose(Utterance(b"", said.rate, 0.0), MENU, "en") == ()

    async def test_an_option_that_cannot_be_said_spoils_nothing(
        self, world: RecognizerWorld
    ) -> None:
        said = await world.says("Ada Lovelace")
        menu = (Option("mute", ()), Option("odd", ("",)), *MENU)
        assert (await world.recognizer.choose(said, menu, "en"))[0].key == "ada"

    async def test_there_may_be_many(self, world: RecognizerWorld) -> None:
        others = (Option(str(number), (f"number {number}",)) for number in range(MOST_OPTIONS - 1))
        said = await world.says("Ada Lovelace")
        assert (await world.recognizer.choose(said, (*others, ADA), "en"))[0].key == "ada"

    @pytest.mark.parametrize("language", ["de", "", "xx"])
    async def test_of_other_languages_nothing_is_understood(
        self, world: RecognizerWorld, language: str
    ) -> None:
        said = await world.says("Ada Lovelace")
        assert await world.recognizer.choose(said, MENU, language) == ()
        assert await world.recognizer.transcribe(said, language) is None

    async def test_it_comes_back(self, world: RecognizerWorld) -> None:
        said = await world.says("Ada Lovelace")
        await world.recognizer.warm()
        for _ in range(2):
            assert (await world.recognizer.choose(said, MENU, "en"))[0].key == "ada"
            await world.recognizer.close()

    async def test_what_it_cannot_write_down(self, world: RecognizerWorld) -> None:
        assert not world.recognizer.transcribes
        assert await world.recognizer.transcribe(await world.says("Ada Lovelace"), "en") is None


class TranscriberContract(RecognizerContract):
    """Of those that can."""

    async def test_what_it_cannot_write_down(self, world: RecognizerWorld) -> None:
        assert world.recognizer.transcribes
        assert await world.recognizer.transcribe(await world.says(""), "en") is None

    async def test_words_are_written_down(self, world: RecognizerWorld) -> None:
        for words in ("call me today", "or tomorrow"):
            assert await world.recognizer.transcribe(await world.says(words), "en") == words
