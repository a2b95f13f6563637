"""The long sound of the scenes, and a real decoder's."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from bridge.audio.playback.playback import DecodedPlayback
from bridge.audio.playback.sound_queue import FRAME
from bridge.audio.port import AudioPort, Source
from bridge.errors import BadInput
from tests.bridge.audio.ear import RATE, Ear, on_loop
from tests.contracts.playback import LENGTH, PlaybackContract, PlaybackWorld
from tests.fake_clock import FakeClockLoop
from tests.fake_playback import FakePlayback, Shelf
from tests.peers.ladder import encoded, ladder
from tests.peers.web import Asked, WebServer


class MemoryWorld(PlaybackWorld):
    def __init__(self) -> None:
        shelf = Shelf(lengths={"file": LENGTH}, faults={"broken": BadInput("bad_audio")})
        self.playback = FakePlayback(AudioPort(), shelf)

    def file(self) -> Source:
        return Source("file")

    def broken(self) -> Source:
        return Source("broken")

    def station(self) -> Source:
        return Source("https://radio.example/live", live=True)

    async def hears(self, seconds: float) -> None:
        assert self.playback.sounds
        await asyncio.sleep(seconds)
        assert self.playback.sounds

    async def hears_the_rest(self) -> None:
        left = LENGTH - self.playback.position
        await asyncio.sleep(left / self.playback.speed + FRAME)
        assert not self.playback.sounds

    async def waits(self, seconds: float) -> None:
        assert not self.playback.sounds
        await asyncio.sleep(seconds)
        assert not self.playback.sounds

    async def leaves(self) -> None:
        self.playback.leave()


class DecodedWorld(PlaybackWorld):
    def __init__(self, directory: Path, web: WebServer) -> None:
        self.directory = directory
        self.live = web.script("/live", self._sends)
        self.playback = DecodedPlayback(RATE, on_loop, ("127.0.0.1",))
        self.leaving = AsyncExitStack()
        self._ear = Ear(self.playback)

    def file(self) -> Source:
        return Source(str(self.directory / "ladder.wav"))

    def broken(self) -> Source:
        return Source(str(self.directory / "broken"))

    def station(self) -> Source:
        return Source(self.live, live=True)

    async def hears(self, seconds: float) -> None:
        await self._ear.hears(seconds)

    async def hears_the_rest(self) -> None:
        await self._ear.hears_all()

    async def waits(self, seconds: float) -> None:
        for _ in range(round(seconds / FRAME)):
            assert not self._ear.take()
            await asyncio.sleep(0)

    async def leaves(self) -> None:
        await self.leaving.aclose()

    async def _sends(self, _: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.0 200 OK\r\nContent-Type: audio/mpeg\r\n\r\n")
        writer.write(await asyncio.to_thread((self.directory / "ladder.mp3").read_bytes))
        await asyncio.Event().wait()


class TestFakePlayback(PlaybackContract):
    @pytest.fixture
    def event_loop_policy(self) -> asyncio.AbstractEventLoopPolicy:
        class Policy(asyncio.DefaultEventLoopPolicy):
            def new_event_loop(self) -> asyncio.AbstractEventLoop:
                return FakeClockLoop()

        return Policy()

    @pytest.fixture
    async def world(self) -> PlaybackWorld:
        return MemoryWorld()


class TestDecodedPlayback(PlaybackContract):
    @pytest.fixture(scope="class")
    def files(self, tmp_path_factory: pytest.TempPathFactory) -> Path:
        directory = tmp_path_factory.mktemp("files")
        for ending in ("wav", "mp3"):
            encoded(ladder(LENGTH), directory / f"ladder.{ending}")
        (directory / "broken").write_bytes(b"no sound at all" * 100)
        return directory

    @pytest.fixture
    async def world(self, files: Path) -> AsyncIterator[PlaybackWorld]:
        async with WebServer() as web:
            world = DecodedWorld(files, web)
            async with world.leaving:
                await world.leaving.enter_async_context(world.playback)
                yield world
