"""What the front desk works with, and the register of who answers which command."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from inspect import signature
from typing import Any, Protocol, TypeVar
from uuid import UUID

from bridge.api.command import Command, UserCommand, reply
from bridge.api.events import Event, ScheduleChanged
from bridge.api.status_views import WorkerView
from bridge.api.views import AccountView
from bridge.desk.claim import ClaimCode
from bridge.errors import UnknownTarget
from bridge.settings import Settings
from bridge.store import Store
from bridge.store.people import users

A = TypeVar("A", bound=Callable[..., Awaitable[Any]])
Query = Callable[..., Any]
"""A function of bridge.store, which takes the transaction first."""


class Workers(Protocol):
    """The worker pool, as far as the front desk knows it."""

    async def place(self, user: UUID) -> None: ...

    async def withdraw(self, user: UUID) -> None: ...

    async def forget_programs(self, user: UUID) -> None: ...

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
        kind = type(command)
        answer = ANSWERS.get(kind)
        if answer is None:
            raise UnknownTarget("no_such_command")
        if isinstance(command, UserCommand):
            await self.store.read(users.get, command.user)
        # rows become views here, and so does the plain JSON that a worker sent
        answered = reply(kind).validate_python(await answer(self, command))
        if kind.reschedules and isinstance(command, UserCommand):
            self.tell(ScheduleChanged(user=command.user))
        return answered


ANSWERS: dict[type[Command[Any]], Callable[[CommandRegistry, Any], Awaitable[Any]]] = {}


def answers(*kinds: type[Command[Any]]) -> Callable[[A], A]:
    """Register who answers these commands; where a view is to come, a row of the store will do."""

    def register(answer: A) -> A:
        for kind in kinds:
            ANSWERS[kind] = answer
        return answer

    return register


def reads(kind: type[Command[Any]], query: Query) -> None:
    """Register a command that the store answers: `query` takes its fields by their names, and the
    time as `now` if it wants that.
    """
    fields = _fields(kind, query)

    @answers(kind)
    async def read(desk: CommandRegistry, asked: Command[Any]) -> Any:
        return await desk.store.read(query, **fields(asked, desk.now))


def writes(kind: type[UserCommand[Any]], change: Query, *, refreshes: bool = False) -> None:
    """Like `reads`, for what changes something. `refreshes`: the user's worker has to know."""
    fields = _fields(kind, change)

    @answers(kind)
    async def write(desk: CommandRegistry, asked: UserCommand[Any]) -> Any:
        found = await desk.store.run(change, **fields(asked, desk.now))
        if refreshes:
            desk.workers.refresh(asked.user)
        return found


def passes_on(kind: type[UserCommand[Any]], having: Query | None = None) -> None:
    """Register a command that only the user's worker can answer. `having` is asked before, as in
    `reads`, and raises if what the command is about is not the user's.
    """
    fields = _fields(kind, having) if having else None

    @answers(kind)
    async def send(desk: CommandRegistry, asked: UserCommand[Any]) -> Any:
        if having is not None and fields is not None:
            await desk.store.read(having, **fields(asked, desk.now))
        return await desk.workers.send(asked.user, asked)


def _fields(
    kind: type[Command[Any]], query: Query
) -> Callable[[Command[Any], datetime], dict[str, Any]]:
    """What `query` is called with. TypeError, at once, if the command does not fit it."""
    timed = ["now"] if "now" in signature(query).parameters else []
    signature(query).bind("db", **dict.fromkeys([*kind.model_fields, *timed]))

    def fields(asked: Command[Any], now: datetime) -> dict[str, Any]:
        return {**dict(asked), **dict.fromkeys(timed, now)}

    return fields
