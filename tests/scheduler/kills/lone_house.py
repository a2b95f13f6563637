"""A house without an engine, to be killed: `python -m tests.scheduler.kills.lone_house`."""

import asyncio
import sys

from bridge.service import open_service
from bridge.settings import load
from tests.bridge.workers.studios import counting


async def main() -> None:
    async with open_service(load(), counting):
        print("open", flush=True)
        await asyncio.to_thread(sys.stdin.read)  # until whoever started it is gone


if __name__ == "__main__":
    asyncio.run(main())
