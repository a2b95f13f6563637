"""A session that is opened by hand, behind the product's own walls."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bridge.audio.pjmedia.mixer import ConferenceMixer
from bridge.audio.pjmedia.stream import StreamPort
from bridge.calls.ports.leg import Leg
from bridge.connectors.desktop.protocol.link import AgentLink
from bridge.connectors.desktop.protocol.messages import SoundDrifted
from bridge.connectors.desktop.protocol.requests import Flow
from bridge.connectors.desktop.sandbox.folder import Folder, Folders
from bridge.connectors.desktop.sandbox.network import InternetAccess
from bridge.connectors.desktop.sandbox.opening import Sandbox
from bridge.connectors.desktop.sandbox.walls import Needs
from bridge.errors import HouseError
from tests.bridge.connectors.desktop.uids import own_uids


@dataclass
class Session:
    folder: Folder
    link: AgentLink
    slipped: list[SoundDrifted] = field(default_factory=list)

    @property
    def underruns(self) -> int:
        """In the session itself; what slips on the worker's side, its port counts."""
        return sum(one.underruns for one in self.slipped)

    @property
    def overruns(self) -> int:
        return sum(one.overruns for one in self.slipped)

    @asynccontextmanager
    async def joined(self, mixer: ConferenceMixer, leg: Leg) -> AsyncIterator[StreamPort]:
        """With a phone, as in a call."""
        async with (
            StreamPort.opened(mixer, self.link.sound) as port,
            mixer.patch(port, leg.audio),
        ):
            await self.link.ask(Flow(on=True))
            yield port
            await self.link.ask(Flow(on=False))

    async def listen(self) -> None:
        """Nobody else takes what is told."""
        async for told in self.link.told():
            if isinstance(told, SoundDrifted):
                self.slipped.append(told)


@asynccontextmanager
async def opened(directory: Path, needs: Needs, *shown: Path) -> AsyncIterator[Session]:
    folder = Folders(directory, own_uids()).claim()
    walls = Sandbox(way=InternetAccess(("127.0.0.1",)), shown=shown)
    async with walls.opened(folder, needs) as link:
        session = Session(folder, link)
        listening = asyncio.create_task(session.listen())
        try:
            yield session
        finally:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)
        if not listening.cancelled() and isinstance(why := listening.exception(), HouseError):
            raise why
