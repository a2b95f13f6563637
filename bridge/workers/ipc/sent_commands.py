"""Commands on their way to a worker, and its answers on their way back."""

import asyncio
import itertools
from typing import Any

from bridge.api.command import Command
from bridge.errors import NetworkDown
from bridge.workers.ipc import wire

ANSWERS_WITHIN = 45.0


class SentCommands:
    """`patience`: seconds that a command waits for a worker that is being started."""

    def __init__(self, patience: float) -> None:
        self._patience = patience
        self._numbers = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._ready = asyncio.Event()
        self._link: wire.WorkerLink | None = None

    @property
    def ready(self) -> bool:
        return self._ready.is_set()

    def open(self, link: wire.WorkerLink) -> None:
        """There is a worker, at the other end of `link`."""
        self._link = link
        self._ready.set()

    def close(self) -> None:
        """It is gone; nobody knows how much of what it was asked it has done."""
        self._ready.clear()
        self._link = None
        waiting, self._waiting = self._waiting, {}
        for answer in waiting.values():
            if not answer.done():
                answer.set_exception(NetworkDown("worker_restarting"))

    async def send(self, command: Command[Any]) -> Any:
        """The answer, in plain JSON; raises what the worker raised, or
        NetworkDown("worker_restarting").
        """
        number = next(self._numbers)
        try:
            async with asyncio.timeout(self._patience):
                await self._ready.wait()
            assert self._link is not None, "a worker that is ready has a link"
            answer = self._waiting[number] = asyncio.get_running_loop().create_future()
            body = command.model_dump(mode="json")
            self._link.send(wire.Do(id=number, name=type(command).__name__, command=body))
            async with asyncio.timeout(ANSWERS_WITHIN):
                return await answer
        except TimeoutError:
            raise NetworkDown("worker_restarting") from None
        finally:
            self._waiting.pop(number, None)

    def settle(self, done: wire.Done) -> None:
        """An answer has come; one that nobody waits for any more is dropped."""
        answer = self._waiting.pop(done.id, None)
        if answer is None or answer.done():
            return
        if done.refusal is not None:
            answer.set_exception(done.refusal.error())
        else:
            answer.set_result(done.reply)
