"""What a Speaker promises (bridge.audio.port)."""

import asyncio

import pytest

from bridge.audio.port import Speaker
from bridge.audio.voice.tones import TONES


class SpeakerContract:
    @pytest.fixture
    def speaker(self) -> Speaker:
        raise NotImplementedError("each side gives its speaker")

    async def test_what_is_said_can_be_told_apart(self, speaker: Speaker) -> None:
        short, long = "Ada calls.", "Ada calls, and she calls about the engine."
        clips = [await speaker.say(text, "en") for text in (short, long)]
        assert [clip.text for clip in clips] == [short, long]
        assert 0 < clips[0].seconds < clips[1].seconds
        assert len({clip.path for clip in clips}) == 2

    async def test_each_language_has_its_voice(self, speaker: Speaker) -> None:
        clips = await asyncio.gather(*(speaker.say("Information", to) for to in ("de", "en")))
        assert len({clip.path for clip in clips}) == 2

    async def test_the_same_is_said_once(self, speaker: Speaker) -> None:
        assert await speaker.say("Ada calls.", "en") == await speaker.say("Ada calls.", "en")

    @pytest.mark.parametrize("name", sorted(TONES))
    async def test_tones(self, speaker: Speaker, name: str) -> None:
        tone = await speaker.tone(name)
        assert tone.text == name and tone.seconds > 0
        assert tone == await speaker.tone(name)

    async def test_a_tone_that_there_is_not(self, speaker: Speaker) -> None:
        with pytest.raises(KeyError):
            await speaker.tone("nonsense")
