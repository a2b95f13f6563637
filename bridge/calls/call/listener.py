"""The one reader of a leg; whoever wants to know something of the leg asks here."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from bridge.calls.ports.leg import Became, Fact, Leg, Pressed
from bridge.scope import Scope, scope
from bridge.terms import Cause, State

log = logging.getLogger(__name__)

_GOODBYE_WITHIN = 5.0


def _to_nobody(_: Fact) -> None:
    pass


async def _nothing() -> None:
    pass


class Listener:
    """Keeps the keys that were pressed and when the leg was established; retells every fact."""

    def __init__(self, leg: Leg, retell: Callable[[Fact], None] = _to_nobody) -> None:
        self.leg = leg
        self.keys: asyncio.Queue[str] = asyncio.Queue()
        self.retell = retell
        self.established_at: float | None = None
        """In the event loop's time."""
        self.before_leaving: Callable[[], Awaitable[None]] = _nothing
        """What is still to be done between the end of the leg and that of the body."""
        self._established = asyncio.Event()

    async def established(self) -> None:
        """Returns once the leg has been established."""
        await self._established.wait()

    @property
    def established_seconds(self) -> float:
        if self.established_at is None:
            return 0.0
        return asyncio.get_running_loop().time() - self.established_at

    def forget_keys(self) -> None:
        while not self.keys.empty():
            self.keys.get_nowait()

    def put_back(self, *keys: str) -> None:
        """They are the next ones, before those that wait."""
        later = []
        while not self.keys.empty():
            later.append(self.keys.get_nowait())
        for key in (*keys, *later):
            self.keys.put_nowait(key)

    async def listen(self) -> None:
        """Read the facts, until the leg is over."""
        async for fact in self.leg.events():
            match fact:
                case Became(State.ESTABLISHED) if self.established_at is None:
                    self.established_at = asyncio.get_running_loop().time()
                    self._established.set()
                case Pressed(digit):
                    self.keys.put_nowait(digit)
            self.retell(fact)

    @asynccontextmanager
    async def attending(self) -> AsyncIterator[Scope]:
        """A body that is left as soon as the leg is over."""
        async with scope() as body:
            body.start(self._listen_for(body))
            yield body

    async def _listen_for(self, body: Scope) -> None:
        await self.listen()
        await self.before_leaving()
        body.leave()


async def hang_up(leg: Leg, cause: Cause) -> None:
    """End a leg that is not over. Never raises and never lasts: a network may be broken."""
    if leg.over:
        return
    try:
        async with asyncio.timeout(_GOODBYE_WITHIN):
            await leg.hang_up(cause)
    except Exception:
        log.exception("a leg could not be hung up")
