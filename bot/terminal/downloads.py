"""Where the files that the bot sends are put, so that the person can open them."""

import os
import re
from pathlib import Path

from bot.terminal.conversation import ChatMessage

_PICTURES = {b"\x89PNG": ".png", b"\xff\xd8\xff": ".jpg", b"GIF8": ".gif"}


class Downloads:
    """One file per message: an edited picture replaces the former one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._saved: dict[int, str] = {}

    def save(self, message: ChatMessage, content: bytes) -> Path:
        """Readable by this user only. Raises OSError."""
        media = message.media
        assert media is not None
        path = self._folder / f"{media.kind}-{message.id}{_ending(media.name, media.kind, content)}"
        if self._saved.get(message.id) != media.id:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with open(descriptor, "wb") as file:
                file.write(content)
            self._saved[message.id] = media.id
        return path


def _ending(name: str, kind: str, content: bytes) -> str:
    for begins, ending in _PICTURES.items():
        if content.startswith(begins):
            return ending
    if kind == "voice":
        return ".ogg"
    given = re.search(r"\.[A-Za-z0-9]{1,8}$", name)
    return given[0] if given else ""
