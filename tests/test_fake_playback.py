"""The stand-in keeps the promises of the interface that scenes rely on."""

import asyncio
from pathlib import Path

import pytest

from bridge.audio.port import AudioPort, Finished, Source, Titled
from bridge.errors import BadInput
from tests.fake_clock import FakeClockLoop
from tests.fakes import FakeMixer


@pytest.fixture
def event_loop_policy() -> asyncio.AbstractEventLoopPolicy:
    class Policy(asyncio.DefaultEventLoopPolicy):
        def new_event_loop(self) -> asyncio.AbstractEventLoop:
            return FakeClockLoop()

    return Policy()


async def test_the_position_moves_with_the_speed_and_ends_at_the_end(tmp_path: Path) -> None:
    mixer = FakeMixer(tmp_path)
    mixer.shelf.lengths["news"] = 60.0
    async with mixer.playback(AudioPort()) as playback:
        await playback.load(Source("news"), at=10.0)
        await asyncio.sleep(5)
        assert playback.position == 10.0
        await playback.play()
        await asyncio.sleep(4)
        await playback.set_speed(1.5)
        await asyncio.sleep(4)
        assert playback.position == pytest.approx(20.0)
        await playback.seek(57.0)
        facts = playback.facts()
        before = asyncio.get_running_loop().time()
        assert await anext(facts) == Finished()
        assert asyncio.get_running_loop().time() - before == pytest.approx(2.0)
        assert playback.position == 60.0
    assert mixer.playbacks[0].verbs == ["load", "play", "set_speed", "seek"]
    assert [fact async for fact in facts] == []


async def test_a_live_one_goes_on_while_it_is_paused(tmp_path: Path) -> None:
    mixer = FakeMixer(tmp_path)
    async with mixer.playback(AudioPort()) as playback:
        await playback.load(Source("http://radio.test/", live=True))
        await playback.play()
        await asyncio.sleep(5)
        await playback.pause()
        await asyncio.sleep(5)
        await playback.seek(1.0)
        assert playback.position == pytest.approx(10.0)
        assert playback.seconds is None
        mixer.playbacks[0].tell(Titled("Künstler"))
        assert await anext(playback.facts()) == Titled("Künstler")


async def test_what_cannot_be_loaded_is_told(tmp_path: Path) -> None:
    mixer = FakeMixer(tmp_path)
    mixer.shelf.faults["broken"] = BadInput("bad_audio")
    async with mixer.playback(AudioPort()) as playback:
        with pytest.raises(BadInput, match="bad_audio"):
            await playback.load(Source("broken"))
