"""The worker's side of a recognizer's process: how it is started, asked and ended."""

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from bridge.audio.speech import wire
from bridge.children.kinds import SPEECH
from bridge.children.launch import Child

_BEHIND_SOUND = 5  # nice(2): nobody's call may stutter because somebody else is being understood
_A_SECOND_OF_SOUND = 20
"""So many seconds of processor time may it take to understand one."""


class Gone(Exception):
    """The process has ended, or says what cannot be understood."""


class EngineUseless(Gone):
    """Its engine cannot be loaded."""


class SpeechChild:
    """A process with `engine`, from now on until `end`. One asks at a time. A model is a path; one
    of piper is LANGUAGE=PATH.
    """

    def __init__(self, engine: str, *models: str) -> None:
        kind = SPEECH
        if models:
            kind = replace(kind, memory=None, reads=tuple(_files(engine, models)))
        self._child = Child(kind, engine, *models)
        os.setpriority(os.PRIO_PROCESS, self._child.pid, _BEHIND_SOUND)
        self._tag = 0
        self._loaded = False
        self._coming: tuple[int, int] | None = None

    @property
    def pid(self) -> int:
        return self._child.pid

    async def load(self) -> None:
        """Returns once it can be asked. Gone, Useless."""
        if self._loaded:
            return
        message = await self._hear()
        if isinstance(message, wire.Useless):
            raise EngineUseless(message.why)
        self._loaded = True

    async def ask(self, question: Callable[[int], wire.Question]) -> wire.Message:
        """The answer to what `question` makes of a tag; those to earlier ones, for which nobody
        waits any more, are passed over. Gone.
        """
        self._tag += 1
        _, writer = await self._child.streams()
        asked = question(self._tag)
        self._child.renew_time(_A_SECOND_OF_SOUND * wire.seconds(asked))
        writer.write(wire.pack(asked))
        while (answer := await self._hear()).tag != self._tag:
            pass
        return answer

    async def end(self) -> None:
        """Returns when nothing is left of it."""
        await self._child.end()

    async def _hear(self) -> wire.Message:
        reader, _ = await self._child.streams()
        try:
            # who waits may leave between the two; the next one goes on there
            if self._coming is None:
                self._coming = wire.lengths(await reader.readexactly(wire.HEAD.size))
            text, sound = self._coming
            body = await reader.readexactly(text + sound)
            self._coming = None
            return wire.unpack(body[:text], body[text:])
        except (OSError, EOFError, ValueError) as why:
            raise Gone(f"{type(why).__name__}") from why


def _files(engine: str, models: Sequence[str]) -> Iterator[str]:
    for model in models:
        if engine == "piper":
            voice = model.partition("=")[2]
            yield from (voice, f"{voice}.json")
        else:
            yield model
