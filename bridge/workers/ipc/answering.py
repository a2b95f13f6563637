"""Answers to what the other end of a link asks."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from bridge.api.command import reply
from bridge.api.refusal import Refusal
from bridge.errors import BadInput, HouseError, Throttled, UnknownTarget
from bridge.workers.ipc import wire

log = logging.getLogger(__name__)

Answer = Callable[[Any], Awaitable[Any]]


class Answering:
    """Has every question of `kinds`, by name, answered by `answer`, at most `most` at a time: who
    asks more gets Throttled("throttled"). No fault of an answer ends the link.
    """

    def __init__(
        self, link: wire.WorkerLink, kinds: Mapping[str, type[BaseModel]], answer: Answer, most: int
    ) -> None:
        self._link = link
        self._kinds = kinds
        self._answer = answer
        self._most = most
        self._tasks: set[asyncio.Task[None]] = set()

    def take(self, asked: wire.Do) -> None:
        """Its answer goes over the link as soon as there is one."""
        if len(self._tasks) >= self._most:
            refusal = Refusal.of(Throttled("throttled", 1.0))
            return self._link.send(wire.Done(id=asked.id, refusal=refusal))
        task = asyncio.create_task(self._settle(asked))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def finished(self) -> None:
        """Returns when everything is answered."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def _settle(self, asked: wire.Do) -> None:
        done = wire.Done(id=asked.id)
        try:
            done.reply = await self._answered(asked)
        except HouseError as why:
            done.refusal = Refusal.of(why)
        except Exception as why:
            log.exception("%s failed", asked.name)
            done.refusal = Refusal.of(HouseError("house_failed", why=type(why).__name__))
        self._link.send(done)

    async def _answered(self, asked: wire.Do) -> Any:
        kind = self._kinds.get(asked.name)
        if kind is None:
            raise UnknownTarget("no_such_command")
        try:
            question = kind.model_validate(asked.command)
        except ValidationError:
            raise BadInput("bad_request") from None
        return reply(kind).dump_python(await self._answer(question), mode="json")
