"""How fast calls may begin: the wheel aborts the process when sockets are opened faster than its
table forgets them.

A call takes two of 64 keys, and a key is free again 500 ms after its socket was closed (facts
measured on the wheel 2.15.1; docs/decisions/0003-pacing.md).
"""

import asyncio
from collections import deque

STARTS = 6
WINDOW = 0.6
MIN_LIFE = 0.3
"""Seconds between an INVITE's arrival and our refusal: a slot that is held cannot be filled again
by a flood.
"""


class Pace:
    """At most STARTS calls in WINDOW seconds."""

    def __init__(self) -> None:
        self._starts: deque[float] = deque(maxlen=STARTS)
        self._turn = asyncio.Lock()

    async def wait(self) -> None:
        """Returns when the next call may begin."""
        loop = asyncio.get_running_loop()
        async with self._turn:
            if len(self._starts) == STARTS:
                await asyncio.sleep(max(0.0, self._starts[0] + WINDOW - loop.time()))
            self.count()

    def count(self) -> None:
        """A call began that nobody could hold up: one that came in."""
        self._starts.append(asyncio.get_running_loop().time())
