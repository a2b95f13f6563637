"""The caller's end of a call: answered once at most, and hung up whatever happens."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bridge.calls.call.call import Call
from bridge.calls.call.listener import Listener, hang_up
from bridge.scope import Scope, uninterrupted
from bridge.terms import Cause, EndedBy

WITHIN = 10.0
"""Seconds in which a caller's network must confirm that we answered (RFC 3261: the ACK)."""


class Answering:
    """Of one call, whose caller `listener` hears."""

    def __init__(self, call: Call, listener: Listener) -> None:
        self._call = call
        self._listener = listener
        self._begun = False

    @asynccontextmanager
    async def attending(self) -> AsyncIterator[Scope]:
        """The body is left when the caller is gone or the call ends; then the caller is hung up."""
        async with self._listener.attending() as body:
            self._call.leave = body.leave
            try:
                yield body
            finally:
                ending = self._call.note_end(Cause.FAILED, EndedBy.HOUSE)
                # once answered, it is simply over
                over = ending.cause if self._listener.established_at is None else Cause.NORMAL
                await uninterrupted(hang_up(self._listener.leg, over))

    async def through(self) -> None:
        """Answer, unless that was done. The call ends when the caller's network does not confirm
        it.
        """
        if self._listener.established_at is not None:
            return
        try:
            async with asyncio.timeout(WITHIN):
                if not self._begun:
                    self._begun = True
                    await self._listener.leg.answer()
                await self._listener.established()
        except TimeoutError:
            self._call.end(Cause.NETWORK_LOST, EndedBy.CALLER)
            await asyncio.Future()  # the body is being left
