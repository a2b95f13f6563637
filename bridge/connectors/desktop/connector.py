"""Any client program, or web app, in a private session of its own."""

from collections import defaultdict
from collections.abc import Mapping

from bridge.audio.pjmedia.mixer import ConferenceMixer
from bridge.connectors.base import AccountSession, Ask, Connector, Credentials, Desk
from bridge.connectors.desktop.opener import SessionOpener
from bridge.connectors.desktop.recipe.recipe_store import RecipeStore
from bridge.connectors.desktop.recipe.values import FOLDER
from bridge.connectors.desktop.sandbox.profile_lock import ProfileLock
from bridge.connectors.desktop.session import DesktopSession
from bridge.connectors.desktop.sign_in import DesktopSignIn
from bridge.settings import Settings


class Desktop(Connector):
    network, title = "desktop", "Program or web app"

    def __init__(self, settings: Settings, mixer: ConferenceMixer, opener: SessionOpener) -> None:
        self._shelf, self._mixer = RecipeStore(settings.recipes), mixer
        self._opener = opener
        self._turns = defaultdict[str, ProfileLock](ProfileLock)
        """By the numbers of folders."""

    async def sign_in(self, ask: Ask) -> Credentials:
        return await self._dialogue(ask).first()

    async def sign_in_again(self, ask: Ask, before: Credentials) -> Credentials:
        """In the same profile; the account's session makes way."""
        async with self._turns[before.options[FOLDER]].to_sign_in():
            return await self._dialogue(ask).again(before)

    def _dialogue(self, ask: Ask) -> DesktopSignIn:
        return DesktopSignIn(ask, self._mixer.rate, self._shelf, self._opener)

    async def forget(self, options: Mapping[str, str]) -> None:
        """Its profile holds cookies, and maybe messages."""
        await self._opener.remove(int(options.get(FOLDER, "-1")))

    def session(self, credentials: Credentials, desk: Desk) -> AccountSession:
        return DesktopSession(
            credentials,
            desk,
            shelf=self._shelf,
            opener=self._opener,
            mixer=self._mixer,
            turn=self._turns[credentials.options[FOLDER]],
        )
