"""Calls, past and present, and what they left behind."""

from uuid import UUID

from pydantic import Field

from bridge.api.command import UserCommand
from bridge.api.views import BlockedView, CallAction, CallCard, CallView, StatusView, VoicemailView


class History(UserCommand[list[CallView]]):
    """Newest first."""

    limit: int = Field(default=10, ge=1, le=100)
    offset: int = Field(default=0, ge=0)


class RunningCalls(UserCommand[list[CallCard]]):
    pass


class ActOnCall(UserCommand[None]):
    """A button of a call card. UnknownTarget("call_over") when it came too late."""

    call: UUID
    action: CallAction
    phone: UUID | None = None


class ListVoicemails(UserCommand[list[VoicemailView]]):
    pass


class FetchVoicemail(UserCommand[str]):
    """OGG/Opus, base64."""

    voicemail: UUID


class MarkHeard(UserCommand[None]):
    voicemail: UUID
    heard: bool = True


class DeleteVoicemail(UserCommand[None]):
    voicemail: UUID


class ListBlocked(UserCommand[list[BlockedView]]):
    pass


class Block(UserCommand[list[BlockedView]]):
    """`address`: a number, a sip: address, a prefix ending in *, or "anonymous"."""

    address: str
    name: str = ""


class Unblock(UserCommand[list[BlockedView]]):
    address: str


# --- where the chat keeps its place ---------------------------------------------------------------


class NoteCard(UserCommand[None]):
    """Remember which chat message shows a call, so that it can be edited after a restart of the
    bot.
    """

    call: UUID
    message: int


class FindCard(UserCommand[int | None]):
    call: UUID


class NoteVoicemail(UserCommand[None]):
    """Remember which chat message shows a voicemail as a voice note. It is remembered longer than
    the voicemail: the note of one that was deleted must be found, too.
    """

    voicemail: UUID
    message: int


class FindVoicemail(UserCommand[int | None]):
    voicemail: UUID


class Status(UserCommand[StatusView]):
    pass
