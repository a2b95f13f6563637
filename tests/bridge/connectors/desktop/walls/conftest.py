"""Two sessions side by side; from the first one it is tried to reach the second, and the house."""

import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from bridge.connectors.desktop.protocol.link import AgentLink
from bridge.connectors.desktop.protocol.requests import Run
from bridge.connectors.desktop.sandbox.folder import Folder, Folders
from bridge.connectors.desktop.sandbox.network import InternetAccess
from bridge.connectors.desktop.sandbox.opening import Sandbox
from bridge.connectors.desktop.sandbox.walls import Needs
from tests.bridge.connectors.desktop.namespaces import root_is_needed
from tests.bridge.connectors.desktop.uids import own_uids

SECRET = "the secret of a neighbour"


@dataclass
class Neighbours:
    directory: Path
    attacker: Folder
    victim: Folder
    inside: AgentLink
    next_door: AgentLink

    async def tries(self, shell: str) -> str:
        """What a program of the attacker's session sees, all it says on one string."""
        said = await self.inside.ask(Run(argv=("sh", "-c", f"({shell}) 2>&1 || true")))
        return said.text

    async def victim_sees(self, shell: str) -> str:
        said = await self.next_door.ask(Run(argv=("sh", "-c", f"({shell}) 2>&1 || true")))
        return said.text


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def neighbours(
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[Neighbours]:
    root_is_needed()
    directory = tmp_path_factory.mktemp("house")
    (directory / "skype2sip.db").write_text(SECRET)
    folders = Folders(directory, own_uids())
    attacker, victim = folders.claim(), folders.claim()
    (victim.home / "cookies").write_text(SECRET)
    os.chown(victim.home / "cookies", victim.number, victim.number)
    walls = Sandbox(way=InternetAccess())
    async with AsyncExitStack() as stack:
        inside = await stack.enter_async_context(walls.opened(attacker, Needs(screen=True)))
        next_door = await stack.enter_async_context(walls.opened(victim, Needs(screen=True)))
        yield Neighbours(directory, attacker, victim, inside, next_door)
    for folder in (attacker, victim):
        folders.remove(folder)
