"""What is played: one item of the playlist after the other, paused while somebody speaks."""

from bridge.audio.port import Playback
from bridge.calls.ports.library import Playlist, PlaylistItem
from bridge.errors import HouseError

SPEEDS = (0.75, 0.9, 1.0, 1.15, 1.3, 1.5, 1.75, 2.0)
JUMP = 30.0
"""Seconds."""
OVERLAP = 5.0
"""Seconds that are heard again when somebody goes on, to find the thread."""
_ENDING = 30.0
"""Who leaves an episode with less than these seconds to go, or a tenth of a short one, has heard
it.
"""


class Deck:
    """`paused` is what the listener wants; while something is `spoken` it is silent in any case."""

    def __init__(self, playback: Playback, playlist: Playlist) -> None:
        self._playback = playback
        self._items = playlist.items
        self._positions = {index: _begin(item) for index, item in enumerate(self._items)}
        self._finished: set[int] = set()
        self._index = playlist.first
        self._speed = SPEEDS.index(1.0)
        self.loaded = False
        self.paused = False
        self.spoken = False
        """Somebody speaks over it."""

    @property
    def item(self) -> PlaylistItem:
        return self._items[self._index]

    @property
    def live(self) -> bool:
        return self.item.source.live

    @property
    def position(self) -> float:
        return self._playback.position if self.loaded else self._positions[self._index]

    @property
    def seconds(self) -> float | None:
        return (self._playback.seconds if self.loaded else None) or self.item.seconds

    @property
    def speed(self) -> float:
        return SPEEDS[self._speed]

    @property
    def heard(self) -> bool:
        """Whether as good as all of the item was."""
        seconds = None if self.live else self.seconds
        nearly = seconds is not None and _is_ending(self.position, seconds)
        return nearly or self._index in self._finished

    async def load(self) -> HouseError | None:
        """Take the item up; why it cannot be played."""
        self.loaded = False
        at = self._positions[self._index]
        try:
            await self._playback.load(self.item.source, max(0.0, at - OVERLAP))
        except HouseError as why:
            return why
        self.loaded = True
        return None

    async def apply(self) -> None:
        """Sound or silence, as it should be now."""
        if self.loaded:
            silent = self.paused or self.spoken
            await (self._playback.pause() if silent else self._playback.play())

    async def change_speed(self, steps: int) -> None:
        if not self.live:
            self._speed = min(max(0, self._speed + steps), len(SPEEDS) - 1)
            await self._playback.set_speed(self.speed)

    async def seek(self, to: float) -> None:
        """Seconds into the item; those before its beginning are its beginning."""
        if self.loaded and not self.live:
            self._finished.discard(self._index)
            await self._playback.seek(max(0.0, to))

    def finish(self) -> None:
        """It counts as heard, wherever it is."""
        self._finished.add(self._index)

    def has(self, steps: int) -> bool:
        """Whether there is an item so many further on."""
        return self._index + steps in self._positions

    def move(self, steps: int) -> None:
        """To another item, which is to be loaded then."""
        self._positions[self._index] = 0.0 if self.heard else self.position
        self._index += steps
        self.loaded = False


def _begin(item: PlaylistItem) -> float:
    """Where to go on; from the beginning when all of it was heard."""
    heard = item.seconds is not None and _is_ending(item.position, item.seconds)
    return 0.0 if heard else item.position


def _is_ending(position: float, seconds: float) -> bool:
    return seconds - position <= min(_ENDING, seconds / 10)
