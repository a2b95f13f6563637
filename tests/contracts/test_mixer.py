"""The sound of the scenes. The conference bridge keeps the same contract where its engine runs:
tests/bridge/connectors/sip/test_mixer.py.
"""

import asyncio
from pathlib import Path

import pytest

from bridge.audio.port import AudioPort, Clip, Source
from tests.contracts.mixer import WORDS, MixerContract, MixerWorld
from tests.fake_clock import FakeClockLoop
from tests.fakes import FakeMixer

FRAME = 0.02


class MemoryWorld(MixerWorld):
    def __init__(self, directory: Path) -> None:
        self.mixer = FakeMixer(directory)

    async def port(self) -> AudioPort:
        return AudioPort()

    def clip(self, seconds: float) -> Clip:
        return Clip("clip", Path("clip.wav"), seconds)

    def file(self) -> Source:
        return Source("file")

    async def says(self, port: AudioPort) -> None:
        await self.mixer.says(port, WORDS)

    async def carries(self, port: AudioPort, to: AudioPort) -> bool:
        return {port, to} in self.mixer.patches

    async def sounds(self, port: AudioPort) -> bool:
        await asyncio.sleep(FRAME)
        clips = any(one.port is port and not one.over for one in self.mixer.played)
        return clips or any(one.port is port and one.sounds for one in self.mixer.playbacks)


class TestFakeMixer(MixerContract):
    @pytest.fixture
    def event_loop_policy(self) -> asyncio.AbstractEventLoopPolicy:
        class Policy(asyncio.DefaultEventLoopPolicy):
            def new_event_loop(self) -> asyncio.AbstractEventLoop:
                return FakeClockLoop()

        return Policy()

    @pytest.fixture
    async def world(self, tmp_path: Path) -> MixerWorld:
        return MemoryWorld(tmp_path / "recordings")
