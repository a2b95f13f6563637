"""Decoded sound on its way from the event loop to the clock that moves samples."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from bridge.audio.port import PlaybackFact, Returned, Titled

FRAME = 0.02
"""Seconds."""


@dataclass(frozen=True)
class Depth:
    """How much sound is kept, in seconds: it begins (again, after it ran dry) with `least`, more is
    asked for below `low`, and nothing is read beyond `high`.
    """

    least: float
    low: float
    high: float


FILE = Depth(least=0.1, low=1.5, high=3.0)
# a station sends what is a second old; one that sends in segments (HLS) needs more than one of them
STATION = Depth(least=1.0, low=20.0, high=25.0)


class SoundQueue:
    """Sound and facts in their order, from one position on at one speed; for another position there
    is another queue. `frame_size` is in bytes.

    `put`, `note` and `full` are for the event loop's thread; `take` is for the clock's, and so is
    what it calls: `hungry`, when `put` has stopped at `full` and should go on, and `passed`, when a
    fact's turn has come. Neither side ever waits for the other: each end of the line has one owner.
    """

    def __init__(
        self,
        depth: Depth,
        frame_size: int,
        position: float,
        speed: float,
        hungry: Callable[[], None],
        passed: Callable[[PlaybackFact], None],
    ) -> None:
        self.position = position
        """Of what is heard, in seconds of the source."""
        self.ran_dry = False
        """Since it was last looked at."""
        self._depth = depth
        self._size = frame_size
        self._step = FRAME * speed
        self._hungry = hungry
        self._passed = passed
        self._line: deque[tuple[float, bytes] | PlaybackFact] = deque()
        self._flowing = self._ending = self._full = False

    @property
    def seconds(self) -> float:
        return len(self._line) * FRAME

    @property
    def ready(self) -> bool:
        """It can begin to flow."""
        return self._ending or self.seconds >= self._depth.least

    @property
    def full(self) -> bool:
        return self._full

    def put(self, position: float, pcm: bytes) -> None:
        """The last frame is filled up with silence."""
        for at in range(0, len(pcm), self._size):
            frame = pcm[at : at + self._size].ljust(self._size, b"\0")
            self._line.append((position, frame))
            position += self._step
        self._full = self.seconds >= self._depth.high

    def note(self, fact: PlaybackFact) -> None:
        """After an end or an interruption, silence is as it should be."""
        if not isinstance(fact, Titled):
            self._ending = not isinstance(fact, Returned)
        self._line.append(fact)

    def take(self) -> bytes | None:
        """The next frame; None where there is silence."""
        if not self._flowing and not self.ready:
            return None
        self._flowing = True
        while self._line:
            first = self._line.popleft()
            if isinstance(first, tuple):
                self.position = first[0] + self._step
                if self._full and self.seconds < self._depth.low:
                    self._full = False
                    self._hungry()
                return first[1]
            self._passed(first)
        self._flowing = False
        if not self._ending:
            self.ran_dry = True
        return None
