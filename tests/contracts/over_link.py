"""A port on the other side of a real link, as a worker has it."""

import asyncio
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from bridge.workers.ipc import wire
from bridge.workers.ipc.asking import Asking
from bridge.workers.ipc.remote import Answer, Ask
from bridge.workers.ipc.replying import Replying


@asynccontextmanager
async def linked(answers: Mapping[str, Answer], most: int = 32) -> AsyncIterator[Ask]:
    """How to ask for what `answers` are at the far end."""
    near, far = [await wire.WorkerLink.over(end) for end in socket.socketpair()]
    asking = Asking(1.0, "house_unreachable")
    asking.open(near)
    replying = Replying(far, answers, most)
    tasks = [asyncio.create_task(_hears(near, asking)), asyncio.create_task(_hears(far, replying))]
    try:
        yield asking.ask
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await near.close()
        await far.close()


async def _hears(link: wire.WorkerLink, side: Asking | Replying) -> None:
    async for message in link.messages():
        match side, message:
            case Asking(), wire.Done():
                side.settle(message)
            case Replying(), wire.Do():
                side.take(message)
