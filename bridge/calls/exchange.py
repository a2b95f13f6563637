"""What every call of one user works with."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from bridge.audio.port import AudioPort, Mixer, Speaker
from bridge.calls.book import Book
from bridge.calls.clock import Clock
from bridge.calls.line import Line
from bridge.calls.spoken import spoken
from bridge.control.events import Event


@dataclass(frozen=True)
class Exchange:
    """`tell` returns at once; `encode` makes OGG/Opus of a WAV file."""

    book: Book
    line: Line
    mixer: Mixer
    speaker: Speaker
    tell: Callable[[Event], None]
    clock: Clock
    encode: Callable[[Path], Awaitable[bytes]]
    voicemail_seconds: float = 180.0

    async def say(self, port: AudioPort, sentence: str, **facts: str) -> None:
        """Speak a sentence of the catalog into `port`, in the user's language."""
        await self.read_out(port, spoken(self.book.rules().language, sentence, **facts))

    async def read_out(self, port: AudioPort, text: str) -> None:
        """Speak `text`, which is in the user's language."""
        await self.mixer.play(port, await self.speaker.say(text, self.book.rules().language))

    async def beep(self, port: AudioPort) -> None:
        await self.mixer.play(port, await self.speaker.tone("beep"))
