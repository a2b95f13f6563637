"""A client program in its private session, as an account session."""

import asyncio
from contextlib import AbstractAsyncContextManager
from functools import partial
from typing import Protocol

from bridge.audio.pjmedia.mixer import ConferenceMixer
from bridge.audio.pjmedia.stream import StreamPort
from bridge.connectors.base import AccountSession, Credentials, Desk
from bridge.connectors.desktop.driving.leg import DesktopLeg
from bridge.connectors.desktop.driving.running import RunningProgram
from bridge.connectors.desktop.protocol.link import AgentLink
from bridge.connectors.desktop.recipe.recipe_store import RecipeStore
from bridge.connectors.desktop.recipe.values import FOLDER, RECIPE, values_of
from bridge.connectors.desktop.sandbox.folder import Folder, Folders
from bridge.connectors.desktop.sandbox.profile_lock import ProfileLock
from bridge.connectors.desktop.sandbox.walls import Needs
from bridge.errors import LoginRejected, NetworkDown
from bridge.terms import Party


class SandboxOpener(Protocol):
    """What opens a sandbox: the real one, or one of a test."""

    def opened(self, folder: Folder, needs: Needs) -> AbstractAsyncContextManager[AgentLink]: ...


class DesktopSession(AccountSession):
    """One account; its program has one call at a time."""

    def __init__(
        self,
        credentials: Credentials,
        desk: Desk,
        *,
        folders: Folders,
        shelf: RecipeStore,
        walls: SandboxOpener,
        mixer: ConferenceMixer,
        turn: ProfileLock | None = None,
    ) -> None:
        super().__init__(credentials, desk)
        self._turn = turn or ProfileLock()
        self._folders, self._shelf = folders, shelf
        self._walls, self._mixer = walls, mixer
        self._running: RunningProgram | None = None
        self._network = ""

    @property
    def network(self) -> str:
        return self._network

    async def run(self) -> None:
        recipe = self._shelf.recipe(self.credentials.options[RECIPE])
        self._network = recipe.network
        folder = self._folders.find(int(self.credentials.options.get(FOLDER, "-1")))
        if folder is None:
            raise LoginRejected("sign_in_expired")
        values = values_of(self.credentials)
        needs = Needs(
            rate=self._mixer.rate,
            screen=recipe.needs_screen,
            browser=recipe.browser,
            origins=recipe.origins(values),
        )
        async with self._turn.to_serve(), self._walls.opened(folder, needs) as link:
            open_port = partial(StreamPort.opened, self._mixer, link.sound)
            running = self._running = RunningProgram(recipe, link, values, self.desk, open_port)
            try:
                async with asyncio.TaskGroup() as tasks:
                    tasks.create_task(self._turn.over())
                    await running.serve(tasks)
            except BaseExceptionGroup as group:
                raise group.exceptions[0] from None
            finally:
                self._running = None
                await running.close()

    async def dial(self, target: str, showing: Party | None = None) -> DesktopLeg:
        """The program shows itself as its own user: `showing` cannot be."""
        if self._running is None:
            raise NetworkDown("desktop_lost")
        return self._running.dial(target)
