"""The voice of the scenes, and a real one."""

from pathlib import Path

import pytest

from bridge.audio.port import Speaker
from bridge.audio.voice.espeak import EspeakSpeaker
from tests.contracts.speaker import SpeakerContract
from tests.fakes import FakeSpeaker


class TestFakeSpeaker(SpeakerContract):
    @pytest.fixture
    def speaker(self) -> Speaker:
        return FakeSpeaker()


class TestEspeakSpeaker(SpeakerContract):
    @pytest.fixture
    def speaker(self, tmp_path: Path) -> Speaker:
        return EspeakSpeaker(tmp_path)
