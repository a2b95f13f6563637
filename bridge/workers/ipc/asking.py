"""Questions on their way over a link, and their answers on the way back: commands to a worker,
and what a worker asks of its house.
"""

import asyncio
import itertools
from typing import Any

from bridge.errors import NetworkDown
from bridge.workers.ipc import wire

ANSWERS_WITHIN = 45.0


class Asking:
    """One side's open questions. `patience`: seconds that one waits for the other side to be there;
    `refusal`: the code of the NetworkDown for whom nobody answers.
    """

    def __init__(self, patience: float, refusal: str) -> None:
        self._patience = patience
        self._refusal = refusal
        self._numbers = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._ready = asyncio.Event()
        self._link: wire.WorkerLink | None = None

    @property
    def ready(self) -> bool:
        return self._ready.is_set()

    def open(self, link: wire.WorkerLink) -> None:
        """There is somebody at the other end of `link`."""
        self._link = link
        self._ready.set()

    def close(self) -> None:
        """He is gone; nobody knows how much of what he was asked he has done."""
        self._ready.clear()
        self._link = None
        waiting, self._waiting = self._waiting, {}
        for answer in waiting.values():
            if not answer.done():
                answer.set_exception(NetworkDown(self._refusal))

    async def ask(self, name: str, body: dict[str, Any]) -> Any:
        """The answer; both are plain JSON. Raises what the other side raised, or NetworkDown."""
        number = next(self._numbers)
        try:
            async with asyncio.timeout(self._patience):
                await self._ready.wait()
            assert self._link is not None, "who is ready has a link"
            answer = self._waiting[number] = asyncio.get_running_loop().create_future()
            self._link.send(wire.Do(id=number, name=name, body=body))
            async with asyncio.timeout(ANSWERS_WITHIN):
                return await answer
        except TimeoutError:
            raise NetworkDown(self._refusal) from None
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
