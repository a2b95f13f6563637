"""Good manners towards other people's servers: few connections at a time, and pauses when asked."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bridge.errors import NetworkDown, Throttled

LONGEST_REST = 24 * 3600.0
"""A server that wants a longer pause gets this one."""
DOWN_FOR = 60.0
"""Seconds for which a server that did not answer is not tried again, whatever it is wanted for."""


class Hosts:
    """At most `total` connections, `each` of them to one host."""

    def __init__(self, total: int, each: int) -> None:
        self._total = asyncio.Semaphore(total)
        self._each = each
        self._hosts: dict[str, asyncio.Semaphore] = {}
        self._users: Counter[str] = Counter()
        self._rest_until: dict[str, float] = {}
        self._down_until: dict[str, float] = {}

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[None]:
        """Waits for a turn. Throttled("feed_throttled") or NetworkDown("feed_unreachable") when
        the host turned out to want none while we waited.
        """
        self._users[host] += 1
        gate = self._hosts.setdefault(host, asyncio.Semaphore(self._each))
        try:
            # the host's turn first: who waits for a slow one must not take the others' places
            async with gate, self._total:
                self._check(host)
                yield
        finally:
            self._users[host] -= 1
            if not self._users[host]:
                del self._users[host], self._hosts[host]

    def rests(self, host: str, seconds: float) -> float:
        """It asked for a pause (Retry-After); how long it gets."""
        given = min(seconds, LONGEST_REST)
        self._rest_until[host] = asyncio.get_running_loop().time() + given
        return given

    def is_down(self, host: str) -> None:
        self._down_until[host] = asyncio.get_running_loop().time() + DOWN_FOR

    def _check(self, host: str) -> None:
        now = asyncio.get_running_loop().time()
        if (left := self._rest_until.get(host, now) - now) > 0:
            raise Throttled("feed_throttled", left, host=host)
        if self._down_until.get(host, now) > now:
            raise NetworkDown("feed_unreachable", host=host)
        self._rest_until.pop(host, None)
        self._down_until.pop(host, None)
