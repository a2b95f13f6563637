"""The messages of one user, and their sound where it can be played."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from uuid import UUID, uuid4

from bridge.audio.port import Source
from bridge.calls.ports.mailbox import MailboxRecord
from bridge.scope import uninterrupted


class PlayableMailbox:
    """The port Mailbox. What is played is meanwhile a file of `directory`, the user's own."""

    def __init__(self, record: MailboxRecord, directory: Path) -> None:
        self.messages, self.heard = record.messages, record.heard
        self.write_down, self.delete = record.write_down, record.delete
        self._record = record
        self._directory = directory / "messages"
        for left in self._directory.glob("*.ogg"):  # of a worker that was killed meanwhile
            left.unlink(missing_ok=True)

    def sound(self, voicemail: UUID) -> AbstractAsyncContextManager[Source]:
        return self._sound(voicemail)

    @asynccontextmanager
    async def _sound(self, voicemail: UUID) -> AsyncIterator[Source]:
        ogg = await self._record.ogg(voicemail)
        path = self._directory / f"{uuid4()}.ogg"
        try:
            await uninterrupted(asyncio.to_thread(_lay_out, path, ogg))
            yield Source(str(path))
        finally:
            path.unlink(missing_ok=True)


def _lay_out(path: Path, ogg: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(ogg)
