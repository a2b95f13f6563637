"""The session agent: `python -m bridge.connectors.desktop.agent --control FD --sound FD --rate N`.

Runs inside the walls, as the session's user. HOME is the profile, XDG_RUNTIME_DIR holds the
session's sockets. It ends when the worker says so or is gone, and when a part of the session dies.
"""

import argparse
import asyncio
import logging
import socket
import sys
from functools import partial

from bridge.connectors.desktop.agent.control import Control
from bridge.connectors.desktop.agent.place import SessionPaths
from bridge.connectors.desktop.agent.serving import serve
from bridge.connectors.desktop.agent.session import Session
from bridge.connectors.desktop.protocol.messages import Up


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--control", type=int, required=True)
    parser.add_argument("--sound", type=int, required=True)
    parser.add_argument("--rate", type=int, required=True)
    parser.add_argument("--screen", action="store_true")
    parser.add_argument("--browser", action="store_true")
    options = parser.parse_args()
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(message)s")
    with (
        socket.socket(fileno=options.control) as control,
        socket.socket(fileno=options.sound) as sound,
    ):
        asyncio.run(_live(control, sound, options))
    return 0


async def _live(control: socket.socket, sound: socket.socket, options: argparse.Namespace) -> None:
    wanted = {"screen": options.screen, "browser": options.browser}
    async with (
        Control(control) as link,
        Session(SessionPaths.of_environment(), sound, options.rate, link.tell, **wanted) as session,
    ):
        link.tell(Up())
        ends = [
            asyncio.create_task(link.serve(partial(serve, session))),
            asyncio.create_task(session.lost()),
        ]
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        for end in ends:
            end.cancel()
        await asyncio.gather(*ends, return_exceptions=True)


if __name__ == "__main__":
    sys.exit(main())
