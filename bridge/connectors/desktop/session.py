"""A client program in its private session, as an account session."""

import asyncio
from functools import partial

from bridge.audio.pjmedia.mixer import ConferenceMixer
from bridge.audio.pjmedia.stream import StreamPort
from bridge.connectors.base import AccountSession, Credentials, Desk
from bridge.connectors.desktop.driving.leg import DesktopLeg
from bridge.connectors.desktop.driving.running import RunningProgram
from bridge.connectors.desktop.opener import SessionOpener
from bridge.connectors.desktop.recipe.recipe_store import RecipeStore
from bridge.connectors.desktop.recipe.values import FOLDER, RECIPE, spoken, values_of
from bridge.connectors.desktop.sandbox.profile_lock import ProfileLock
from bridge.errors import NetworkDown
from bridge.terms import Party


class DesktopSession(AccountSession):
    """One account; its program has one call at a time."""

    def __init__(
        self,
        credentials: Credentials,
        desk: Desk,
        *,
        shelf: RecipeStore,
        opener: SessionOpener,
        mixer: ConferenceMixer,
        turn: ProfileLock | None = None,
    ) -> None:
        super().__init__(credentials, desk)
        self._turn = turn or ProfileLock()
        self._shelf, self._opener, self._mixer = shelf, opener, mixer
        self._running: RunningProgram | None = None
        self._network = ""

    @property
    def network(self) -> str:
        return self._network

    async def run(self) -> None:
        options = self.credentials.options
        recipe = self._shelf.recipe(options[RECIPE])
        self._network = recipe.network
        values, number = values_of(self.credentials), int(options.get(FOLDER, "-1"))
        opened = self._opener.opened(
            number, options[RECIPE], spoken(self.credentials), self._mixer.rate
        )
        async with self._turn.to_serve(), opened as link:
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
