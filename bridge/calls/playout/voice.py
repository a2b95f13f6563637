"""What the house says to a listener: one sentence at a time, and the sound waits for it."""

import asyncio
import logging
from collections.abc import Callable

from bridge.audio.port import AudioPort
from bridge.calls.playout.audience import Audience
from bridge.calls.playout.deck import Deck

log = logging.getLogger(__name__)


class Voice:
    """`said` is told the number of each sentence that was spoken to its end."""

    def __init__(
        self, call: Audience, port: AudioPort, deck: Deck, said: Callable[[int], None]
    ) -> None:
        self._call = call
        self._port = port
        self._deck = deck
        self._said = said
        self._speaking: asyncio.Task[None] | None = None
        self._number = 0

    @property
    def speaks(self) -> bool:
        return self._speaking is not None

    async def say(self, text: str) -> None:
        """Begin to, in the place of what is being said."""
        await self.hush()
        self._deck.spoken = True
        await self._deck.apply()
        self._number += 1
        self._speaking = self._call.body.start(self._speak(text, self._number))

    async def hush(self) -> None:
        """Be silent at once (barge-in)."""
        speaking, self._speaking = self._speaking, None
        self._deck.spoken = False
        if speaking is not None and not speaking.done():
            speaking.cancel()
            await asyncio.wait({speaking})

    def is_through(self, number: int) -> None:
        """The sentence was spoken, unless another has taken its place."""
        if number == self._number:
            self._speaking, self._deck.spoken = None, False

    async def _speak(self, text: str, number: int) -> None:
        try:
            await self._call.services.read_out(self._port, text)
        except Exception:
            # a voice that fails must not cost the sound
            log.exception("a sentence could not be spoken")
        self._said(number)
