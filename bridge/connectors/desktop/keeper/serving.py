"""One user's line, as the keeper serves it. Whoever asks may be anybody who broke into a worker."""

import asyncio
import logging
import socket
from contextlib import suppress

from pydantic import ValidationError

from bridge.connectors.desktop.keeper.messages import (
    KEEPER_REQUEST,
    ClaimProfile,
    HasProfile,
    KeeperReply,
    KeeperRequest,
    KeepProfiles,
    OpenSession,
    RemoveProfile,
)
from bridge.connectors.desktop.keeper.packets import received, sent, sockets
from bridge.connectors.desktop.sandbox.local import LocalSessions
from bridge.errors import HouseError

log = logging.getLogger(__name__)

MOST_AT_ONCE = 40
"""Requests of a user, sessions that run among them."""
LEAVES_WITHIN = 5.0
"""Seconds for a worker to let go of a session that is over."""


async def serve_line(line: socket.socket, sessions: LocalSessions) -> None:
    """Until its other end is closed; then nothing of the user's sessions is left. `sessions` opens
    in the profiles of that user alone.
    """
    with line:
        async with asyncio.TaskGroup() as tasks:
            running = set[asyncio.Task[None]]()
            try:
                while (asked := await received(line, 1))[0]:
                    packet, found = asked
                    for end in sockets(found):
                        if len(running) >= MOST_AT_ONCE:
                            end.close()
                            continue
                        task = tasks.create_task(_serve(packet, end, sessions))
                        running.add(task)
                        task.add_done_callback(running.discard)
            except OSError:
                pass  # as good as closed
            finally:
                for task in running:
                    task.cancel()


async def _serve(packet: bytes, end: socket.socket, sessions: LocalSessions) -> None:
    """Until it is answered, or nobody waits for it any longer."""
    with end:
        both = [
            asyncio.create_task(_answer(packet, end, sessions)),
            asyncio.create_task(_left(end)),
        ]
        try:
            await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for one in both:
                one.cancel()
            await asyncio.gather(*both, return_exceptions=True)


async def _answer(packet: bytes, end: socket.socket, sessions: LocalSessions) -> None:
    """Nothing that is asked ends more than its own answer."""
    try:
        request = KEEPER_REQUEST.validate_json(packet)
        try:
            await _do(request, end, sessions)
        except HouseError as why:
            sent(end, KeeperReply.fault(why).packet)
    except ValidationError as why:
        log.warning("a worker's request was not understood: %s", why.errors()[0]["type"])
    except OSError as why:
        log.warning("a worker's request could not be answered: %s", why.strerror)
    except Exception as why:
        # never its text: it may hold what somebody has answered
        log.error("a worker's request failed: %s", type(why).__name__)


async def _do(request: KeeperRequest, end: socket.socket, sessions: LocalSessions) -> None:
    match request:
        case OpenSession():
            await _open(request, end, sessions)
            return
        case ClaimProfile():
            profile = await sessions.claim()
            reply = KeeperReply(number=profile.number, place=profile.place)
        case HasProfile(number=number):
            reply = KeeperReply(number=number if await sessions.has(number) else 0)
        case RemoveProfile(number=number):
            await sessions.remove(number)
            reply = KeeperReply()
        case KeepProfiles(numbers=numbers):
            await sessions.keep_only(numbers)
            reply = KeeperReply()
    sent(end, reply.packet)


async def _open(asked: OpenSession, end: socket.socket, sessions: LocalSessions) -> None:
    begun = sessions.begun(asked.number, asked.recipe, asked.values, asked.rate)
    async with begun as session:
        with session.control, session.sound:  # the worker alone keeps them: the agent sees it go
            sent(end, KeeperReply().packet, session.control, session.sound)
        over = await session.over
        sent(end, KeeperReply.fault(over.fault, over.said).packet)
        await asyncio.sleep(LEAVES_WITHIN)  # its own end may not be seen before the reason


async def _left(end: socket.socket) -> None:
    """Until the worker has closed it, or says anything: it has nothing to say."""
    with suppress(OSError):
        await received(end)
