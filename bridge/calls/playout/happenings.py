"""Everything that happens to a listener, in its order: keys, facts of the sound, the clock."""

import asyncio
from dataclasses import dataclass

from bridge.audio.port import Playback, PlaybackFact
from bridge.calls.call.limits import WARNING
from bridge.calls.call.listener import Listener
from bridge.errors import HouseError

BEAT = 5.0
"""Seconds between two notes of the position."""


@dataclass(frozen=True)
class PressedKey:
    """The listener pressed a key."""

    digit: str


@dataclass(frozen=True)
class ItemLoaded:
    """The item can be played, or not (`why`)."""

    why: HouseError | None


@dataclass(frozen=True)
class SentenceEnded:
    """The sentence of this number was spoken to its end."""

    number: int


@dataclass(frozen=True)
class Ends:
    """The call ends in some seconds, by the user's minutes or the length of the programme."""

    seconds: float


class Beat:
    """It is time to keep how far the listener is."""


class Down:
    """The station has been silent for a while."""


class Retry:
    """It is time to try the station again."""


class TimeIsUp:
    """The programme is over."""


Happening = (
    PressedKey | PlaybackFact | ItemLoaded | SentenceEnded | Ends | Beat | Down | Retry | TimeIsUp
)


class Happenings:
    """A queue with one reader, and those that feed it until they are cancelled."""

    def __init__(self) -> None:
        self._queue: asyncio.Queue[Happening] = asyncio.Queue()
        self._timer: asyncio.TimerHandle | None = None
        self.put = self._queue.put_nowait
        self.get = self._queue.get

    async def keys_of(self, listener: Listener) -> None:
        """Those that nobody took are there for what comes next."""
        try:
            while True:
                self.put(PressedKey(await listener.keys.get()))
        finally:
            left = [self._queue.get_nowait() for _ in range(self._queue.qsize())]
            listener.put_back(*(one.digit for one in left if isinstance(one, PressedKey)))

    async def facts_of(self, playback: Playback) -> None:
        async for fact in playback.facts():
            self.put(fact)

    def said(self, number: int) -> None:
        """The sentence of this number."""
        self.put(SentenceEnded(number))

    async def beat(self) -> None:
        while True:
            await asyncio.sleep(BEAT)
            self.put(Beat())

    async def ends(self, left: float) -> None:
        """The warning of bridge.calls.call.limits."""
        self.put(Ends(left))

    async def time(self, longest: float) -> None:
        """Of a programme, in seconds."""
        await asyncio.sleep(max(0.0, longest - WARNING))
        self.put(Ends(min(longest, WARNING)))
        await asyncio.sleep(min(longest, WARNING))
        self.put(TimeIsUp())

    def later(self, seconds: float, happening: Happening) -> None:
        """In the place of what `later` announced before."""
        self.never()
        self._timer = asyncio.get_running_loop().call_later(seconds, self.put, happening)

    def never(self) -> None:
        """What `later` announced does not happen."""
        if self._timer is not None:
            self._timer.cancel()
