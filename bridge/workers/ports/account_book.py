"""The user's accounts as a worker gets to know them, and the leases under which it acts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID

from bridge.api.views import AccountView
from bridge.connectors.base import Credentials
from bridge.terms import Health, Party


@dataclass(frozen=True)
class KnownAccount:
    """An account, without its secrets."""

    view: AccountView
    options: Mapping[str, str]
    version: str
    """Another one when there are other credentials."""


@dataclass(frozen=True)
class Condition:
    """How an account is; `reason` and `facts` are those of the HouseError behind it."""

    health: Health
    reason: str = ""
    facts: dict[str, str] = field(default_factory=dict)


class AccountBook(Protocol):
    """The accounts of one user, where they are kept. What is noted of one is only taken from who
    holds its lease: NotAllowed("lease_lost"). UnknownTarget("no_such_account").
    """

    async def all(self) -> Sequence[KnownAccount]:
        """Those that are switched off, too; the oldest first."""

    async def credentials(self, account: UUID) -> Credentials:
        """With opened secrets; SetupFault when they do not open."""

    async def take(self, account: UUID) -> float | None:
        """The lease of an account: until when it holds, by `bridge.workers.ipc.clock`, unless it is
        renewed; None while it is somebody else's.
        """

    async def give_back(self, account: UUID) -> None:
        """Somebody else may have it at once."""

    async def note(self, account: UUID, condition: Condition, since: datetime) -> AccountView:
        """How it is."""

    async def note_unserved(self, account: UUID, reason: str, facts: dict[str, str]) -> None:
        """That there is no session for it: its credentials do not open, or are not enough."""

    async def take_over(self, account: UUID, roster: Sequence[Party]) -> int:
        """Who is in its roster becomes a contact; for how many there was no room."""

    async def keep(self, network: str, found: Credentials, account: UUID | None) -> AccountView:
        """What a sign-in brought: a new account, or new credentials for `account`.
        BadInput("too_many_accounts" | "account_exists").
        """
