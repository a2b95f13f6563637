"""Understanding what is said on the phone: which of a few names it was, or its words."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

from bridge.audio.port import Utterance

MOST_OPTIONS = 15
"""More at a time are confused too often (measured: docs/bench.md)."""


@dataclass(frozen=True)
class Option:
    """Something that can be said. `forms` are ways of saying it, as they are written."""

    key: str
    forms: tuple[str, ...]


@dataclass(frozen=True)
class Candidate:
    """`confidence` is from 0 to 1, and comparable among the choices for one utterance only."""

    key: str
    confidence: float


class Recognizer(ABC):
    """Nobody is dialled on its word alone: it takes what it should not for one of the options."""

    @property
    @abstractmethod
    def languages(self) -> frozenset[str]:
        """Those in which it can `choose`; of others it understands nothing."""

    @property
    @abstractmethod
    def transcribes(self) -> bool:
        """Whether it is able to; one that is not would be loaded for nothing."""

    @abstractmethod
    async def choose(
        self, said: Utterance, options: Sequence[Option], language: str
    ) -> tuple[Candidate, ...]:
        """What it may have been, the likeliest first; nothing when it was probably none of them.
        At most MOST_OPTIONS at a time. Never raises: an engine that fails has understood nothing.
        """

    @abstractmethod
    async def transcribe(self, said: Utterance, language: str) -> str | None:
        """The words; None where the engine is not able to, or failed. A long text delays nobody who
        is to `choose` meanwhile.
        """

    async def warm(self) -> None:
        """Be quick with the next answer. Never raises."""
        return None

    async def close(self) -> None:
        """Let go of the engine; it comes back when it is asked again."""
        return None
