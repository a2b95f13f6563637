"""`python -m scheduler`: the clock of the house."""

import asyncio
import signal
import sys

from bridge.api.client import Client
from bridge.errors import SetupFault
from bridge.kernel import keep_memory_private
from bridge.logs import set_up, set_up_child
from bridge.settings import Settings, load
from bridge.store import Store
from scheduler.clock import HouseClock


def main() -> int:
    keep_memory_private()
    try:
        settings = load()
        set_up_child(settings.log_level) if "--child" in sys.argv else set_up(settings.log_level)
        asyncio.run(serve(settings))
    except SetupFault as why:
        print(f"skype2sip: {why.sentence}", file=sys.stderr)
        return 2
    return 0


async def serve(settings: Settings) -> None:
    """Until SIGTERM or Ctrl-C."""
    stopped = asyncio.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(each, stopped.set)
    with Store.open(settings.database) as store:
        async with Client(settings) as desk, HouseClock(store, desk, settings):
            await stopped.wait()


if __name__ == "__main__":
    sys.exit(main())
