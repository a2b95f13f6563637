"""Long sound for scenes: nothing is heard, but its position moves with the (fake) clock."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from bridge.audio.playback.playback import FASTEST, SLOWEST
from bridge.audio.port import AudioPort, Finished, Playback, PlaybackFact, Source
from bridge.errors import HouseError


def now() -> float:
    return asyncio.get_running_loop().time()


@dataclass
class Shelf:
    """What there is to play, by `Source.where`."""

    lengths: dict[str, float] = field(default_factory=dict)
    """Seconds; of a file that is not named here they are 600."""
    faults: dict[str, HouseError] = field(default_factory=dict)
    """What `load` raises."""
    delay: float = 0.0
    """How long `load` takes."""


@dataclass(frozen=True)
class Done:
    """Something that was asked of a playback: "load", "play", "pause", "seek" or "set_speed"."""

    verb: str
    at: float
    """When, on the loop's clock."""
    value: float = 0.0
    """Where to load from or to seek, in seconds; or the speed."""
    where: str = ""


class FakePlayback(Playback):
    """`done` is what was asked of it, in order; `tell` lets a fact happen. `Finished` happens by
    itself when a file comes to its end.
    """

    def __init__(self, port: AudioPort, shelf: Shelf) -> None:
        self.port = port
        self.shelf = shelf
        self.done: list[Done] = []
        self.source: Source | None = None
        self.playing = False
        self.speed = 1.0
        self.left = False
        self._at = self._since = 0.0
        self._over = False
        """Its end was told, and nobody has gone back from there."""
        self._end: asyncio.TimerHandle | None = None
        self._facts: asyncio.Queue[PlaybackFact | None] = asyncio.Queue()

    @property
    def verbs(self) -> list[str]:
        return [done.verb for done in self.done]

    @property
    def sounds(self) -> bool:
        """Something is heard."""
        return self.playing and self.source is not None and not self._over

    @property
    def position(self) -> float:
        if self.source is not None and self.source.live:
            return now() - self._since
        if self.seconds is None:
            return self._at
        gone = (now() - self._since) * self.speed if self.sounds else 0.0
        return min(self._at + gone, self.seconds)

    @property
    def seconds(self) -> float | None:
        if self.source is None or self.source.live:
            return None
        return self.shelf.lengths.get(self.source.where, 600.0)

    async def load(self, source: Source, at: float = 0.0) -> None:
        self._note("load", at, source.where)
        self.playing, self.source, self._at = False, None, max(at, 0.0)
        self._arm()
        await asyncio.sleep(self.shelf.delay)
        if fault := self.shelf.faults.get(source.where):
            raise fault
        self.source, self._since = source, now()
        self._go(at)

    async def play(self) -> None:
        self._note("play")
        if not self.playing:
            self._stay()
            self.playing = True
            self._arm()

    async def pause(self) -> None:
        self._note("pause")
        self._stay()
        self.playing = False
        self._arm()

    async def seek(self, to: float) -> None:
        self._note("seek", to)
        self._go(to)

    async def set_speed(self, factor: float) -> None:
        self._note("set_speed", factor)
        within = min(max(factor, SLOWEST), FASTEST)
        if within != self.speed and (self.source is None or not self.source.live):
            at, self.speed = self.position, within
            self._go(at)

    async def facts(self) -> AsyncIterator[PlaybackFact]:
        while (fact := await self._facts.get()) is not None:
            yield fact

    def tell(self, fact: PlaybackFact) -> None:
        self._facts.put_nowait(fact)

    def leave(self) -> None:
        self.left, self.playing = True, False
        self._arm()
        self._facts.put_nowait(None)

    def _note(self, verb: str, value: float = 0.0, where: str = "") -> None:
        assert not self.left, f"{verb} after it was left"
        self.done.append(Done(verb, now(), value, where))

    def _go(self, to: float) -> None:
        if self.seconds is not None:  # a live one cannot be moved
            self._at, self._since = min(max(to, 0.0), self.seconds), now()
            self._over = False
            self._arm()

    def _stay(self) -> None:
        if self.seconds is not None:
            self._at, self._since = self.position, now()

    def _arm(self) -> None:
        if self._end is not None:
            self._end.cancel()
            self._end = None
        if self.sounds and self.seconds is not None:
            rest = (self.seconds - self.position) / self.speed
            self._end = asyncio.get_running_loop().call_later(rest, self._finish)

    def _finish(self) -> None:
        self._stay()
        self._at, self._over = self.seconds or 0.0, True
        self.tell(Finished())
