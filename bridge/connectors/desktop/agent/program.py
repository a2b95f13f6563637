"""The client program of a native recipe, and the small ones that a recipe's steps run beside it."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress

from bridge.connectors.desktop.agent.child import SessionChild, finished
from bridge.connectors.desktop.agent.control import Refused
from bridge.connectors.desktop.protocol.messages import ProgramEnded, ProgramStarted, Told

RUNS_WITHIN = 8.0
"""Seconds for a step's program."""
_MOST_SAID = 10_000


class Program:
    """Not more than one at a time; who starts another ends the one before."""

    def __init__(self, tell: Callable[[Told], None]) -> None:
        self._tell = tell
        self._child: SessionChild | None = None
        self._watching: asyncio.Task[None] | None = None

    async def start(self, argv: tuple[str, ...], environment: Mapping[str, str]) -> None:
        """Refused("desktop_no_program") when it is not there."""
        await self.end()
        try:
            self._child = await SessionChild.start(*argv, environment=environment)
        except OSError:
            raise Refused("desktop_no_program") from None
        self._tell(ProgramStarted(pid=self._child.pid))
        self._watching = asyncio.create_task(self._watch(self._child))

    async def end(self) -> None:
        """Kindly first; that is not told."""
        if self._watching is not None:
            self._watching.cancel()
            with suppress(asyncio.CancelledError):
                await self._watching
        child, self._child = self._child, None
        if child is not None:
            await child.end()

    async def _watch(self, child: SessionChild) -> None:
        status = await child.ended()
        await child.end()  # what it has left running
        self._tell(ProgramEnded(status=status))


async def run(argv: tuple[str, ...], environment: Mapping[str, str]) -> str:
    """What it says, once it has ended; Refused("desktop_no_program"), or "desktop_silent" when it
    does not end.
    """
    try:
        _, said = await finished(*argv, within=RUNS_WITHIN, environment=environment)
    except OSError:
        raise Refused("desktop_no_program") from None
    return said[:_MOST_SAID].decode(errors="replace")
