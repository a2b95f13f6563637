"""The messages of one user, kept in the store."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from bridge.api.events import Event, VoicemailMarked, VoicemailTranscribed
from bridge.api.views import VoicemailView
from bridge.audio.port import Source
from bridge.errors import UnknownTarget
from bridge.scope import uninterrupted
from bridge.store import Store
from bridge.store.calls import voicemails
from bridge.workers.stored.subscriber import until_written


class StoredMailbox:
    """The port Mailbox. What is played is meanwhile a file of `directory`, the user's own."""

    def __init__(
        self, store: Store, user: UUID, directory: Path, tell: Callable[[Event], None]
    ) -> None:
        self._store = store
        self._user = user
        self._directory = directory / "messages"
        self._tell = tell
        for left in self._directory.glob("*.ogg"):  # of a worker that was killed meanwhile
            left.unlink(missing_ok=True)

    async def messages(self) -> Sequence[VoicemailView]:
        rows = await self._store.read(voicemails.of_user, self._user)
        return [VoicemailView.of(row) for row in rows]

    def sound(self, voicemail: UUID) -> AbstractAsyncContextManager[Source]:
        return self._sound(voicemail)

    @asynccontextmanager
    async def _sound(self, voicemail: UUID) -> AsyncIterator[Source]:
        ogg = await self._store.read(voicemails.sound, self._user, voicemail)
        path = self._directory / f"{uuid4()}.ogg"
        try:
            await uninterrupted(asyncio.to_thread(_lay_out, path, ogg))
            yield Source(str(path))
        finally:
            path.unlink(missing_ok=True)

    @until_written
    async def heard(self, voicemail: UUID) -> None:
        view = await self._store.run(_heard, self._user, voicemail)
        if view is not None:
            self._tell(VoicemailMarked(user=self._user, id=voicemail, voicemail=view))

    @until_written
    async def write_down(self, voicemail: UUID, transcript: str) -> None:
        try:
            await self._store.run(voicemails.write_down, self._user, voicemail, transcript)
        except UnknownTarget:
            return
        self._tell(VoicemailTranscribed(user=self._user, id=voicemail))

    @until_written
    async def delete(self, voicemail: UUID) -> None:
        try:
            await self._store.run(voicemails.remove, self._user, voicemail)
        except UnknownTarget:
            return
        self._tell(VoicemailMarked(user=self._user, id=voicemail, voicemail=None))


def _heard(db: Session, user: UUID, voicemail: UUID) -> VoicemailView | None:
    """As it is now; None when it was so before, or is gone."""
    try:
        row = voicemails.get(db, user, voicemail)
    except UnknownTarget:
        return None
    if row.heard:
        return None
    row.heard = True
    return VoicemailView.of(row)


def _lay_out(path: Path, ogg: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(ogg)
