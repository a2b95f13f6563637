"""What supervisor and worker say to each other: JSON lines over a socketpair, one model a line."""

import asyncio
import logging
import socket
from collections.abc import AsyncIterator
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field, TypeAdapter

from bridge.api.events import Event
from bridge.api.refusal import Refusal

log = logging.getLogger(__name__)

LONGEST_LINE = 16 << 20
"""Bytes; a picture of a sign-in page travels in one line."""


class Hello(BaseModel):
    """The worker serves its user from now on."""

    kind: Literal["hello"] = "hello"


class Ping(BaseModel):
    """Are you there?"""

    kind: Literal["ping"] = "ping"
    valid_until: dict[UUID, float] = Field(default_factory=dict)
    """The worker's leases, by account, and until when each holds by ipc.clock."""


class Pong(BaseModel):
    """Alive, the telephone engine included."""

    kind: Literal["pong"] = "pong"
    leases: bool
    """Whether all of them are renewed in time."""
    leases_lost: int
    """Since the worker began."""


class Do(BaseModel):
    """A command for the worker, or a question for its house; its answer is the Done with the same
    `id`.
    """

    kind: Literal["do"] = "do"
    id: int
    name: str
    body: dict[str, Any] = Field(repr=False)


class Done(BaseModel):
    """What came of a Do."""

    kind: Literal["done"] = "done"
    id: int
    reply: Any = Field(default=None, repr=False)
    refusal: Refusal | None = None


class Told(BaseModel):
    """An event of the worker."""

    kind: Literal["told"] = "told"
    event: Event


class Refresh(BaseModel):
    """The user's phones, rules or accounts have changed in the store."""

    kind: Literal["refresh"] = "refresh"


class Drain(BaseModel):
    """Finish: no new calls, running ones may go on for `seconds`, then exit."""

    kind: Literal["drain"] = "drain"
    seconds: float


Message = Annotated[
    Hello | Ping | Pong | Do | Done | Told | Refresh | Drain, Field(discriminator="kind")
]
_MESSAGE: TypeAdapter[Message] = TypeAdapter(Message)


class WorkerLink:
    """One end of the socketpair."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    async def over(cls, end: socket.socket) -> "WorkerLink":
        return cls(*await asyncio.open_connection(sock=end, limit=LONGEST_LINE))

    def send(self, message: Message) -> None:
        """Never blocks; what cannot be sent any more is dropped, and `messages` ends."""
        if not self._writer.is_closing():
            self._writer.write(message.model_dump_json().encode() + b"\n")

    async def messages(self) -> AsyncIterator[Message]:
        """Everything the other end says, until it is gone or talks nonsense."""
        try:
            while line := await self._reader.readline():
                yield _MESSAGE.validate_json(line)
        except ConnectionError:
            return
        except ValueError as why:  # too long, cut off, or not of this protocol
            log.error("the other end is not understood any more: %s", type(why).__name__)

    async def close(self) -> None:
        """What was sent is delivered first, if the other end still listens."""
        self._writer.close()
        try:
            await self._writer.wait_closed()
        except OSError:
            return
