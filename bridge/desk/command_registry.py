"""What the front desk works with, and the register of who answers which command."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol, TypeVar
from uuid import UUID

from bridge.api.command import Command, UserCommand
from bridge.api.events import Event
from bridge.api.views import AccountView, WorkerView
from bridge.desk.claim import ClaimCode
from bridge.errors import UnknownTarget
from bridge.settings import Settings
from bridge.store import Store
from bridge.store.people import users

A = TypeVar("A", bound=Callable[..., Awaitable[Any]])


class Workers(Protocol):
    """The worker pool, as far as the front desk knows it."""

    async def place(self, user: UUID) -> None: ...

    async def withdraw(self, user: UUID) -> None: ...

    async def send(self, user: UUID, command: Command[Any]) -> Any: ...

    def refresh(self, user: UUID) -> None: ...

    def view(self, user: UUID) -> WorkerView: ...


@dataclass(frozen=True)
class CommandRegistry:
    """All that an answer may need. What belongs to the floors above is handed in as functions."""

    settings: Settings
    store: Store
    workers: Workers
    claim: ClaimCode
    networks: dict[str, str]
    """Network -> title, of those that users may sign in to."""
    dialable: Callable[[str], str]
    """The address of a phone as it was typed, normalised; raises when it may not be dialled."""
    decode: Callable[[bytes, int], Awaitable[bytes]]
    """Any audio, cut after so many seconds, as 16-bit mono WAV; raises BadInput("bad_audio")."""
    tell: Callable[[Event], None]
    """The chat is told; returns at once."""
    trunk: AccountView | None = None
    """The host's own, for those who have none."""
    voice_languages: frozenset[str] = frozenset()
    """Those in which this house understands speech."""

    @property
    def now(self) -> datetime:
        return datetime.now(UTC)

    async def answer(self, command: Command[Any]) -> Any:
        """What the command's reply type says; raises a HouseError for a refusal."""
        answer = ANSWERS.get(type(command))
        if answer is None:
            raise UnknownTarget("no_such_command")
        if isinstance(command, UserCommand):
            await self.store.read(users.get, command.user)
        return await answer(self, command)


ANSWERS: dict[type[Command[Any]], Callable[[CommandRegistry, Any], Awaitable[Any]]] = {}


def answers(*kinds: type[Command[Any]]) -> Callable[[A], A]:
    """Register who answers these commands."""

    def register(answer: A) -> A:
        for kind in kinds:
            ANSWERS[kind] = answer
        return answer

    return register
