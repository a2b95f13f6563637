"""`python -m bridge run`: the house, and beside it the chat and the clock, each a program."""

import asyncio
import logging
import signal

from bridge import notify
from bridge.programs import HousePrograms
from bridge.service import Service, open_service
from bridge.settings import Settings
from bridge.workers.media.sip_address import sip_address

log = logging.getLogger(__name__)


async def run(settings: Settings, beside: HousePrograms | None = None) -> int:
    """Until Ctrl-C, or until the chat in the terminal ends; SIGTERM drains. The exit code.

    `beside`: the chat and the clock, where nobody else starts them.
    """
    sip_address(settings)  # a fault that every worker would have is told here, once
    signals: asyncio.Queue[signal.Signals] = asyncio.Queue()
    for one in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(one, signals.put_nowait, one)
    async with open_service(settings) as service:
        told = asyncio.create_task(_told_to_go(service, float(settings.drain_seconds), signals))
        last, tasks = {told}, [told, asyncio.create_task(notify.keep_alive())]
        if beside is not None:
            chat = asyncio.create_task(
                beside.chat.kept_running() if beside.on_telegram else beside.chat.once()
            )
            last.add(chat)
            tasks += [chat, asyncio.create_task(beside.clock.kept_running())]
        notify.notify(notify.READY)
        log.info("the house is open")
        try:
            done, _ = await asyncio.wait(last, return_when=asyncio.FIRST_COMPLETED)
            return max(task.result() for task in done)
        finally:
            notify.notify(notify.STOPPING)
            log.info("the house closes")
            # before the chat goes: it hears how the running calls ended
            await service.stop()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


async def _told_to_go(
    service: Service, patience: float, signals: asyncio.Queue[signal.Signals]
) -> int:
    """SIGTERM lets running calls go on for `patience` seconds; SIGINT, or a second signal, does
    not.
    """
    if await signals.get() is signal.SIGTERM:
        notify.notify(notify.STOPPING)
        log.info("no new calls; those that run may go on for %.0f s", patience)
        drained = asyncio.create_task(service.pool.close(patience))
        again = asyncio.create_task(signals.get())
        await asyncio.wait({drained, again}, return_when=asyncio.FIRST_COMPLETED)
        again.cancel()
        await service.pool.close()
        await drained
    return 0
