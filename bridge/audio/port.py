"""Where sound is, and what can be done with it: nothing above this package sees a sample."""

from abc import ABC, abstractmethod
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path


class AudioPort:
    """Where a leg's sound is: a pjmedia slot, a Pulse pair, a PCM stream.

    Opaque to everybody but the mixer, which picks the cheapest joint for the kinds it is given.
    """


@dataclass(frozen=True)
class Clip:
    """A finished piece of sound: 16-bit mono WAV at `path`; `text` is what it says, for logs and
    tests.
    """

    text: str
    path: Path
    seconds: float


class Recording(ABC):
    """A recording that is running."""

    @property
    @abstractmethod
    def seconds(self) -> float:
        """How long it is so far."""

    @property
    @abstractmethod
    def quiet_seconds(self) -> float:
        """How long nothing louder than the noise floor has been heard up to now."""

    @property
    @abstractmethod
    def path(self) -> Path:
        """The 16-bit mono WAV; complete once the recording has been left. Belongs to the caller,
        who removes it.
        """


class Mixer(ABC):
    """Joins, plays and records. Cancelling any of them stops the sound at once (that is
    barge-in).
    """

    @abstractmethod
    def patch(self, a: AudioPort, b: AudioPort) -> AbstractAsyncContextManager[None]:
        """Join two ports both ways for as long as the context lasts."""

    @abstractmethod
    async def play(self, port: AudioPort, clip: Clip) -> None:
        """Play `clip` into `port`; returns when its last sample was played."""

    @abstractmethod
    def record(self, port: AudioPort) -> AbstractAsyncContextManager[Recording]:
        """Record what comes out of `port` for as long as the context lasts."""


class Speaker(ABC):
    """Turns a sentence into sound."""

    @abstractmethod
    async def say(self, text: str, language: str) -> Clip:
        """`text` spoken in `language` ("de" or "en"); cached, so a sentence is synthesized once."""

    @abstractmethod
    async def tone(self, name: str) -> Clip:
        """A signal tone: "beep" before a recording."""
