"""Whose turn it is in a folder: its account's session, or its user, who signs in once more."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bridge.errors import NetworkDown


class ProfileLock:
    """Of one folder, in this process; across processes its lock is Folder.occupied."""

    def __init__(self) -> None:
        self._taken = asyncio.Lock()
        self._wanted = asyncio.Event()

    @asynccontextmanager
    async def to_serve(self) -> AsyncIterator[None]:
        """Waits while somebody signs in."""
        async with self._taken:
            yield

    @asynccontextmanager
    async def to_sign_in(self) -> AsyncIterator[None]:
        """A session that runs makes way."""
        self._wanted.set()
        try:
            async with self._taken:
                self._wanted.clear()
                yield
        finally:
            self._wanted.clear()

    async def over(self) -> None:
        """For a session that serves: NetworkDown("desktop_signing_in") when it must make way."""
        await self._wanted.wait()
        raise NetworkDown("desktop_signing_in")
