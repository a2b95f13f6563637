"""A reading in real time."""

import asyncio
from collections.abc import AsyncIterator

from bridge.connectors.desktop.protocol.messages import Told
from bridge.connectors.desktop.reading.happening import Happening
from bridge.connectors.desktop.reading.reading import Reading


async def happenings(told: AsyncIterator[Told], reading: Reading) -> AsyncIterator[Happening]:
    """What happens, as it does; ends, and raises, as `told` does. The reading's clock must be the
    event loop's.
    """
    clock = asyncio.get_running_loop().time
    coming: asyncio.Task[Told] | None = None
    try:
        while True:
            coming = coming or asyncio.create_task(_next(told))
            due = reading.due
            timeout = None if due is None else max(0.0, due - clock())
            await asyncio.wait({coming}, timeout=timeout)
            if not coming.done():
                happened = reading.look()
            else:
                arrived, coming = coming, None
                try:
                    happened = reading.take(arrived.result())
                except StopAsyncIteration:
                    return
            for happening in happened:
                yield happening
    finally:
        if coming is not None:
            coming.cancel()
            await asyncio.wait({coming})


async def _next(told: AsyncIterator[Told]) -> Told:
    return await anext(told)
