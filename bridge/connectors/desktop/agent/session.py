"""The session from inside: its parts, from the first that starts to the last that ends.

When a part dies the session is over: the worker makes a new one, which is quicker than to know in
which state a client program is that has lost its sound card.
"""

import asyncio
import logging
import socket
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Literal, Self

from bridge.connectors.desktop.agent.bus import Bus
from bridge.connectors.desktop.agent.place import SessionPaths
from bridge.connectors.desktop.agent.program import Program
from bridge.connectors.desktop.agent.sound.sound import SessionSound
from bridge.connectors.desktop.agent.sound.sound_card import SoundCard
from bridge.connectors.desktop.agent.sound.streams import Streams
from bridge.connectors.desktop.protocol.messages import PartLost, Told

if TYPE_CHECKING:
    from bridge.connectors.desktop.agent.display.screen import VirtualScreen
    from bridge.connectors.desktop.agent.web.browser import Browser

log = logging.getLogger(__name__)

Part = Literal["bus", "sound", "screen", "browser"]


class Session:
    """`async with` it: bus, sound and, where wanted, a screen are up. OSError when one does not
    start.
    """

    screen: "VirtualScreen | None" = None
    browser: "Browser | None" = None

    def __init__(
        self,
        place: SessionPaths,
        packets: socket.socket,
        rate: int,
        tell: Callable[[Told], None],
        *,
        screen: bool,
        browser: bool,
    ) -> None:
        self.place = place
        self._tell = tell
        self._parts = AsyncExitStack()
        self.bus = Bus(place.run, tell)
        self._card = SoundCard(place.run)
        self.streams = Streams(self._card.server, tell)
        self.sound = SessionSound(packets, rate, self._card.server, tell)
        self.program = Program(tell)
        # what a session does not need, it does not load: each is some 10 MB
        if screen:
            from bridge.connectors.desktop.agent.display.screen import VirtualScreen

            self.screen = VirtualScreen(place.run, tell)
        if browser:
            from bridge.connectors.desktop.agent.web.browser import Browser

            self.browser = Browser(place.home, tell)

    async def __aenter__(self) -> Self:
        self._lost: asyncio.Future[Part] = asyncio.get_running_loop().create_future()
        async with AsyncExitStack() as parts:
            await parts.enter_async_context(self.bus)
            await parts.enter_async_context(self._card)
            await parts.enter_async_context(self.streams)
            await parts.enter_async_context(self.sound)
            if self.screen is not None:
                await parts.enter_async_context(self.screen)
                self._keep(parts, "screen", self.screen.lost())
            if self.browser is not None:
                await parts.enter_async_context(self.browser)
                self._keep(parts, "browser", self.browser.lost())
            self._keep(parts, "bus", self.bus.lost())
            for lost in (self._card.lost(), self.sound.lost(), self.streams.watch()):
                self._keep(parts, "sound", lost)
            parts.push_async_callback(self.program.end)
            self._parts = parts.pop_all()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._parts.aclose()

    async def lost(self) -> None:
        """Returns when a part has died; it was told."""
        self._tell(PartLost(part=await self._lost))

    @property
    def environment(self) -> dict[str, str]:
        """Of the programs in the session."""
        return {
            **self.place.environment,
            "DBUS_SESSION_BUS_ADDRESS": self.bus.address,
            "NO_AT_BRIDGE": "1",
            **self._card.environment,
            **(self.screen.environment if self.screen is not None else {}),
        }

    def _keep(self, parts: AsyncExitStack, part: Part, lost: Awaitable[None]) -> None:
        async def wait() -> None:
            try:
                await lost
            except Exception as why:
                log.error("the %s of the session failed: %s", part, type(why).__name__)
            if not self._lost.done():
                self._lost.set_result(part)

        async def stop() -> None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

        task = asyncio.create_task(wait())
        parts.push_async_callback(stop)
