"""A session is begun: its folder is taken, its walls go up, its agent answers; and torn down."""

import asyncio
import logging
import socket
from collections.abc import AsyncIterator, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

from bridge.connectors.desktop.opener import BegunSession, SessionEnd, linked, lost
from bridge.connectors.desktop.protocol.link import AgentLink
from bridge.connectors.desktop.sandbox.etc import write_etc
from bridge.connectors.desktop.sandbox.folder import Folder
from bridge.connectors.desktop.sandbox.limits import EVERY, Consumption, SessionLimits
from bridge.connectors.desktop.sandbox.network import InternetAccess, connected
from bridge.connectors.desktop.sandbox.starting import Begun, begun
from bridge.connectors.desktop.sandbox.walls import AGENT, Needs
from bridge.errors import NetworkDown, SetupFault

log = logging.getLogger(__name__)

_LAST_WORDS = 2000
T = TypeVar("T")


class Sandbox:
    """`way`: where sessions get to; with None nowhere. `authorities`: a file of certificates (PEM)
    that programs trust beside the system's. `shown`: more that every one may read.
    """

    def __init__(
        self,
        limits: SessionLimits = SessionLimits(),  # noqa: B008  # frozen
        *,
        way: InternetAccess | None = InternetAccess(),  # noqa: B008  # frozen
        authorities: Path | None = None,
        agent: str = AGENT,
        shown: tuple[Path, ...] = (),
    ) -> None:
        self._limits, self._way = limits, way
        self._authorities = authorities
        self._agent, self._shown = agent, shown

    @asynccontextmanager
    async def opened(self, folder: Folder, needs: Needs) -> AsyncIterator[AgentLink]:
        """Once it is up, until it is left. As `begun`, and SetupFault("desktop_no_session")."""
        async with self.begun(folder, needs) as session, linked(session) as link:
            yield link

    @asynccontextmanager
    async def begun(self, folder: Folder, needs: Needs) -> AsyncIterator[BegunSession]:
        """Until it is left, then nothing of the session is left. NetworkDown("desktop_occupied"),
        SetupFault("desktop_no_network"), SetupFault("bad_authorities").
        """
        with folder.occupied():
            await asyncio.to_thread(folder.empty_run)
            write_etc(folder, needs.origins, self._authorities)
            async with AsyncExitStack() as stack:
                control, theirs = socket.socketpair()
                sound, their_sound = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
                for end in (control, sound):
                    stack.enter_context(end)
                with theirs, their_sound:
                    ends = (theirs, their_sound)
                    begin = begun(folder, needs, self._limits, self._agent, ends, self._shown)
                    started = await stack.enter_async_context(begin)
                over: asyncio.Future[SessionEnd] = asyncio.get_running_loop().create_future()
                await stack.enter_async_context(aside(self._watch(started.agent, over)))
                await self._connect(started, over, stack)
                started.go()
                yield BegunSession(control, sound, over)

    async def _connect(
        self, started: Begun, over: "asyncio.Future[SessionEnd]", stack: AsyncExitStack
    ) -> None:
        """Who has ended meanwhile has said why, and that is told later."""
        child = await started.child()
        if self._way is None or child is None:
            return
        try:
            carrier = await stack.enter_async_context(connected(child, self._way))
        except SetupFault:
            with suppress(TimeoutError):
                await asyncio.wait_for(started.agent.wait(), 1.0)
                return
            raise
        await stack.enter_async_context(aside(_lost_with(carrier, over)))

    async def _watch(
        self, agent: asyncio.subprocess.Process, over: "asyncio.Future[SessionEnd]"
    ) -> None:
        """The session is over when its agent is, or when it takes too much."""
        consumption = Consumption(agent.pid, self._limits)
        async with aside(agent.wait()) as ended, aside(_last_words(agent)) as words:
            while not (await asyncio.wait([ended], timeout=EVERY))[0]:
                try:
                    await asyncio.to_thread(consumption.look)
                except NetworkDown as why:
                    log.warning("a desktop session takes too much: %s", why)
                    _end(over, SessionEnd(why))
                    return
            await asyncio.wait([words], timeout=1.0)
            _end(over, SessionEnd(lost(), words.result() if words.done() else ""))


async def _last_words(agent: asyncio.subprocess.Process) -> str:
    """What it said last before it ended; a chatty one never fills the pipe."""
    said = b""
    assert agent.stderr is not None
    while piece := await agent.stderr.read(_LAST_WORDS):
        said = (said + piece)[-_LAST_WORDS:]
    return said.decode(errors="replace").strip()


async def _lost_with(
    carrier: asyncio.subprocess.Process, over: "asyncio.Future[SessionEnd]"
) -> None:
    await carrier.wait()
    _end(over, SessionEnd(lost()))


def _end(over: "asyncio.Future[SessionEnd]", end: SessionEnd) -> None:
    """The first reason counts."""
    if not over.done():
        over.set_result(end)


@asynccontextmanager
async def aside(work: Coroutine[Any, Any, T]) -> AsyncIterator[asyncio.Task[T]]:
    """Work that goes on meanwhile, and no longer."""
    task = asyncio.create_task(work)
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
