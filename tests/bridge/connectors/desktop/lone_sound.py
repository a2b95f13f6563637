"""The sound of an agent in a process of its own, which lets it pass at once (unless it is told
"stopped") and ends when it is lost: `python -m tests.bridge.connectors.desktop.lone_sound FD RATE
SERVER [stopped]`.
"""

import asyncio
import socket
import sys

from bridge.connectors.desktop.agent.sound.sound import SessionSound


async def main(packets: int, rate: int, server: str, *stopped: str) -> None:
    with socket.socket(fileno=packets) as theirs:
        async with SessionSound(theirs, rate, server) as sound:
            sound.flow(not stopped)
            await sound.lost()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2]), *sys.argv[3:]))
