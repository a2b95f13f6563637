"""Keys of callers who can only send them as tones in the sound."""

import asyncio
from collections.abc import Callable
from importlib import import_module

from bridge.audio.pjmedia.patch_bay import Slot


async def hear_keys(slot: Slot, pressed: Callable[[str], None]) -> None:
    """Until it is cancelled: `pressed` gets each key that is heard at `slot`."""
    # only now, and on another thread: few calls need numpy, and it takes a while
    inband = await asyncio.to_thread(import_module, "bridge.audio.pjmedia.inband")
    detector = inband.KeyDetector(slot.bay.rate)

    def hear(frame: bytes) -> None:
        for key in detector.hear(frame):
            pressed(key)

    async with slot.bay.listening(slot, lambda frame: slot.bay.engine.tell(hear, frame)):
        await asyncio.Event().wait()
