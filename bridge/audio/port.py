"""Where sound is, and what can be done with it: nothing above this package sees a sample."""

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator
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


@dataclass(frozen=True)
class Source:
    """Long sound: a file, or with `live` the address of a stream that has no beginning."""

    where: str
    live: bool = False


@dataclass(frozen=True)
class Titled:
    """A station says what it plays."""

    title: str


@dataclass(frozen=True)
class Interrupted:
    """A station is gone; it is tried again and again until `Returned` or the playback is left."""

    why: str
    """A code of bridge.errors."""


@dataclass(frozen=True)
class Returned:
    """A station is heard again."""


@dataclass(frozen=True)
class Finished:
    """The last sample was played, or (`why`: a code of bridge.errors) nothing more can be read."""

    why: str = ""


PlaybackFact = Titled | Interrupted | Returned | Finished


class Playback(ABC):
    """Long sound that is played into a port. Prompts may be played over it while it is paused."""

    @property
    @abstractmethod
    def position(self) -> float:
        """Seconds into the source of what is being heard now; of a live one since it began."""

    @property
    @abstractmethod
    def seconds(self) -> float | None:
        """How long the source is; None for a live one."""

    @abstractmethod
    async def load(self, source: Source, at: float = 0.0) -> None:
        """Take `source` in the place of an earlier one; returns once it could play from `at` on,
        and stays paused. Keeps the speed. NetworkDown("stream_down"), BadInput("bad_audio").
        """

    @abstractmethod
    async def play(self) -> None:
        """Go on."""

    @abstractmethod
    async def pause(self) -> None:
        """Be silent at once. A live source goes on meanwhile."""

    @abstractmethod
    async def seek(self, to: float) -> None:
        """Go on from there, clamped to the source; a live one ignores it. Paused stays paused."""

    @abstractmethod
    async def set_speed(self, factor: float) -> None:
        """0.75 to 2.0, the pitch kept; a live one ignores it."""

    @abstractmethod
    def facts(self) -> AsyncIterator[PlaybackFact]:
        """What happens, in its order; one reader. Ends after the playback was left."""


@dataclass(frozen=True)
class SpeechBegan:
    """Somebody speaks: as much of it was heard as tells speech from a noise of the mouth."""


@dataclass(frozen=True)
class Utterance:
    """What was said, from a moment before its first sound to the pause after it: 16-bit mono
    samples, `rate` of them a second. `ended` is when its last sound was heard, in the event loop's
    time.
    """

    pcm: bytes
    rate: int
    ended: float


Heard = SpeechBegan | Utterance


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

    @abstractmethod
    def playback(self, port: AudioPort) -> AbstractAsyncContextManager[Playback]:
        """Long sound for `port`, for as long as the context lasts; what decodes it is ready before
        anything is loaded.
        """

    @abstractmethod
    def tap_speech(self, port: AudioPort) -> AbstractAsyncContextManager[AsyncIterator[Heard]]:
        """What is said at `port`, one utterance after the other, for as long as the context lasts;
        one reader.
        """


class Speaker(ABC):
    """Turns a sentence into sound."""

    @abstractmethod
    async def say(self, text: str, language: str) -> Clip:
        """`text` spoken in `language` ("de" or "en"); cached, so a sentence is synthesized once."""

    @abstractmethod
    async def tone(self, name: str) -> Clip:
        """A signal tone: "beep" before a recording, "ringing" while it rings at the far end."""

    async def close(self) -> None:
        """Let go of what speaks; it comes back when it is asked again."""
        return None
