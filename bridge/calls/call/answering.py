"""Answering somebody who calls, and what is believed of what the caller's network tells."""

import asyncio

from bridge.calls.call.listener import Listener
from bridge.terms import Cause, Party

LONGEST_NAME = 200
WITHIN = 10.0
"""Seconds in which a caller's network must confirm that we answered (RFC 3261: the ACK)."""


class Answering:
    """The caller's end of one call, answered once at most."""

    def __init__(self, listener: Listener) -> None:
        self._listener = listener
        self._begun = False

    async def through(self) -> bool:
        """Answer, unless that was done; False when the caller's network does not confirm it."""
        if self._listener.established_at is not None:
            return True
        try:
            async with asyncio.timeout(WITHIN):
                if not self._begun:
                    self._begun = True
                    await self._listener.leg.answer()
                await self._listener.established()
        except TimeoutError:
            return False
        return True

    def farewell(self, cause: Cause) -> Cause:
        """What the caller's network is told: once answered, it is simply over."""
        return cause if self._listener.established_at is None else Cause.NORMAL


def legible(stranger: Party) -> Party:
    """Names come from strangers: no surrogates (they cannot be sent on), no line breaks, no
    novels.
    """
    address, name = (
        " ".join(text.encode("utf-8", "replace").decode().split())[:LONGEST_NAME]
        for text in (stranger.address, stranger.name)
    )
    return Party(address, name, stranger.network)
