"""The mixer on pjmedia's conference bridge."""

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from pathlib import Path

import pjsua2 as pj

from bridge.audio.pjmedia.engine import PjsuaEngine
from bridge.audio.pjmedia.patch_bay import PatchBay, Slot
from bridge.audio.pjmedia.pjsua import guarded
from bridge.audio.pjmedia.recording import WavRecording
from bridge.audio.pjmedia.speech_tap import SpeechTap
from bridge.audio.playback.playback import DecodedPlayback
from bridge.audio.port import AudioPort, Clip, Heard, Mixer, Playback, Recording

_PLAY_GRACE = 2.0


class ConferenceMixer(Mixer):
    """Joins slots; `directory` is for recordings."""

    def __init__(
        self, engine: PjsuaEngine, directory: Path, private_hosts: tuple[str, ...] = ()
    ) -> None:
        self.engine = engine
        self.bay = PatchBay(engine)
        self.rate = self.bay.rate
        self.directory = directory
        self._private_hosts = private_hosts

    def patch(self, a: AudioPort, b: AudioPort) -> AbstractAsyncContextManager[None]:
        return self._patched(_slot(a), _slot(b))

    @asynccontextmanager
    async def _patched(self, a: Slot, b: Slot) -> AsyncIterator[None]:
        try:  # even if we are cancelled while it is being done
            await self.engine.do(lambda: self.bay.join((a, b), (b, a)))
            yield
        finally:
            self.engine.post(lambda: self.bay.part((a, b), (b, a)))

    async def play(self, port: AudioPort, clip: Clip) -> None:
        slot, source = _slot(port), Slot(self.bay)
        over = asyncio.Event()
        try:
            await self.engine.do(lambda: self._start_player(clip.path, over, source, slot))
            # the end is told by the player; the grace only serves a call whose clock stopped
            # meanwhile
            with suppress(TimeoutError):
                async with asyncio.timeout(clip.seconds + _PLAY_GRACE):
                    await over.wait()
        finally:
            self.engine.post(lambda: self.bay.remove(source))

    def record(self, port: AudioPort) -> AbstractAsyncContextManager[Recording]:
        return self._recorded(_slot(port))

    @asynccontextmanager
    async def _recorded(self, slot: Slot) -> AsyncIterator[Recording]:
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(".wav", "recording-", self.directory)
        os.close(handle)
        recording = WavRecording(Path(name), slot)
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
        source = Slot(self.bay)
        async with DecodedPlayback(self.rate, self.engine.tell, self._private_hosts) as playback:
            try:
                await self.engine.do(lambda: self._start_playback(playback.take, source, slot))
                yield playback
            finally:
                self.engine.post(lambda: self._end_playback(source))

    def tap_speech(self, port: AudioPort) -> AbstractAsyncContextManager[AsyncIterator[Heard]]:
        return self._tapped(_slot(port))

    @asynccontextmanager
    async def _tapped(self, slot: Slot) -> AsyncIterator[AsyncIterator[Heard]]:
        tap = SpeechTap(slot)
        if tap.deaf:
            yield tap.heard()
            return
        async with self.bay.listening(slot, tap.take):
            yield tap.heard()

    # --- on the pjsua2 thread ---------------------------------------------------------------------

    def _start_player(self, path: Path, over: asyncio.Event, source: Slot, slot: Slot) -> None:
        player = _Player()
        player.over, player.engine = over, self.engine
        player.createPlayer(str(path), pj.PJMEDIA_FILE_NO_LOOP)
        self.bay.occupy(source, player)
        self.bay.join((source, slot))

    def _start_playback(self, take: Callable[[], bytes], source: Slot, slot: Slot) -> None:
        self.engine.sound_on()
        self.bay.lend(source, take)
        self.bay.join((source, slot))

    def _end_playback(self, source: Slot) -> None:
        self.bay.remove(source)
        self.engine.sound_off()


class _Player(pj.AudioMediaPlayer):  # type: ignore[misc]  # the wheel has no types
    """One clip, once."""

    over: asyncio.Event
    engine: PjsuaEngine

    @guarded
    def onEof2(self) -> None:
        self.engine.tell(self.over.set)


def _slot(port: AudioPort) -> Slot:
    if not isinstance(port, Slot):
        raise TypeError(f"the conference mixer cannot join a {type(port).__name__}")
    return port
