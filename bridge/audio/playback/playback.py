"""Playback on a decoder: what is asked of it becomes messages, what comes back becomes a queue of
sound that a clock takes from.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from types import TracebackType
from typing import Self

from bridge.audio.decoder import wire
from bridge.audio.decoder.succession import Succession
from bridge.audio.playback.sound_queue import FILE, FRAME, STATION, SoundQueue
from bridge.audio.port import (
    Finished,
    Interrupted,
    Playback,
    PlaybackFact,
    Returned,
    Source,
    Titled,
)
from bridge.errors import BadInput, HouseError, NetworkDown

log = logging.getLogger(__name__)

SLOWEST, FASTEST = 0.75, 2.0
_NOTHING = Source("")


class DecodedPlayback(Playback):
    """`async with` it. A clock calls `take` every FRAME; `tell` brings a call from the clock's
    thread to the event loop's. `rate` is in samples a second; `private_hosts` are those of stations
    that may have a private address.
    """

    def __init__(
        self, rate: int, tell: Callable[..., None], private_hosts: tuple[str, ...] = ()
    ) -> None:
        self.file_within, self.station_within = 10.0, 15.0
        """Seconds until something that is loaded could play."""
        self.underruns = 0
        self.decoders = Succession(rate, self._hear, private_hosts)
        self._tell = tell
        self._silence = bytes(round(rate * FRAME) * 2)
        self._source = _NOTHING
        self._seconds: float | None = None
        self._speed = 1.0
        self._paused = True
        self._began = 0.0
        self._tag = 0
        self._queue = self._opened(0.0)
        self._loading: asyncio.Future[None] | None = None
        self._loaded = self._ended = False
        self._facts: asyncio.Queue[PlaybackFact | None] = asyncio.Queue()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        why: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._source = _NOTHING
        self._facts.put_nowait(None)
        await self.decoders.end()

    @property
    def position(self) -> float:
        if self._source is _NOTHING:
            return 0.0
        if self._source.live:
            return asyncio.get_running_loop().time() - self._began
        return min(self._queue.position, self._seconds or self._queue.position)

    @property
    def seconds(self) -> float | None:
        return self._seconds

    async def load(self, source: Source, at: float = 0.0) -> None:
        loop = asyncio.get_running_loop()
        self._paused, self._source, self._seconds = True, source, None
        self._queue = self._opened(max(0.0, at))
        await self.decoders.fit()
        self._loading, self._loaded, self._ended = loop.create_future(), False, False
        self._began = loop.time()
        self._ask(self._order())
        try:
            async with asyncio.timeout(self.station_within if source.live else self.file_within):
                await self._loading
        except TimeoutError:
            await self.decoders.replace()
            raise self._fault() from None
        finally:
            self._loading = None

    async def play(self) -> None:
        self._paused = False

    async def pause(self) -> None:
        self._paused = True

    async def seek(self, to: float) -> None:
        if self._source is not _NOTHING and not self._source.live:
            self._go(max(0.0, min(to, to if self._seconds is None else self._seconds)))

    async def set_speed(self, factor: float) -> None:
        if self._source.live:
            return
        before, self._speed = self._speed, max(SLOWEST, min(factor, FASTEST))
        if self._source is not _NOTHING and self._speed != before:
            self._go(self.position)

    async def facts(self) -> AsyncIterator[PlaybackFact]:
        while (fact := await self._facts.get()) is not None:
            yield fact

    def take(self) -> bytes:
        """The frame that is heard next. On the clock's thread."""
        queue, source = self._queue, self._source
        # a station goes on behind the silence
        if source is _NOTHING or (self._paused and not source.live):
            return self._silence
        frame = queue.take()
        if queue.ran_dry:
            queue.ran_dry = False
            self.underruns += 1
        return self._silence if frame is None or self._paused else frame

    # --- to the decoder --------------------------------------------------------------------------

    def _opened(self, at: float) -> SoundQueue:
        """Another queue; what still comes for the old one is dropped."""
        self._tag += 1
        live = self._source.live
        return SoundQueue(
            STATION if live else FILE,
            len(self._silence),
            at,
            1.0 if live else self._speed,
            hungry=lambda: self._tell(self.decoders.resume_reading),
            passed=lambda fact: self._tell(self._facts.put_nowait, fact),
        )

    def _go(self, at: float) -> None:
        self._queue = self._opened(at)
        self._ask(wire.Go(self._tag, at, self._speed))

    def _order(self, patient: bool = False) -> wire.Load:
        where, live, at = self._source.where, self._source.live, self._queue.position
        return wire.Load(self._tag, where, live, at, self._speed, patient)

    def _ask(self, message: wire.Message) -> None:
        if not self.decoders.tell(message):
            self._bury()

    # --- from the decoder ------------------------------------------------------------------------

    def _hear(self, message: wire.Message | None) -> None:
        if self._source is _NOTHING:
            return
        if message is None:
            self._bury()
        elif message.tag == self._tag:
            self._follow(message)
        if self._loaded and self._queue.ready:
            self._settle(None)

    def _follow(self, message: wire.Message) -> None:
        queue = self._queue
        match message:
            case wire.Sound(position=position, pcm=pcm):
                queue.put(position, pcm)
                if queue.full:
                    self.decoders.pause_reading()
            case wire.Loaded(seconds=seconds):
                self._seconds, self._loaded = seconds, True
            case wire.Title(title=title):
                queue.note(Titled(title))
            case wire.Lost(why=why):
                queue.note(Interrupted(why))
            case wire.StationBack():
                queue.note(Returned())
            case wire.End(why=why):
                self._ended = True
                if why and self._loading is not None:
                    self._settle(self._fault(why))
                else:
                    queue.note(Finished(why))

    def _bury(self) -> None:
        """The decoder is gone, and nobody told it to go."""
        if self._source.live and self._ended:  # it had nothing more to do
            return
        log.warning("a decoder ended by itself")  # of what is not said: addresses may hold keys
        if self._loading is not None:
            self._settle(self._fault())
        elif self._source.live:
            self._queue.note(Interrupted("stream_down"))
            self.decoders.revive(self._order(patient=True))
        else:
            self._queue.note(Finished("bad_audio"))

    def _settle(self, why: HouseError | None) -> None:
        if self._loading is None or self._loading.done():
            return
        if why is None:
            self._loading.set_result(None)
        else:
            self._loading.set_exception(why)

    def _fault(self, why: str = "") -> HouseError:
        code = why or ("stream_down" if self._source.live else "bad_audio")
        return NetworkDown(code) if code == "stream_down" else BadInput(code)
