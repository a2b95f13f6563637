"""The link of the stage plays, and a real one whose far end is an agent in this process."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from socket import socketpair

import pytest

from bridge.connectors.desktop.protocol.link import AgentLink
from bridge.connectors.desktop.protocol.messages import Reply, Told
from bridge.connectors.desktop.protocol.requests import REQUEST, Request
from bridge.errors import NetworkDown
from tests.bridge.connectors.desktop.calls.fake_link import FakeLink
from tests.contracts.agent_link import LinkContract, LinkWorld
from tests.peers.programs import until


class MemoryWorld(LinkWorld):
    def __init__(self) -> None:
        self.link = FakeLink()
        self.link.said = {"read": "Ada"}

    async def tells(self, *facts: Told) -> None:
        for fact in facts:
            self.link.facts.put_nowait(fact)

    def follows(self, request: type[Request], *facts: Told) -> None:
        self.link.effects[request] = list(facts)

    def refuses(self, request: Request, code: str) -> None:
        self.link.refused[request.kind] = code

    def says_nothing(self, request: type[Request]) -> None:
        self.link.silent.add(request)

    async def dies(self) -> None:
        self.link.fail(NetworkDown("desktop_lost"))

    async def asked(self, number: int) -> list[Request]:
        await until(lambda: len(self.link.asked) == number, f"{number} requests")
        return self.link.asked


class AgentWorld(LinkWorld):
    def __init__(
        self, link: AgentLink, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.link = link
        self._reader, self._writer = reader, writer
        self._came: list[Request] = []
        self._follow: dict[type[Request], tuple[Told, ...]] = {}
        self._refused: dict[str, str] = {}
        self._silent: set[type[Request]] = set()

    async def serve(self) -> None:
        with suppress(ConnectionResetError):
            while line := await self._reader.readline():
                request = REQUEST.validate_json(line)
                self._came.append(request.model_copy(update={"id": 0}))
                await self.tells(*self._follow.get(type(request), ()))
                if type(request) not in self._silent:
                    text = "Ada" if request.kind == "read" else ""
                    code = self._refused.get(request.kind, "")
                    await self.tells(Reply(id=request.id, code=code, text=text))

    async def tells(self, *facts: Told) -> None:
        for fact in facts:
            self._writer.write(fact.model_dump_json().encode() + b"\n")

    def follows(self, request: type[Request], *facts: Told) -> None:
        self._follow[request] = facts

    def refuses(self, request: Request, code: str) -> None:
        self._refused[request.kind] = code

    def says_nothing(self, request: type[Request]) -> None:
        self._silent.add(request)

    async def dies(self) -> None:
        self._writer.close()

    async def asked(self, number: int) -> list[Request]:
        await until(lambda: len(self._came) == number, f"{number} requests")
        return self._came


class TestFakeLink(LinkContract):
    @pytest.fixture
    async def world(self) -> LinkWorld:
        return MemoryWorld()


class TestAgentLink(LinkContract):
    @pytest.fixture
    async def world(self) -> AsyncIterator[LinkWorld]:
        (ours, theirs), (sound, far_sound) = socketpair(), socketpair()
        link = await AgentLink.over(ours, sound)
        world = AgentWorld(link, *await asyncio.open_unix_connection(sock=theirs))
        serving = asyncio.create_task(world.serve())
        yield world
        await link.close()
        await serving
        await world.dies()
        far_sound.close()
