"""A keeper in this process, with real folders and walls of paper, and two users' lines to it."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from bridge.connectors.desktop.keeper.packets import pair
from bridge.connectors.desktop.keeper.remote import KeptSessions
from bridge.connectors.desktop.keeper.serving import serve_line
from bridge.connectors.desktop.opener import BegunSession, SessionEnd, lost
from bridge.connectors.desktop.protocol.messages import Reply, Up
from bridge.connectors.desktop.protocol.requests import REQUEST, Leave, Run
from bridge.connectors.desktop.recipe.recipe_store import RecipeStore
from bridge.connectors.desktop.sandbox.folder import Folder, Folders
from bridge.connectors.desktop.sandbox.local import LocalSessions
from bridge.connectors.desktop.sandbox.opening import Sandbox
from bridge.connectors.desktop.sandbox.walls import Needs
from tests.bridge.connectors.desktop.uids import own_uids

ADA, BEN = "ada", "ben"


class PaperWalls(Sandbox):
    """An agent in this process stands behind each; `over` of the newest, by what it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.begun_with: list[Needs] = []
        self.open = 0
        self.over: asyncio.Future[SessionEnd]

    @asynccontextmanager
    async def begun(self, folder: Folder, needs: Needs) -> AsyncIterator[BegunSession]:
        with folder.occupied():
            control, theirs = socket.socketpair()
            sound, far = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            over = self.over = asyncio.get_running_loop().create_future()
            agent = asyncio.create_task(self._behind(theirs, over))
            self.begun_with.append(needs)
            self.open += 1
            try:
                with control, sound, far:
                    yield BegunSession(control, sound, over)
            finally:
                self.open -= 1
                agent.cancel()
                await asyncio.gather(agent, return_exceptions=True)

    async def _behind(self, end: socket.socket, over: "asyncio.Future[SessionEnd]") -> None:
        reader, writer = await asyncio.open_unix_connection(sock=end)
        try:
            writer.write(Up().model_dump_json().encode() + b"\n")
            while line := await reader.readline():
                request = REQUEST.validate_json(line)
                said = " ".join(request.argv) if isinstance(request, Run) else ""
                writer.write(Reply(id=request.id, text=said).model_dump_json().encode() + b"\n")
                if isinstance(request, Leave) and not over.done():
                    over.set_result(SessionEnd(lost()))
        except ConnectionError:
            pass  # the worker is dead
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()


class Keeper:
    """`recipes` is the host's folder."""

    def __init__(self, directory: Path, recipes: Path | None = None) -> None:
        self.walls = PaperWalls()
        self.directory, self._uids, self._recipes = directory, own_uids(), recipes
        self._serving: list[asyncio.Task[None]] = []
        self._lines: list[socket.socket] = []

    def folders(self, user: str = "") -> Folders:
        return Folders(self.directory, self._uids, user)

    def line(self, user: str) -> socket.socket:
        """The worker's end of a new one."""
        ours, theirs = pair()
        sessions = LocalSessions(self.folders(user), RecipeStore(self._recipes), self.walls)
        self._serving.append(asyncio.create_task(serve_line(ours, sessions)))
        self._lines.append(theirs)
        return theirs

    def worker(self, user: str) -> KeptSessions:
        return KeptSessions(self.line(user))

    @property
    def serves(self) -> int:
        """Lines."""
        return sum(not task.done() for task in self._serving)

    async def ends(self) -> None:
        """As if it were killed."""
        for task in self._serving:
            task.cancel()
        await asyncio.gather(*self._serving, return_exceptions=True)

    async def close(self) -> None:
        await self.ends()
        for line in self._lines:
            line.close()
