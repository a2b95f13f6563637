"""The recognizer of a worker: its engine lives in processes of its own, while they are needed."""

from collections.abc import Collection, Sequence
from pathlib import Path

from bridge.audio.port import Utterance
from bridge.audio.speech import wire
from bridge.audio.speech.kept import KeptChild
from bridge.audio.speech.recognizer import MOST_OPTIONS, Candidate, Option, Recognizer


class ConfinedRecognizer(Recognizer):
    """`engine` and `model` as in SPEECH_ENGINE and SPEECH_MODEL; what needs no model does not
    transcribe. Where its process fails, nothing was understood.
    """

    def __init__(self, engine: str, model: Path | None, languages: Collection[str]) -> None:
        self.choose_within = 5.0
        """Seconds that a caller waits."""
        self.transcribe_within = 60.0
        """And three times the length of the sound."""
        models = () if model is None else (str(model),)
        self.child = KeptChild(engine, *models, idle_seconds=60.0)
        # minutes of sound are written down in a process of their own: a caller waits for the other
        self.transcriber = KeptChild(engine, *models, idle_seconds=5.0)
        self._transcribes = model is not None
        self._languages = frozenset(languages)

    @property
    def languages(self) -> frozenset[str]:
        useless = self.child.useless or self.transcriber.useless
        return frozenset() if useless else self._languages

    @property
    def transcribes(self) -> bool:
        return self._transcribes

    async def warm(self) -> None:
        await self.child.warm()

    async def choose(
        self, said: Utterance, options: Sequence[Option], language: str
    ) -> tuple[Candidate, ...]:
        some = tuple(options[:MOST_OPTIONS])
        if language not in self.languages or not some:
            return ()
        answer = await self.child.ask(
            lambda tag: wire.Choose(tag, said.rate, language, some, said.pcm), self.choose_within
        )
        return answer.choices if isinstance(answer, wire.Chosen) else ()

    async def transcribe(self, said: Utterance, language: str) -> str | None:
        if not self.transcribes or language not in self.languages:
            return None
        answer = await self.transcriber.ask(
            lambda tag: wire.Transcribe(tag, said.rate, language, said.pcm),
            self.transcribe_within + 3 * len(said.pcm) / 2 / said.rate,
        )
        return answer.text if isinstance(answer, wire.Transcribed) else None

    async def close(self) -> None:
        await self.child.close()
        await self.transcriber.close()
