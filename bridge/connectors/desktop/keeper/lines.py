"""The house's side: a line for each worker, and a keeper as long as somebody wants one.

A house whose users have no client programs never starts it. The house holds the keeper's end of
every line, too: a keeper that dies takes the sessions with it, and no line; the next one serves
what was asked meanwhile.
"""

import asyncio
import logging
import os
import socket
import sys
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from uuid import UUID

from tenacity import wait_exponential

from bridge.backoff import Backoff
from bridge.connectors.desktop.keeper.messages import KeeperOrder, ServeUser
from bridge.connectors.desktop.keeper.packets import pair, received, sent
from bridge.scope import uninterrupted

log = logging.getLogger(__name__)

ENDS_WITHIN = 10.0
_MODULE = "bridge.connectors.desktop.keeper"
_HARMLESS = ("PATH", "HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "TMPDIR")

StartKeeper = Callable[[], AbstractAsyncContextManager[socket.socket]]
"""Starts a keeper that has its order, and gives the house's end of the line to it; with the context
nothing is left of either. OSError.
"""


def started_here(order: KeeperOrder) -> StartKeeper:
    """As a child of this process, with its rights."""

    @asynccontextmanager
    async def started() -> AsyncIterator[socket.socket]:
        ours, theirs = pair()
        with ours:
            with theirs:
                sent(ours, order.packet)
                keeper = await asyncio.create_subprocess_exec(
                    *(sys.executable, "-m", _MODULE, str(theirs.fileno())),
                    stdin=asyncio.subprocess.DEVNULL,
                    pass_fds=(theirs.fileno(),),
                    env={name: os.environ[name] for name in _HARMLESS if name in os.environ},
                    start_new_session=True,
                )
            try:
                yield ours
            finally:
                ours.close()
                await uninterrupted(_ended(keeper))

    return started


async def _ended(keeper: asyncio.subprocess.Process) -> None:
    """It waits for workers that still end their calls."""
    with suppress(TimeoutError):
        async with asyncio.timeout(ENDS_WITHIN):
            await keeper.wait()
    with suppress(ProcessLookupError):
        keeper.kill()
    await keeper.wait()


class KeeperLines:
    """`close` it with the house: the keeper ends."""

    def __init__(self, start: StartKeeper) -> None:
        self._start = start
        self._lines: dict[UUID, tuple[ServeUser, socket.socket]] = {}
        self._keeper: socket.socket | None = None
        self._keeping: asyncio.Task[None] | None = None
        self._pauses = Backoff(wait_exponential(multiplier=0.2, max=30))

    def open(self, user: UUID, profiles: Iterable[int]) -> socket.socket:
        """The worker's end of a new line; one that the user had before is closed. `profiles` are
        those of the user's accounts.
        """
        self.drop(user)
        ours, theirs = pair()
        self._lines[user] = ServeUser(user=user, profiles=frozenset(profiles)), ours
        if self._keeper is not None or self._keeping is None:
            self._watch(user)
        return theirs

    def drop(self, user: UUID) -> None:
        """The worker is gone for good. Twice is harmless."""
        if user in self._lines:
            self._unwatch(user)
            self._lines.pop(user)[1].close()

    async def close(self) -> None:
        for user in list(self._lines):
            self.drop(user)
        if self._keeping is not None:
            self._keeping.cancel()
            await asyncio.gather(self._keeping, return_exceptions=True)

    async def _keep(self) -> None:
        """One keeper, from its start to its end; nothing is asked of none."""
        self._each(self._unwatch)
        try:
            async with self._start() as self._keeper:
                self._each(self._watch)
                await received(self._keeper)  # it says nothing: this is its end
            log.error("the keeper of sessions has ended; it is started again when it is needed")
        except OSError as why:
            log.error("the keeper of sessions cannot be started: %s", why.strerror)
        finally:
            self._keeper = None
            self._each(self._unwatch)
        await asyncio.sleep(self._pauses.pause())
        self._keeping = None
        self._each(self._watch)

    def _is_wanted(self, user: UUID) -> None:
        order, end = self._lines[user]
        try:
            if not end.recv(1, socket.MSG_PEEK):
                self.drop(user)  # it asks for nothing: its worker is gone
            elif self._keeper is not None:
                sent(self._keeper, order.packet, end)
                self._unwatch(user)
            elif self._keeping is None:
                self._keeping = asyncio.create_task(self._keep())
        except BlockingIOError:
            pass  # it is asked again
        except OSError:
            self._unwatch(user)  # the keeper is dying, and the next one gets it

    def _each(self, do: Callable[[UUID], None]) -> None:
        for user in self._lines:
            do(user)

    def _watch(self, user: UUID) -> None:
        asyncio.get_running_loop().add_reader(self._lines[user][1], self._is_wanted, user)

    def _unwatch(self, user: UUID) -> None:
        asyncio.get_running_loop().remove_reader(self._lines[user][1])
