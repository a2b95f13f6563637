"""The keeper of sessions: `python -m bridge.connectors.desktop.keeper DESCRIPTOR`.

It alone opens client programs' sessions, with whatever rights it was started with. DESCRIPTOR is
its line to the house, whose first packet is a KeeperOrder; it ends when that is closed and all
workers' lines are.
"""

import asyncio
import logging
import os
import signal
import socket
import sys

from bridge.connectors.desktop.keeper.messages import LONGEST, KeeperOrder, ServeUser
from bridge.connectors.desktop.keeper.packets import received, sockets
from bridge.connectors.desktop.keeper.serving import serve_line
from bridge.connectors.desktop.recipe.recipe_store import RecipeStore
from bridge.connectors.desktop.sandbox.folder import Folders
from bridge.connectors.desktop.sandbox.local import LocalSessions
from bridge.connectors.desktop.sandbox.network import InternetAccess
from bridge.connectors.desktop.sandbox.opening import Sandbox


def main(descriptor: int) -> None:
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s %(message)s")
    os.umask(0o077)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the house, which closes the line
    with socket.socket(fileno=descriptor) as house:
        house.setblocking(True)
        order = KeeperOrder.model_validate_json(house.recv(LONGEST))
        house.setblocking(False)
        asyncio.run(_keep(house, order))


async def _keep(house: socket.socket, order: KeeperOrder) -> None:
    """A house that is gone leaves workers that still end their calls: until they are gone, too."""
    walls = Sandbox(way=InternetAccess(order.private_hosts), authorities=order.authorities)
    shelf = RecipeStore(order.recipes)
    async with asyncio.TaskGroup() as tasks:
        while (asked := await received(house, 1))[0]:
            user = ServeUser.model_validate_json(asked[0])
            folders = Folders(order.data_dir, range(*order.uids), str(user.user))
            folders.adopt(user.profiles)
            for line in sockets(asked[1]):
                tasks.create_task(serve_line(line, LocalSessions(folders, shelf, walls)))


if __name__ == "__main__":
    main(int(sys.argv[1]))
