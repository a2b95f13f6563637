"""Call-outs: what the scheduler asks for, and the keys of the one that is on."""

from uuid import UUID

from bridge.api.command import Command, UserCommand
from bridge.api.events import Event
from bridge.api.listening_views import PlayoutKey


class PlaceCallOut(UserCommand[None]):
    """Ring the user for a due job that the scheduler has claimed. UnknownTarget("job_over") when it
    was dialled before, NotAllowed("already_calling").
    """

    job: UUID


class PressKey(UserCommand[None]):
    """As if it had been pressed on the phone that listens. UnknownTarget("call_over")."""

    call: UUID
    key: PlayoutKey


class Tell(Command[None]):
    """Tell the chat; by the house's own programs."""

    event: Event
