"""Sessions that this very process opens, with whatever rights it has."""

import asyncio
from collections.abc import AsyncIterator, Container, Mapping
from contextlib import asynccontextmanager

from bridge.connectors.desktop.opener import BegunSession, Profile, linked
from bridge.connectors.desktop.protocol.link import AgentLink
from bridge.connectors.desktop.recipe.recipe_store import RecipeStore
from bridge.connectors.desktop.sandbox.folder import Folder, Folders
from bridge.connectors.desktop.sandbox.opening import Sandbox
from bridge.connectors.desktop.sandbox.walls import Needs
from bridge.errors import HouseError, LoginRejected


class LocalSessions:
    """A SessionOpener in `folders`. What a session needs is what the recipe says, as it is read
    here.
    """

    def __init__(self, folders: Folders, shelf: RecipeStore, walls: Sandbox) -> None:
        self._folders, self._shelf, self._walls = folders, shelf, walls

    async def claim(self) -> Profile:
        folder = await asyncio.to_thread(self._folders.claim)
        return Profile(folder.number, self._folders.place(folder))

    async def has(self, number: int) -> bool:
        return self._folders.find(number) is not None

    async def remove(self, number: int) -> None:
        folder = self._folders.find(number)
        if folder is not None:
            await asyncio.to_thread(self._folders.remove, folder)

    async def keep_only(self, numbers: Container[int]) -> None:
        """As `remove`, of all others, once all that can be removed are."""
        faults: list[HouseError] = []
        for folder in self._folders.unowned(numbers):
            try:
                await asyncio.to_thread(self._folders.remove, folder)
            except HouseError as why:
                faults.append(why)
        if faults:
            raise faults[0]

    @asynccontextmanager
    async def opened(
        self, number: int, recipe: str, values: Mapping[str, str], rate: int
    ) -> AsyncIterator[AgentLink]:
        async with (
            self.begun(number, recipe, values, rate) as session,
            linked(session) as link,
        ):
            yield link

    @asynccontextmanager
    async def begun(
        self, number: int, recipe: str, values: Mapping[str, str], rate: int
    ) -> AsyncIterator[BegunSession]:
        """As `opened`, for somebody else to talk to."""
        async with self._walls.begun(self._folder(number), self._needs(recipe, values, rate)) as it:
            yield it

    def _folder(self, number: int) -> Folder:
        folder = self._folders.find(number)
        if folder is None:
            raise LoginRejected("sign_in_expired")
        return folder

    def _needs(self, name: str, values: Mapping[str, str], rate: int) -> Needs:
        recipe = self._shelf.recipe(name)
        return Needs(rate, recipe.needs_screen, recipe.browser, recipe.origins(values))
