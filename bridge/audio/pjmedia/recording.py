"""A recording on pjmedia's recorder. What runs on the pjsua2 thread says so."""

import asyncio
import logging
from contextlib import suppress
from pathlib import Path

import pjsua2 as pj

from bridge.audio.pjmedia.patch_bay import Slot
from bridge.audio.port import Recording

log = logging.getLogger(__name__)

# getTxLevel() is what the slot transmits into the bridge, as the mu-law code of a frame's mean
# amplitude: 6 is about -56 dBFS, speech reaches 10 to 60
_NOISE_FLOOR = 6
_LEVEL_EVERY = 0.2
# a recorder is taken off the bridge, and its file finished, by the clock's own thread
_CLOCK_LINGERS = 0.1
_FINISHED_WITHIN = 1.0


class WavRecording(Recording):
    """What comes out of `slot`."""

    def __init__(self, path: Path, slot: Slot) -> None:
        self._path = path
        self._slot = slot
        self._sink = Slot(slot.bay)
        self._engine = slot.bay.engine
        self._began = self._heard = asyncio.get_running_loop().time()

    @property
    def seconds(self) -> float:
        return asyncio.get_running_loop().time() - self._began

    @property
    def quiet_seconds(self) -> float:
        return asyncio.get_running_loop().time() - self._heard

    @property
    def path(self) -> Path:
        return self._path

    async def watch_level(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(_LEVEL_EVERY)
            with suppress(pj.Error):  # its medium is being negotiated anew
                if await self._engine.do(self._level) > _NOISE_FLOOR:
                    self._heard = loop.time()

    def _level(self) -> int:
        return int(self._slot.medium.getTxLevel()) if self._slot.medium is not None else 0

    async def finish(self) -> None:
        """Returns when the file is complete. The clock has to run until then, call or no call."""
        with suppress(pj.Error):  # the engine has stopped, and finished the file
            await self._engine.do(self.close)
        try:
            async with asyncio.timeout(_FINISHED_WITHIN):
                # a file tells nobody that it is complete
                while not await asyncio.to_thread(_is_complete, self._path):  # noqa: ASYNC110
                    await asyncio.sleep(_CLOCK_LINGERS / 4)
        except TimeoutError:
            log.error("a recording was not finished in time")
        finally:
            self._engine.post(self._engine.sound_off)

    def open(self) -> None:
        self._engine.sound_on()
        recorder = pj.AudioMediaRecorder()
        recorder.createRecorder(str(self._path))
        self._slot.bay.occupy(self._sink, recorder)
        self._slot.bay.join((self._slot, self._sink))

    def close(self) -> None:
        self._slot.bay.remove(self._sink)  # the destructor writes the header's length


def _is_complete(path: Path) -> bool:
    """Whether the header of a WAV knows its length (RIFF: bytes 4 to 7 count the rest)."""
    with path.open("rb") as file:
        header = file.read(8)
    return len(header) == 8 and int.from_bytes(header[4:], "little") == path.stat().st_size - 8
