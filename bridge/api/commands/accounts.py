"""The user's accounts on the networks."""

from uuid import UUID

from pydantic import Field

from bridge.api.command import UserCommand
from bridge.api.views import AccountView, NetworkView


class ListNetworks(UserCommand[list[NetworkView]]):
    """The networks to which the user may sign in."""


class ListAccounts(UserCommand[list[AccountView]]):
    """The user's accounts, and how they are."""


class BeginSignIn(UserCommand[UUID]):
    """Starts the connector's dialogue; its questions arrive as Asked, its end as SignInEnded.

    With `account` the dialogue renews that account's credentials instead of adding another one.
    """

    network: str
    account: UUID | None = None


class Answer(UserCommand[None]):
    """What the user says to the question of a sign-in."""

    sign_in: UUID
    question: UUID
    text: str = Field(repr=False)


class CancelSignIn(UserCommand[None]):
    """The sign-in is given up."""

    sign_in: UUID


class ChangeAccount(UserCommand[AccountView]):
    """Only what is given changes."""

    account: UUID
    label: str | None = None
    enabled: bool | None = None
    is_trunk: bool | None = None
    is_phone_in: bool | None = None


class RemoveAccount(UserCommand[None]):
    """The account, its secrets, and what its program left."""

    account: UUID
