"""The messages of one user, kept in the store."""

from collections.abc import Callable, Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from bridge.api.events import Event, VoicemailMarked, VoicemailTranscribed
from bridge.api.views import VoicemailView
from bridge.errors import UnknownTarget
from bridge.store import Store
from bridge.store.calls import voicemails


class StoredMailbox:
    """The port MailboxRecord."""

    def __init__(self, store: Store, user: UUID, tell: Callable[[Event], None]) -> None:
        self._store = store
        self._user = user
        self._tell = tell

    async def messages(self) -> Sequence[VoicemailView]:
        rows = await self._store.read(voicemails.of_user, self._user)
        return [VoicemailView.of(row) for row in rows]

    async def ogg(self, voicemail: UUID) -> bytes:
        return await self._store.read(voicemails.sound, self._user, voicemail)

    async def heard(self, voicemail: UUID) -> None:
        view = await self._store.run(_heard, self._user, voicemail)
        if view is not None:
            self._tell(VoicemailMarked(user=self._user, id=voicemail, voicemail=view))

    async def write_down(self, voicemail: UUID, transcript: str) -> None:
        try:
            await self._store.run(voicemails.write_down, self._user, voicemail, transcript)
        except UnknownTarget:
            return
        self._tell(VoicemailTranscribed(user=self._user, id=voicemail))

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
