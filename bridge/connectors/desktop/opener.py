"""Who opens sessions for an account, and a session that was opened, as the account's side sees it.

Processes, users, mounts and networks are behind this. What comes through are a session's two file
descriptors, and the word that it is over.
"""

import asyncio
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Protocol

from bridge.connectors.desktop.protocol.link import AgentLink
from bridge.connectors.desktop.protocol.messages import Up
from bridge.connectors.desktop.protocol.requests import Leave
from bridge.errors import HouseError, NetworkDown, SetupFault
from bridge.scope import uninterrupted

UP_WITHIN, LEAVES_WITHIN = 30.0, 5.0
_SAYS_WHY_WITHIN = 2.0


@dataclass(frozen=True)
class Profile:
    """A place for one account's program: its `number` is kept with the account, its `place` among
    all, from 1, is what people can be told.
    """

    number: int
    place: int


class SessionOpener(Protocol):
    """Opens sessions in the profiles of one user, and in nobody else's."""

    async def claim(self) -> Profile:
        """A new one, empty; SetupFault("desktops_full")."""

    async def has(self, number: int) -> bool: ...

    async def remove(self, number: int) -> None:
        """With all that is in it; twice is harmless. Raises NetworkDown("desktop_occupied") while
        its session runs.
        """

    def opened(
        self, number: int, recipe: str, values: Mapping[str, str], rate: int
    ) -> AbstractAsyncContextManager[AgentLink]:
        """A session for the recipe of that name, until it is left; `values` are the answers to its
        questions that are no secrets, `rate` the samples a second on the link. LoginRejected
        ("sign_in_expired") where there is no such profile, SetupFault("desktop_no_session") when
        it does not come up, or ("no_recipe"), ("bad_recipe"), ("bad_authorities"); NetworkDown
        ("desktop_occupied").
        """


@dataclass(frozen=True)
class SessionEnd:
    """Why a session is over, and what its agent `said` last."""

    fault: HouseError
    said: str = ""


@dataclass(frozen=True)
class BegunSession:
    """Our ends of an agent's two pairs of sockets; whoever talks to it owns them."""

    control: socket.socket
    sound: socket.socket
    over: "asyncio.Future[SessionEnd]"


@asynccontextmanager
async def linked(session: BegunSession) -> AsyncIterator[AgentLink]:
    """Once it is up, until it is left. SetupFault("desktop_no_session")."""
    link = await AgentLink.over(session.control, session.sound)
    session.over.add_done_callback(lambda over: link.fail(over.result().fault))
    try:
        await _until_up(session, link)
        try:
            yield link
        finally:
            await uninterrupted(_leave(session, link))
    finally:
        await link.close()


async def _until_up(session: BegunSession, link: AgentLink) -> None:
    try:
        async with asyncio.timeout(UP_WITHIN):
            async for told in link.told():
                if isinstance(told, Up):
                    return
    except (HouseError, TimeoutError):
        await asyncio.wait([session.over], timeout=_SAYS_WHY_WITHIN)
        said = session.over.result().said if session.over.done() else ""
        raise SetupFault(
            "desktop_no_session",
            why=f"The session of a program did not come up: {said or 'it said nothing'}",
            remedy="Run make desktop, then python -m bridge doctor.",
        ) from None


async def _leave(session: BegunSession, link: AgentLink) -> None:
    """Kindly first: a browser that is torn off loses its latest cookies."""
    with suppress(HouseError):
        await link.ask(Leave(), LEAVES_WITHIN)
        await asyncio.wait([session.over], timeout=LEAVES_WITHIN)


def lost() -> NetworkDown:
    """A session that ended, and nobody knows better why."""
    return NetworkDown("desktop_lost")
