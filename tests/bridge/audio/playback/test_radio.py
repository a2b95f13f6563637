"""Stations: a real Icecast, whose source goes and comes back."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import psutil
import pytest

from bridge.audio.playback.playback import DecodedPlayback
from bridge.audio.port import Finished, Interrupted, PlaybackFact, Returned, Source, Titled
from bridge.errors import BadInput, NetworkDown
from tests.bridge.audio.ear import RATE, Ear, on_loop
from tests.peers.icecast import Icecast
from tests.peers.ladder import encoded, ladder, second_in
from tests.peers.programs import free_port, until
from tests.peers.web import WebServer

pytestmark = pytest.mark.real
LENGTH = 40


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("files")
    for ending in ("mp3", "aac", "ogg", "opus"):
        encoded(ladder(LENGTH), directory / f"ladder.{ending}")
    return directory


@pytest.fixture
async def radio(tmp_path: Path) -> AsyncIterator[Icecast]:
    async with Icecast(tmp_path / "icecast", burst=100_000) as radio:
        yield radio


@pytest.fixture
async def playback() -> AsyncIterator[DecodedPlayback]:
    async with DecodedPlayback(RATE, on_loop, ("127.0.0.1",)) as playback:
        yield playback


@pytest.fixture
def ear(playback: DecodedPlayback) -> Ear:
    return Ear(playback)


@pytest.mark.parametrize("ending", ["mp3", "aac", "ogg", "opus"])
async def test_a_station_is_heard(
    radio: Icecast, playback: DecodedPlayback, ear: Ear, files: Path, ending: str
) -> None:
    async with radio.on_air(files / f"ladder.{ending}", LENGTH):
        await playback.load(Source(radio.address(), live=True))
        assert playback.seconds is None
        assert not ear.take()
        await playback.play()
        heard = [second_in(part) for part in (await ear.hears(3.0)).parts(12)]
        assert sorted(heard) == heard
        assert 2 <= heard[-1] - heard[0] <= 4


class Facts:
    """Reads them as they come."""

    def __init__(self, playback: DecodedPlayback) -> None:
        self.all: list[PlaybackFact] = []
        self._reading = asyncio.create_task(self._read(playback))

    async def _read(self, playback: DecodedPlayback) -> None:
        async for fact in playback.facts():
            self.all.append(fact)

    async def shows(self, ear: Ear, fact: PlaybackFact, timeout: float = 15.0) -> None:
        def told() -> bool:
            while ear.take():
                pass
            return fact in self.all

        await until(told, f"{fact}, told: {self.all}", timeout)


@pytest.mark.parametrize("charset", ["UTF-8", "ISO-8859-1"])
async def test_titles_are_told_in_either_charset(
    playback: DecodedPlayback, ear: Ear, files: Path, tmp_path: Path, charset: str
) -> None:
    async with (
        Icecast(tmp_path / "icecast", charset=charset) as radio,
        radio.on_air(files / "ladder.mp3", LENGTH),
    ):
        await radio.title("Künstler - Stück")
        await playback.load(Source(radio.address(), live=True))
        facts = Facts(playback)
        await facts.shows(ear, Titled("Künstler - Stück"))
        await radio.title("It's - 'another'; one")
        await facts.shows(ear, Titled("It's - 'another'; one"))


async def test_a_source_that_is_away_is_heard_again(
    radio: Icecast, playback: DecodedPlayback, ear: Ear, files: Path
) -> None:
    broadcast = radio.on_air(files / "ladder.mp3", LENGTH)
    await broadcast.begin()
    await radio.title("the same all day")
    await playback.load(Source(radio.address(), live=True))
    facts = Facts(playback)
    await playback.play()
    await facts.shows(ear, Titled("the same all day"))
    await broadcast.stop()
    await facts.shows(ear, Interrupted("stream_down"))
    async with broadcast:
        await radio.title("the same all day")
        await facts.shows(ear, Returned(), timeout=5.0)
        await ear.hears(3.0)
    assert facts.all == [Titled("the same all day"), Interrupted("stream_down"), Returned()]


async def test_a_short_gap_is_not_worth_a_word(
    radio: Icecast, playback: DecodedPlayback, ear: Ear, files: Path
) -> None:
    async with radio.on_air(files / "ladder.mp3", LENGTH) as broadcast:
        await playback.load(Source(radio.address(), live=True))
        facts = Facts(playback)
        await playback.play()
        await ear.hears(1.0)
        await broadcast.stop()
        await broadcast.begin()
        await ear.hears(4.0)
        assert facts.all == []


async def test_a_station_that_crashes_its_decoder_gets_another_one(
    radio: Icecast, playback: DecodedPlayback, ear: Ear, files: Path
) -> None:
    async with radio.on_air(files / "ladder.mp3", LENGTH):
        await playback.load(Source(radio.address(), live=True))
        facts = Facts(playback)
        await playback.play()
        psutil.Process(playback.decoders.pid).kill()
        await facts.shows(ear, Returned())
        await ear.hears(1.0)
        assert facts.all == [Interrupted("stream_down"), Returned()]


async def test_another_station_and_then_a_file(
    radio: Icecast, playback: DecodedPlayback, ear: Ear, files: Path
) -> None:
    async with radio.on_air(files / "ladder.mp3", LENGTH):
        for _ in range(2):
            await playback.load(Source(radio.address(), live=True))
            await playback.play()
            await ear.hears(0.5)
        await playback.set_speed(1.5)
        await playback.load(Source(str(files / "ladder.ogg")), at=11.0)
        await playback.play()
        assert second_in(await ear.hears(0.9)) == 11


async def test_a_station_goes_on_behind_a_pause(
    radio: Icecast, playback: DecodedPlayback, ear: Ear, files: Path
) -> None:
    async with radio.on_air(files / "ladder.mp3", LENGTH):
        await playback.load(Source(radio.address(), live=True))
        await playback.play()
        queue = playback._queue
        await until(lambda: queue.seconds > 4, "enough for two seconds of silence")
        before = second_in((await ear.hears(0.5)).after(0.3))
        await playback.pause()
        for _ in range(100):  # two seconds
            assert not ear.take()
        await playback.play()
        assert 2 <= second_in(await ear.hears(0.2)) - before <= 3


@pytest.mark.parametrize("path", ["nothing", "never-on-air"])
async def test_a_station_that_is_down_from_the_start_is_told(
    radio: Icecast, playback: DecodedPlayback, path: str
) -> None:
    where = f"http://127.0.0.1:{free_port()}/" if path == "nothing" else radio.address(path)
    with pytest.raises(NetworkDown, match="stream_down"):
        await playback.load(Source(where, live=True))


async def test_a_private_address_is_not_asked(radio: Icecast, files: Path) -> None:
    async with (
        radio.on_air(files / "ladder.mp3", LENGTH),
        DecodedPlayback(RATE, on_loop) as playback,
    ):
        with pytest.raises(NetworkDown, match="stream_down"):
            await playback.load(Source(radio.address(), live=True))


async def test_a_file_on_the_web_has_an_end(
    playback: DecodedPlayback, ear: Ear, files: Path
) -> None:
    async with WebServer() as web:
        where = web.put("/jingle", (files / "ladder.mp3").read_bytes()[:80_000], "audio/mpeg")
        await playback.load(Source(where, live=True))
        await playback.play()
        await Facts(playback).shows(ear, Finished())


@pytest.mark.parametrize(
    ("body", "mime"),
    [
        (b"<html>no station</html>", "text/html"),
        (b"<html>no station</html>", "audio/mpeg"),
        (b"", "audio/mpeg"),
        (b"[playlist]\nNumberOfEntries=0\n", "audio/x-scpls"),
    ],
)
async def test_what_is_no_station_is_refused(
    playback: DecodedPlayback, body: bytes, mime: str
) -> None:
    async with WebServer() as web:
        with pytest.raises(BadInput, match="bad_audio"):
            await playback.load(Source(web.put("/station", body, mime), live=True))


@pytest.mark.parametrize("depth", [1, 2])
async def test_playlists_lead_to_the_station(
    radio: Icecast, playback: DecodedPlayback, ear: Ear, files: Path, depth: int
) -> None:
    async with WebServer() as web, radio.on_air(files / "ladder.mp3", LENGTH):
        dead = f"http://127.0.0.1:{free_port()}/"
        pls = f"[playlist]\nFile1={dead}\nFile2={radio.address()}\nTitle1=x\nLength1=-1\n"
        where = web.put("/station.pls", pls.encode(), "audio/x-scpls")
        if depth == 2:
            where = web.put("/station.m3u", b"#EXTM3U\n#EXTINF:-1,x\nstation.pls\n", "text/plain")
        await playback.load(Source(where, live=True))
        await playback.play()
        await ear.hears(1.0)


async def test_playlists_are_not_followed_for_ever(playback: DecodedPlayback) -> None:
    async with WebServer() as web:
        where = web.put("/station.m3u", b"station.m3u\n", "audio/x-mpegurl")
        with pytest.raises(BadInput, match="bad_audio"):
            await playback.load(Source(where, live=True))
        assert len(web.asked) == 3


async def test_a_file_is_not_opened_for_a_station(playback: DecodedPlayback, files: Path) -> None:
    async with WebServer() as web:
        body = f"#EXTM3U\nfile://{files / 'ladder.mp3'}\n".encode()
        with pytest.raises(BadInput, match="bad_audio"):
            await playback.load(Source(web.put("/a.m3u", body, "audio/x-mpegurl"), live=True))
    for where in (str(files / "ladder.mp3"), f"file://{files / 'ladder.mp3'}"):
        with pytest.raises(NetworkDown, match="stream_down"):
            await playback.load(Source(where, live=True))
