"""The messages that callers left. The worker implements a `Mailbox` on the store, the tests keep
one in memory. What is marked, deleted or written down here is told to the chat.
"""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from typing import Protocol
from uuid import UUID

from bridge.api.views import VoicemailView
from bridge.audio.port import Source


class MailboxRecord(Protocol):
    """The messages, where they are kept."""

    async def messages(self) -> Sequence[VoicemailView]:
        """The newest first."""

    async def ogg(self, voicemail: UUID) -> bytes:
        """OGG/Opus; UnknownTarget("no_such_voicemail")."""

    async def heard(self, voicemail: UUID) -> None: ...

    async def write_down(self, voicemail: UUID, transcript: str) -> None:
        """What it says. One that is gone meanwhile needs no transcript."""

    async def delete(self, voicemail: UUID) -> None:
        """One that is gone already is deleted, too."""


class Mailbox(Protocol):
    """The messages, and their sound."""

    async def messages(self) -> Sequence[VoicemailView]: ...

    def sound(self, voicemail: UUID) -> AbstractAsyncContextManager[Source]:
        """Something that can be played as long as the context lasts;
        UnknownTarget("no_such_voicemail").
        """

    async def heard(self, voicemail: UUID) -> None: ...

    async def write_down(self, voicemail: UUID, transcript: str) -> None: ...

    async def delete(self, voicemail: UUID) -> None: ...
