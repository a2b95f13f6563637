"""Asking somebody on the phone for a key. A key that is wanted cuts the speech short (barge-in)."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from bridge.calls.call.listener import Listener

log = logging.getLogger(__name__)

DIGITS = "0123456789"


async def silence() -> None:
    """The prompt of a pause."""


async def key_after(
    prompt: Callable[[], Awaitable[None]], listener: Listener, wanted: str, seconds: float
) -> str | None:
    """The first of the `wanted` keys that is pressed during `prompt` or up to `seconds` after it.

    Other keys are ignored. A prompt that cannot be spoken counts as a silent one.
    """
    pressed = asyncio.ensure_future(_next(listener.keys, wanted))
    spoken = asyncio.ensure_future(_spoken(prompt))
    try:
        await asyncio.wait({pressed, spoken}, return_when=asyncio.FIRST_COMPLETED)
        if not pressed.done():
            await asyncio.wait({pressed}, timeout=seconds)
        return pressed.result() if pressed.done() else None
    finally:
        pressed.cancel()
        spoken.cancel()
        await asyncio.gather(pressed, spoken, return_exceptions=True)


async def _next(keys: asyncio.Queue[str], wanted: str) -> str:
    while (key := await keys.get()) not in wanted:
        pass
    return key


async def _spoken(prompt: Callable[[], Awaitable[None]]) -> None:
    try:
        await prompt()
    except Exception:
        # a voice that fails must not cost the call: whoever picked up can still press
        log.exception("a prompt could not be spoken")
