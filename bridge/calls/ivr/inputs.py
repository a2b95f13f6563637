"""What somebody on the phone does while he is spoken to: keys, words, or nothing."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Self

from bridge.audio.port import SpeechBegan, Utterance
from bridge.audio.speech.recognizer import Candidate
from bridge.calls.call.listener import Listener
from bridge.calls.ports.call_services import CallServices
from bridge.scope import Scope, scope

log = logging.getLogger(__name__)

WORD_WITHIN = 12.0
"""Seconds that a word which has begun is waited for, whatever else."""

Prompt = Callable[[], Awaitable[None]]
Understand = Callable[[Utterance], Awaitable[Sequence[Candidate]]]


@dataclass(frozen=True)
class KeyInput:
    """A key was pressed."""

    digit: str


@dataclass(frozen=True)
class SpeechInput:
    """Something was said: what it may have been, the likeliest first, or nothing of the kind."""

    choices: Sequence[Candidate]


class SaidOut:
    """The prompt has been spoken to its end."""


class Began:
    """Somebody begins to speak."""


Input = KeyInput | SpeechInput | SaidOut | Began


class Inputs:
    """One prompt, and what comes meanwhile and afterwards. Every key interrupts it at once."""

    def __init__(self, services: CallServices, listener: Listener, barge_in: bool) -> None:
        self._services = services
        self._listener = listener
        self._barge_in = barge_in
        self._queue: asyncio.Queue[Input] = asyncio.Queue()
        self._prompt: asyncio.Task[None] | None = None
        self._hearing: asyncio.Task[None] | None = None
        self._somebody_speaks = False

    @classmethod
    @asynccontextmanager
    async def open(
        cls,
        services: CallServices,
        listener: Listener,
        prompt: Prompt,
        understand: Understand | None = None,
        barge_in: bool = False,
    ) -> AsyncIterator[Self]:
        """Begins with `prompt`, unless somebody has typed ahead. With `understand` it listens, too.
        Keys that nobody took are there for the next one.
        """
        inputs = cls(services, listener, barge_in)
        try:
            async with scope() as body:
                if listener.keys.empty():
                    inputs._prompt = body.start(inputs._say(prompt))
                body.start(inputs._take_keys())
                if understand is not None:
                    inputs._hearing = body.start(inputs._hear(understand, body))
                yield inputs
        finally:
            inputs._put_back()

    async def next(self, patience: float) -> KeyInput | SpeechInput | None:
        """None when nothing has come for `patience` seconds since all was said."""
        while True:
            got = await self._within(patience)
            match got:
                case KeyInput():
                    self.hush()
                    return got
                case SpeechInput():
                    return got
                case Began() if self._barge_in:
                    self.hush()
                case None:
                    return None

    def hush(self) -> None:
        if self._prompt is not None:
            self._prompt.cancel()

    @property
    def _speaks(self) -> bool:
        return self._prompt is not None and not self._prompt.done()

    async def _within(self, patience: float) -> Input | None:
        waits = WORD_WITHIN if self._somebody_speaks else patience
        try:
            async with asyncio.timeout(None if self._speaks else waits):
                return await self._queue.get()
        except TimeoutError:
            self._somebody_speaks = False
            return None

    async def _say(self, prompt: Prompt) -> None:
        try:
            await silent_if_broken(prompt)
        finally:
            self._queue.put_nowait(SaidOut())

    async def _take_keys(self) -> None:
        """Who types speaks no more: what is heard then is not for us."""
        while True:
            key = KeyInput(await self._listener.keys.get())
            if self._hearing is not None:
                self._hearing.cancel()
            self._somebody_speaks = False
            self._queue.put_nowait(key)

    async def _hear(self, understand: Understand, body: Scope) -> None:
        """Speech that begins while we speak may be our own echo: it counts only where it may
        interrupt.
        """
        echo = False
        try:
            async with self._services.mixer.tap_speech(self._listener.leg.audio) as heard:
                async for fact in heard:
                    match fact:
                        case SpeechBegan():
                            echo = self._speaks and not self._barge_in
                            self._somebody_speaks = not echo
                            if not echo:
                                self._queue.put_nowait(Began())
                                body.start(self._warm())
                        case Utterance() if not echo:
                            choices = await understand(fact)
                            self._somebody_speaks = False
                            self._queue.put_nowait(SpeechInput(choices))
        except Exception:
            log.exception("nothing that is said can be heard")

    async def _warm(self) -> None:
        """An engine that was not needed for a while comes back while the word is said."""
        if (recognizer := self._services.recognizer) is not None:
            await recognizer.warm()

    def _put_back(self) -> None:
        left = []
        while not self._queue.empty():
            left.append(self._queue.get_nowait())
        self._listener.put_back(*(one.digit for one in left if isinstance(one, KeyInput)))


async def silent_if_broken(prompt: Prompt) -> None:
    """A voice that fails must not cost the call: keys work without it."""
    try:
        await prompt()
    except Exception:
        log.exception("a prompt could not be spoken")


async def tell(services: CallServices, listener: Listener, prompt: Prompt) -> None:
    """To its end, unless a key interrupts it; the key is for what comes next."""
    async with Inputs.open(services, listener, prompt) as inputs:
        got = await inputs.next(0.0)
    if isinstance(got, KeyInput):
        listener.put_back(got.digit)
