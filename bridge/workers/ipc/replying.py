"""Answers to what the other end of a link asks."""

import asyncio
import logging
from collections.abc import Mapping

from bridge.api.refusal import Refusal
from bridge.errors import HouseError, Throttled, UnknownTarget
from bridge.workers.ipc import wire
from bridge.workers.ipc.remote import Answer

log = logging.getLogger(__name__)


class Replying:
    """Each question by the answer of its name, at most `most` at a time: who asks more gets
    Throttled("throttled"). No fault of an answer ends the link.
    """

    def __init__(self, link: wire.WorkerLink, answers: Mapping[str, Answer], most: int) -> None:
        self._link = link
        self._answers = answers
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
            answer = self._answers.get(asked.name)
            if answer is None:
                raise UnknownTarget("no_such_command")
            done.reply = await answer(asked.body)
        except HouseError as why:
            done.refusal = Refusal.of(why)
        except Exception as why:
            log.exception("%s failed", asked.name)
            done.refusal = Refusal.of(HouseError("house_failed", why=type(why).__name__))
        self._link.send(done)
