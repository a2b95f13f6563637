"""Calls, past and present, and what they left behind."""

from uuid import UUID

from pydantic import Field

from bridge.api.command import UserCommand
from bridge.api.status_views import StatusView
from bridge.api.views import BlockedView, CallAction, CallCard, CallView, VoicemailView


class History(UserCommand[list[CallView]]):
    """Newest first."""

    limit: int = Field(default=10, ge=1, le=100)
    offset: int = Field(default=0, ge=0)


class RunningCalls(UserCommand[list[CallCard]]):
    """The cards of the calls that go on."""


class ActOnCall(UserCommand[None]):
    """A button of a call card. UnknownTarget("call_over") when it came too late."""

    call: UUID
    action: CallAction
    phone: UUID | None = None


class ListVoicemails(UserCommand[list[VoicemailView]]):
    """The messages that callers left, newest first."""


class FetchVoicemail(UserCommand[str]):
    """OGG/Opus, base64."""

    voicemail: UUID


class MarkHeard(UserCommand[None]):
    """The message was listened to."""

    voicemail: UUID
    heard: bool = True


class DeleteVoicemail(UserCommand[None]):
    """The message and its sound."""

    voicemail: UUID


class ListBlocked(UserCommand[list[BlockedView]]):
    """Whose calls do not ring, the latest first."""


class Block(UserCommand[list[BlockedView]]):
    """`address`: a number, a sip: address, a prefix ending in *, or "anonymous"."""

    address: str
    name: str = ""


class Unblock(UserCommand[list[BlockedView]]):
    """Calls from this address ring again."""

    address: str


# --- where the chat keeps its place ---------------------------------------------------------------


class NoteCard(UserCommand[None]):
    """Remember which chat message shows a call, so that it can be edited after a restart of the
    bot.
    """

    call: UUID
    message: int


class FindCard(UserCommand[int | None]):
    """The chat message that shows this call."""

    call: UUID


class NoteVoicemail(UserCommand[None]):
    """Remember which chat message shows a voicemail as a voice note. It is remembered longer than
    the voicemail: the note of one that was deleted must be found, too.
    """

    voicemail: UUID
    message: int


class FindVoicemail(UserCommand[int | None]):
    """The chat message that holds this voice note."""

    voicemail: UUID


class Status(UserCommand[StatusView]):
    """How things stand."""
