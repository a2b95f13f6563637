"""Accounts of the small telephone program (tests/peers/desktop_client.py), in real sessions."""

import json
import os
import sys
from pathlib import Path

from bridge.audio.pjmedia.mixer import ConferenceMixer
from bridge.connectors.base import Credentials, Desk
from bridge.connectors.desktop.recipe.recipe_store import RecipeStore
from bridge.connectors.desktop.recipe.values import FOLDER, RECIPE, kept
from bridge.connectors.desktop.sandbox.folder import Folder, Folders
from bridge.connectors.desktop.sandbox.local import LocalSessions
from bridge.connectors.desktop.sandbox.network import HOUSE, InternetAccess
from bridge.connectors.desktop.sandbox.opening import Sandbox
from bridge.connectors.desktop.session import DesktopSession
from tests.bridge.connectors.desktop.namespaces import namespaces_are_needed
from tests.bridge.connectors.desktop.uids import own_uids
from tests.peers import desktop_client
from tests.peers.exchange import Exchange

_CLIENT = Path(desktop_client.__file__)


class Telephones:
    """All at one exchange."""

    def __init__(self, directory: Path, mixer: ConferenceMixer, exchange: Exchange) -> None:
        namespaces_are_needed()
        self.mixer, self.exchange = mixer, exchange
        self._folders, self._shelf = Folders(directory, own_uids()), RecipeStore(_CLIENT.parent)
        self._walls = Sandbox(way=InternetAccess(("127.0.0.1",)), shown=(_CLIENT,))

    def account(self, who: str, password: str) -> Credentials:
        """Of whom the program already knows, as it keeps it in its profile."""
        folder = self._folders.claim()
        _keep(folder, {"name": who, "password": password})
        exchange = f"{HOUSE}:{self.exchange.port}"
        asked = {"python": sys.executable, "client": str(_CLIENT), "exchange": exchange}
        options = {kept(name): answer for name, answer in asked.items()}
        options |= {RECIPE: _CLIENT.stem, FOLDER: str(folder.number)}
        return Credentials(who, options=options)

    def session(self, credentials: Credentials, desk: Desk) -> DesktopSession:
        return DesktopSession(
            credentials,
            desk,
            shelf=self._shelf,
            opener=LocalSessions(self._folders, self._shelf, self._walls),
            mixer=self.mixer,
        )


def _keep(folder: Folder, profile: dict[str, str]) -> None:
    path = folder.home / desktop_client.PROFILE
    path.write_text(json.dumps(profile))
    os.chown(path, *folder.home.stat()[4:6])
