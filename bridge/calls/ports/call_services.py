"""What every call of one user works with."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from bridge.api.events import Event
from bridge.audio.port import AudioPort, Clip, Mixer, Speaker
from bridge.audio.speech.recognizer import Recognizer
from bridge.calls.ports.clock import Clock
from bridge.calls.ports.directory import Directory
from bridge.calls.ports.library import Library
from bridge.calls.ports.mailbox import Mailbox
from bridge.calls.ports.outbound_route import OutboundRoute
from bridge.calls.ports.subscriber import Subscriber
from bridge.calls.spoken import spoken
from bridge.scope import promptly

_GRACE = 5.0
"""Seconds that a clip may take longer than it is."""


@dataclass(frozen=True)
class CallServices:
    """`tell` returns at once; `encode` makes OGG/Opus of a WAV file. Without a `recognizer` nothing
    that is said is understood.
    """

    subscriber: Subscriber
    route: OutboundRoute
    mixer: Mixer
    speaker: Speaker
    tell: Callable[[Event], None]
    clock: Clock
    encode: Callable[[Path], Awaitable[bytes]]
    library: Library
    directory: Directory
    mailbox: Mailbox
    recognizer: Recognizer | None = None
    voicemail_seconds: float = 180.0

    # A voice that hangs is a voice that fails (TimeoutError): nobody shall listen to silence.

    async def say(self, port: AudioPort, sentence: str, **facts: str) -> None:
        """Speak a sentence of the catalog into `port`, in the user's language."""
        await self.read_out(port, spoken(self.subscriber.rules().language, sentence, **facts))

    async def read_out(self, port: AudioPort, text: str) -> None:
        """Speak `text`, which is in the user's language."""
        await self._play(
            port, await promptly(self.speaker.say(text, self.subscriber.rules().language))
        )

    async def beep(self, port: AudioPort) -> None:
        await self.sound(port, "beep")

    async def sound(self, port: AudioPort, tone: str) -> None:
        """Play a signal tone (bridge.audio.voice.tones), once."""
        await self._play(port, await promptly(self.speaker.tone(tone)))

    async def _play(self, port: AudioPort, clip: Clip) -> None:
        await promptly(self.mixer.play(port, clip), clip.seconds + _GRACE)
