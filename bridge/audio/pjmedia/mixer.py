"""The mixer on pjmedia's conference bridge: samples stay in C from socket to socket.

A call's slot in the conference bridge changes whenever its media is negotiated anew (hold, a
re-INVITE), so what is joined is remembered here between `Slot`s, and put back whenever a slot's
medium changes. Everything with an underscore runs on the pjsua2 thread.
"""

import asyncio
import logging
import os
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import pjsua2 as pj

from bridge.audio.pjmedia.endpoint import clock_rate
from bridge.audio.pjmedia.engine import PjsuaEngine
from bridge.audio.pjmedia.pcm import PORTS
from bridge.audio.pjmedia.pjsua import guarded
from bridge.audio.pjmedia.recording import WavRecording
from bridge.audio.pjmedia.speech_tap import SpeechTap
from bridge.audio.playback.playback import DecodedPlayback
from bridge.audio.port import AudioPort, Clip, Heard, Mixer, Playback, Recording

log = logging.getLogger(__name__)

_PLAY_GRACE = 2.0


class Slot(AudioPort):
    """A place at the conference bridge; `medium` is the pj.AudioMedia there, None while there is
    none.

    With `wants_silence` the slot is fed silence whenever nothing else feeds it, so that RTP keeps
    flowing:
    without it NAT doors close and providers and phones take the call for dead.
    """

    def __init__(self, mixer: "ConferenceMixer", wants_silence: bool = False) -> None:
        self.mixer = mixer
        self.medium: Any = None
        self.wants_silence = wants_silence

    def changed(self, medium: Any) -> None:
        """On the pjsua2 thread: the leg's medium was negotiated (again), or is gone."""
        self.medium = medium
        if medium is not None:
            self.mixer._rewire(self)


class ConferenceMixer(Mixer):
    """Joins slots in pjmedia's conference bridge."""

    def __init__(
        self, engine: PjsuaEngine, directory: Path, private_hosts: tuple[str, ...] = ()
    ) -> None:
        self.engine = engine
        self.rate = clock_rate(engine.settings.wideband)
        self.directory = directory
        self._private_hosts = private_hosts
        self._links: set[tuple[Slot, Slot]] = set()

    def patch(self, a: AudioPort, b: AudioPort) -> AbstractAsyncContextManager[None]:
        return self._patched(_slot(a), _slot(b))

    @asynccontextmanager
    async def _patched(self, a: Slot, b: Slot) -> AsyncIterator[None]:
        try:  # even if we are cancelled while it is being done
            await self.engine.do(lambda: self._join((a, b), (b, a)))
            yield
        finally:
            self.engine.post(lambda: self._part((a, b), (b, a)))

    async def play(self, port: AudioPort, clip: Clip) -> None:
        slot, source = _slot(port), Slot(self)
        over = asyncio.Event()
        try:
            await self.engine.do(lambda: self._start_player(clip.path, over, source, slot))
            # the end is told by the player; the grace only serves a call whose clock stopped
            # meanwhile
            with suppress(TimeoutError):
                async with asyncio.timeout(clip.seconds + _PLAY_GRACE):
                    await over.wait()
        finally:
            self.engine.post(lambda: self._drop((source, slot)))

    def _start_player(self, path: Path, over: asyncio.Event, source: Slot, slot: Slot) -> None:
        player = _Player()
        player.over, player.engine = over, self.engine
        player.createPlayer(str(path), pj.PJMEDIA_FILE_NO_LOOP)
        source.medium = player
        self.engine.lent.add(source)
        self._join((source, slot))

    def record(self, port: AudioPort) -> AbstractAsyncContextManager[Recording]:
        return self._recorded(_slot(port))

    @asynccontextmanager
    async def _recorded(self, slot: Slot) -> AsyncIterator[Recording]:
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(".wav", "recording-", self.directory)
        os.close(handle)
        recording = WavRecording(Path(name), slot, Slot(self))
        levels = asyncio.create_task(recording.watch_level())
        try:
            await self.engine.do(recording.open)
            yield recording
        finally:
            levels.cancel()
            # must be finished before the file is read, even if the one who records is cancelled
            await asyncio.shield(recording.finish())

    def playback(self, port: AudioPort) -> AbstractAsyncContextManager[Playback]:
        return self._played_back(_slot(port))

    @asynccontextmanager
    async def _played_back(self, slot: Slot) -> AsyncIterator[Playback]:
        source = Slot(self)
        async with DecodedPlayback(self.rate, self.engine.tell, self._private_hosts) as playback:
            try:
                await self.engine.do(lambda: self._start_playback(playback.take, source, slot))
                yield playback
            finally:
                self.engine.post(lambda: self._end_playback(source, slot))

    def overhear(self, port: AudioPort) -> AbstractAsyncContextManager[AsyncIterator[Heard]]:
        return self._overheard(_slot(port))

    @asynccontextmanager
    async def _overheard(self, slot: Slot) -> AsyncIterator[AsyncIterator[Heard]]:
        overhearing = SpeechTap(slot, self.rate)
        if overhearing.deaf:
            yield overhearing.heard()
            return
        async with self.listening(slot, overhearing.take):
            yield overhearing.heard()

    @asynccontextmanager
    async def listening(self, slot: Slot, sink: Callable[[bytes], None]) -> AsyncIterator[None]:
        """`sink` gets every frame that comes out of `slot`, on the thread of the clock."""
        ear = Slot(self)
        try:
            await self.engine.do(lambda: self._start_listening(slot, ear, sink))
            yield
        finally:
            self.engine.post(lambda: self._give_back((slot, ear), ear))

    # --- on the pjsua2 thread ---------------------------------------------------------------------

    def _start_listening(self, slot: Slot, ear: Slot, sink: Callable[[bytes], None]) -> None:
        ear.medium = PORTS.borrow(None, self.rate, sink)
        self.engine.lent.add(ear)
        self._join((slot, ear))

    def _start_playback(self, take: Callable[[], bytes], source: Slot, slot: Slot) -> None:
        self.engine.sound_on()
        source.medium = PORTS.borrow(take, self.rate)
        self.engine.lent.add(source)
        self._join((source, slot))

    def _end_playback(self, source: Slot, slot: Slot) -> None:
        self._give_back((source, slot), source)
        self.engine.sound_off()

    def _give_back(self, link: tuple[Slot, Slot], ours: Slot) -> None:
        port = ours.medium
        self._drop(link)
        if port is not None:
            PORTS.give_back(port)

    def _join(self, *links: tuple[Slot, Slot]) -> None:
        self._links.update(links)
        for source, sink in links:
            _transmit(source, sink)
            self._feed_silence(sink)

    def _part(self, *links: tuple[Slot, Slot]) -> None:
        for source, sink in links:
            self._links.discard((source, sink))
            if source.medium is not None and sink.medium is not None:
                with suppress(pj.Error):  # one of the two ended meanwhile
                    source.medium.stopTransmit(sink.medium)
            self._feed_silence(sink)

    def _drop(self, link: tuple[Slot, Slot]) -> None:
        """Part a player or recorder of ours, and let go of it here: its destructor calls into
        pjsua2.
        """
        self._part(link)
        for slot in link:
            if not slot.wants_silence:
                slot.medium = None
                self.engine.lent.discard(slot)

    def _remove(self, slot: Slot) -> None:
        """Part it from all others: its medium is going to be lent to somebody else."""
        self._part(*[link for link in self._links if slot in link])
        with suppress(pj.Error):
            self.engine.silence.stopTransmit(slot.medium)
        slot.medium = None
        self.engine.lent.discard(slot)

    def _rewire(self, slot: Slot) -> None:
        for link in self._links:
            if slot in link:
                _transmit(*link)
        self._feed_silence(slot)

    def _feed_silence(self, sink: Slot) -> None:
        if not sink.wants_silence or sink.medium is None:
            return
        fed = any(to is sink and source.medium is not None for source, to in self._links)
        with suppress(pj.Error):
            if fed:
                self.engine.silence.stopTransmit(sink.medium)
            else:
                self.engine.silence.startTransmit(sink.medium)


class _Player(pj.AudioMediaPlayer):  # type: ignore[misc]  # the wheel has no types
    """One clip, once."""

    over: asyncio.Event
    engine: PjsuaEngine

    @guarded
    def onEof2(self) -> None:
        self.engine.tell(self.over.set)


def _transmit(source: Slot, sink: Slot) -> None:
    if source.medium is not None and sink.medium is not None:
        try:
            source.medium.startTransmit(sink.medium)
        except pj.Error as why:  # the far end went while we were joining
            log.debug("not joined: %s", why.reason)


def _slot(port: AudioPort) -> Slot:
    if not isinstance(port, Slot):
        raise TypeError(f"the conference mixer cannot join a {type(port).__name__}")
    return port
