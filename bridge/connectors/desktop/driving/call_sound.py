"""The way of a program's sound to the house, open while a call lasts."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import replace
from typing import Protocol, cast

from bridge.audio.port import AudioPort
from bridge.connectors.desktop.protocol.link import AgentLink
from bridge.connectors.desktop.protocol.messages import SoundDrifted
from bridge.connectors.desktop.protocol.requests import Flow
from bridge.errors import NetworkDown
from bridge.terms import MediaReport


class SoundPort(Protocol):
    """The place of a call's sound; bridge.audio.pjmedia.stream.StreamPort is one."""

    @property
    def report(self) -> MediaReport: ...


class CallSound:
    """`open_port` gives the house's end of it, for one call."""

    def __init__(
        self, link: AgentLink, open_port: Callable[[], AbstractAsyncContextManager[SoundPort]]
    ) -> None:
        self._link, self._open_port = link, open_port
        self._opened = AsyncExitStack()
        self._port: SoundPort | None = None
        self._slipped = 0, 0
        """Underruns and overruns in the session itself, of this call."""

    async def open(self) -> None:
        self._slipped = 0, 0
        self._port = await self._opened.enter_async_context(self._open_port())
        await self._link.ask(Flow(on=True))

    async def close(self) -> None:
        """Twice is harmless. Of this call: the next may be opened meanwhile."""
        if self._port is not None:
            self._port = None
            async with self._opened.pop_all():
                await self._link.ask(Flow(on=False))

    async def drop(self) -> None:
        """The session is gone: nobody there can be told."""
        self._port = None
        await self._opened.aclose()

    @property
    def port(self) -> AudioPort:
        """NetworkDown when it is closed."""
        if self._port is None:
            raise NetworkDown("desktop_lost")
        return cast(AudioPort, self._port)

    @property
    def report(self) -> MediaReport:
        if self._port is None:
            return MediaReport()
        found, (underruns, overruns) = self._port.report, self._slipped
        return replace(
            found, underruns=found.underruns + underruns, overruns=found.overruns + overruns
        )

    def slipped(self, slipped: SoundDrifted) -> None:
        """It was told so."""
        underruns, overruns = self._slipped
        self._slipped = underruns + slipped.underruns, overruns + slipped.overruns
