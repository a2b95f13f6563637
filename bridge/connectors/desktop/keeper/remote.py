"""Sessions that somebody else opens: a worker's side of its line to the keeper."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager, suppress

from bridge.connectors.desktop.keeper.messages import (
    ClaimProfile,
    HasProfile,
    KeeperReply,
    KeeperRequest,
    KeepProfiles,
    OpenSession,
    RemoveProfile,
)
from bridge.connectors.desktop.keeper.packets import pair, received, sent
from bridge.connectors.desktop.opener import BegunSession, Profile, SessionEnd, linked, lost
from bridge.connectors.desktop.protocol.link import AgentLink
from bridge.scope import uninterrupted

BEGINS_WITHIN, GONE_WITHIN = 40.0, 15.0
_Answer = tuple[KeeperReply, list[socket.socket]]


class KeptSessions:
    """A SessionOpener for the user whose `line` it is. Whatever happens to the keeper becomes
    NetworkDown("desktop_lost"); the next one answers on the same line.
    """

    def __init__(self, line: socket.socket) -> None:
        line.setblocking(False)
        self._line = line

    async def claim(self) -> Profile:
        reply = await self._told(ClaimProfile())
        return Profile(reply.number, reply.place)

    async def has(self, number: int) -> bool:
        return number > 0 and (await self._told(HasProfile(number=number))).number == number

    async def remove(self, number: int) -> None:
        if number > 0:
            await self._told(RemoveProfile(number=number))

    async def keep_only(self, numbers: Iterable[int]) -> None:
        """Of the user's profiles. As `remove`, once all that can be removed are."""
        await self._told(KeepProfiles(numbers=frozenset(numbers)))

    @asynccontextmanager
    async def opened(
        self, number: int, recipe: str, values: Mapping[str, str], rate: int
    ) -> AsyncIterator[AgentLink]:
        asked = OpenSession(number=max(number, 0), recipe=recipe, values=dict(values), rate=rate)
        over: asyncio.Future[SessionEnd] = asyncio.get_running_loop().create_future()
        with self._ask(asked) as end:
            try:
                control, sound = (await _answer(end))[1]
                with control, sound:
                    ending = asyncio.create_task(_listen(end, over))
                    try:
                        async with linked(BegunSession(control, sound, over)) as link:
                            yield link
                    finally:
                        ending.cancel()
                        await asyncio.gather(ending, return_exceptions=True)
            finally:
                await uninterrupted(_gone(end))

    async def _told(self, request: KeeperRequest) -> KeeperReply:
        with self._ask(request) as end:
            return (await _answer(end))[0]

    def _ask(self, request: KeeperRequest) -> socket.socket:
        """Gives the end on which it is answered."""
        ours, theirs = pair()
        with theirs:
            try:
                sent(self._line, request.packet, theirs)
            except OSError:
                ours.close()
                raise lost() from None
        return ours


async def _answer(end: socket.socket) -> _Answer:
    try:
        async with asyncio.timeout(BEGINS_WITHIN):
            packet, found = await received(end, 2)
    except OSError:  # TimeoutError is one
        raise lost() from None
    passed = [socket.socket(fileno=one) for one in found]
    if not packet:
        raise lost()
    reply = KeeperReply.model_validate_json(packet)
    if reply.why is not None:
        raise reply.why
    return reply, passed


async def _listen(end: socket.socket, over: "asyncio.Future[SessionEnd]") -> None:
    ended = SessionEnd(lost())
    with suppress(OSError):
        if packet := (await received(end))[0]:
            reply = KeeperReply.model_validate_json(packet)
            ended = SessionEnd(reply.why or lost(), reply.said)
    over.set_result(ended)


async def _gone(end: socket.socket) -> None:
    """The profile may be wanted again at once: so until the keeper has let go of it."""
    with suppress(OSError):  # TimeoutError is one
        end.shutdown(socket.SHUT_WR)
        async with asyncio.timeout(GONE_WITHIN):
            while (await received(end))[0]:
                pass
