"""A session is opened: its folder is taken, its walls go up, its agent answers; and torn down."""

import asyncio
import logging
import socket
from collections.abc import AsyncIterator, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

from bridge.connectors.desktop.protocol.link import AgentLink
from bridge.connectors.desktop.protocol.messages import Up
from bridge.connectors.desktop.protocol.requests import Leave
from bridge.connectors.desktop.sandbox.etc import write_etc
from bridge.connectors.desktop.sandbox.folder import Folder
from bridge.connectors.desktop.sandbox.limits import EVERY, Consumption, SessionLimits
from bridge.connectors.desktop.sandbox.network import InternetAccess, connected
from bridge.connectors.desktop.sandbox.starting import Begun, begun
from bridge.connectors.desktop.sandbox.walls import AGENT, Needs
from bridge.errors import HouseError, NetworkDown, SetupFault
from bridge.scope import uninterrupted

log = logging.getLogger(__name__)

UP_WITHIN, LEAVES_WITHIN = 30.0, 5.0
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
        """Until it is left, then nothing of the session is left. NetworkDown("desktop_occupied"),
        SetupFault("desktop_no_session") when it does not come up, SetupFault("bad_authorities").
        """
        with folder.occupied():
            await asyncio.to_thread(folder.empty_run)
            write_etc(folder, needs.origins, self._authorities)
            async with AsyncExitStack() as stack:
                control, theirs = socket.socketpair()
                sound, their_sound = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
                with theirs, their_sound:
                    ends = (theirs, their_sound)
                    begin = begun(folder, needs, self._limits, self._agent, ends, self._shown)
                    started = await stack.enter_async_context(begin)
                agent = started.agent
                link = await AgentLink.over(control, sound, agent.pid)
                stack.push_async_callback(link.close)
                words = await stack.enter_async_context(aside(_last_words(agent)))
                await stack.enter_async_context(aside(self._watch(agent, link)))
                await self._connect(started, link, stack)
                started.go()
                await _until_up(link, words)
                stack.push_async_callback(uninterrupted, _leave(agent, link))
                yield link

    async def _connect(self, started: Begun, link: AgentLink, stack: AsyncExitStack) -> None:
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
        await stack.enter_async_context(aside(_lost_with(carrier, link)))

    async def _watch(self, agent: asyncio.subprocess.Process, link: AgentLink) -> None:
        """The session is over when its agent is, or when it takes too much."""
        consumption = Consumption(agent.pid, self._limits)
        while agent.returncode is None:
            with suppress(TimeoutError):
                async with asyncio.timeout(EVERY):
                    await agent.wait()
                    break
            try:
                await asyncio.to_thread(consumption.look)
            except NetworkDown as why:
                log.warning("a desktop session takes too much: %s", why)
                link.fail(why)
                return
        link.fail(NetworkDown("desktop_lost"))


async def _until_up(link: AgentLink, words: "asyncio.Task[str]") -> None:
    try:
        async with asyncio.timeout(UP_WITHIN):
            async for told in link.told():
                if isinstance(told, Up):
                    return
    except (HouseError, TimeoutError):
        with suppress(TimeoutError):
            await asyncio.wait_for(asyncio.shield(words), 1.0)
        said = words.result() if words.done() else ""
        raise SetupFault(
            "desktop_no_session",
            why=f"The session of a program did not come up: {said or 'it said nothing'}",
            remedy="Run make desktop, then python -m bridge doctor.",
        ) from None


async def _last_words(agent: asyncio.subprocess.Process) -> str:
    """What it said last before it ended; a chatty one never fills the pipe."""
    said = b""
    assert agent.stderr is not None
    while piece := await agent.stderr.read(_LAST_WORDS):
        said = (said + piece)[-_LAST_WORDS:]
    return said.decode(errors="replace").strip()


async def _lost_with(carrier: asyncio.subprocess.Process, link: AgentLink) -> None:
    await carrier.wait()
    link.fail(NetworkDown("desktop_lost"))


async def _leave(agent: asyncio.subprocess.Process, link: AgentLink) -> None:
    """Kindly first: a browser that is torn off loses its latest cookies."""
    with suppress(HouseError):
        await link.ask(Leave(), LEAVES_WITHIN)
        with suppress(TimeoutError):
            await asyncio.wait_for(agent.wait(), LEAVES_WITHIN)


@asynccontextmanager
async def aside(work: Coroutine[Any, Any, T]) -> AsyncIterator[asyncio.Task[T]]:
    """Work that goes on meanwhile, and no longer."""
    task = asyncio.create_task(work)
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
