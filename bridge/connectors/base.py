"""What every network looks like from inside the house."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Protocol

from bridge.calls.ports.leg import Leg
from bridge.terms import Party


@dataclass(frozen=True)
class Credentials:
    """What an account needs to sign in. `secrets` are sealed at rest and never shown, not even in
    a repr.
    """

    address: str
    options: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Choice:
    """One answer of several: `key` comes back, `text` is a message id that the chat translates."""

    key: str
    text: str


class Ask(Protocol):
    """How a connector asks its user; the chat draws it. Questions are message ids (English
    sentences).
    """

    async def text(
        self, question: str, *, example: str = "", default: str | None = None
    ) -> str: ...

    async def secret(self, question: str) -> str: ...

    async def choice(self, question: str, choices: Sequence[Choice]) -> str: ...

    async def show(self, caption: str, png: bytes) -> None: ...


class Desk(Protocol):
    """Where an account session reports; every method returns at once."""

    def offer(self, leg: Leg) -> None:
        """Somebody rings this account."""

    def ready(self, roster: Sequence[Party] = ()) -> None:
        """Signed in; `roster` are the contacts known so far."""

    def presence(self, contact: Party, online: bool) -> None: ...


class AccountSession(ABC):
    """One account, signed in. Made once, `run` many times: the keeper runs it again after
    trouble.
    """

    def __init__(self, credentials: Credentials, desk: Desk) -> None:
        self.credentials = credentials
        self.desk = desk

    @property
    def network(self) -> str:
        """Of the people whom it dials, where its connector serves more than one network; "" where
        it is the connector's own, and while it is not known.
        """
        return ""

    @abstractmethod
    async def run(self) -> None:
        """Sign in, call `desk.ready`, serve until cancelled.

        Raises LoginRejected, NetworkDown or Throttled when the account cannot be served; any other
        exception counts as a fault of ours (BROKEN).
        """

    @abstractmethod
    async def dial(self, target: str, showing: Party | None = None) -> Leg:
        """Call `target`, showing `showing` as the caller where the network allows it.

        Returns a leg in OUTGOING at once. Raises UnknownTarget for an address that cannot exist.
        """

    async def close(self) -> None:
        """Sign out for good and let go of everything; after it the session is not used again."""
        return None


class Connector(ABC):
    """One network."""

    network: ClassVar[str]
    title: ClassVar[str]

    @abstractmethod
    async def sign_in(self, ask: Ask) -> Credentials:
        """The whole dialogue with the user, as one coroutine; raises BadInput for what cannot be
        used.
        """

    async def sign_in_again(self, ask: Ask, before: Credentials) -> Credentials:
        """The same for an account that is there: what was known `before` need not be asked."""
        return await self.sign_in(ask)

    @abstractmethod
    def session(self, credentials: Credentials, desk: Desk) -> AccountSession:
        """A session for these credentials; does nothing yet."""

    async def forget(self, options: Mapping[str, str]) -> None:
        """The account with these options is removed and its session closed: what it left on this
        machine goes, too.
        """
        return None
