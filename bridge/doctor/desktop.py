"""Client programs in private sessions: can one be opened here, with its way into the internet?"""

import asyncio
import shutil
import tempfile
import time
from pathlib import Path

from bridge.connectors.desktop.sandbox.folder import Folders
from bridge.connectors.desktop.sandbox.network import InternetAccess
from bridge.connectors.desktop.sandbox.opening import Sandbox
from bridge.connectors.desktop.sandbox.walls import Needs
from bridge.doctor.finding import Finding, fine, note
from bridge.errors import HouseError
from bridge.settings import Settings

_WHAT = "desktop sessions"
_PROGRAMS = ("bwrap", "slirp4netns", "dbus-daemon", "pulseaudio", "Xvfb", "chromium")


async def sessions(settings: Settings) -> Finding:
    """One is opened for a moment, with a screen, and an empty home."""
    missing = [name for name in _PROGRAMS if shutil.which(name) is None]
    if missing:
        told = f"not installed: {', '.join(missing)}; SIP, podcasts and radio need none of them"
        return note(_WHAT, told, "Run make desktop to reach networks by their own programs.")
    with tempfile.TemporaryDirectory(dir=_place(settings)) as directory:
        folders = Folders(Path(directory))
        folder = await asyncio.to_thread(folders.claim)
        walls = Sandbox(
            way=InternetAccess(settings.private_hosts), authorities=settings.authorities
        )
        begun = time.monotonic()
        try:
            async with walls.opened(folder, Needs(screen=True)):
                seconds = time.monotonic() - begun
        except HouseError as why:
            return note(_WHAT, why.facts.get("why", why.code), why.facts.get("remedy", ""))
        finally:
            await asyncio.to_thread(folders.remove, folder)
    return fine(_WHAT, f"one was opened in {seconds:.1f} s, walls, screen, sound and network")


def _place(settings: Settings) -> Path | None:
    """Beside the real ones, if there is a place for them yet: some file systems know no uids."""
    return settings.data_dir if settings.data_dir.is_dir() else None
