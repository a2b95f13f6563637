"""Who may come in, and who must leave."""

from uuid import UUID

from pydantic import Field

from bridge.api.command import Command, UserCommand
from bridge.api.views import InviteView, UserView


class WhoIs(Command[UserView | None]):
    """Who the person with this Telegram account is to the house."""

    chat: int


class GetUser(UserCommand[UserView]):
    """Whose an event is: the bot writes to `chat`. UnknownTarget("no_such_user") once forgotten."""


class Claim(Command[UserView]):
    """The first person who gives the code from the log becomes the owner."""

    chat: int
    name: str
    language: str
    code: str = Field(repr=False)


class OpenClaim(Command[str]):
    """The code for Claim; "" when there is an owner. For the host's own terminal: whoever may ask
    the front desk may read the log too.
    """


class Join(Command[UserView]):
    """Come in by an invitation."""

    chat: int
    name: str
    language: str
    token: str = Field(repr=False)


class MakeInvite(UserCommand[InviteView]):
    """Owner only."""


class ListInvites(UserCommand[list[InviteView]]):
    """Owner only."""


class RevokeInvite(UserCommand[None]):
    """Owner only."""

    invite: UUID


class ListMembers(UserCommand[list[UserView]]):
    """Owner only."""


class RemoveMember(UserCommand[None]):
    """Owner only; everything of that member is forgotten."""

    member: UUID


class ForgetMe(UserCommand[None]):
    """Everything about the user is deleted; calls end."""
