"""The user's accounts on the networks."""

from uuid import UUID

from pydantic import Field

from bridge.api.command import UserCommand
from bridge.api.views import AccountView, NetworkView


class ListNetworks(UserCommand[list[NetworkView]]):
    pass


class ListAccounts(UserCommand[list[AccountView]]):
    pass


class BeginSignIn(UserCommand[UUID]):
    """Starts the connector's dialogue; its questions arrive as Asked, its end as SignInEnded.

    With `account` the dialogue renews that account's credentials instead of adding another one.
    """

    network: str
    account: UUID | None = None


class Answer(UserCommand[None]):
    sign_in: UUID
    question: UUID
    text: str = Field(repr=False)


class CancelSignIn(UserCommand[None]):
    sign_in: UUID


class ChangeAccount(UserCommand[AccountView]):
    account: UUID
    label: str | None = None
    enabled: bool | None = None
    is_trunk: bool | None = None
    is_phone_in: bool | None = None


class RemoveAccount(UserCommand[None]):
    account: UUID
