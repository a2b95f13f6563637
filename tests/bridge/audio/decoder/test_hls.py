"""HLS as a stream of bytes, from a real web server."""

import asyncio
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bridge.audio.decoder.hls import parse, stream
from bridge.audio.decoder.web import StationWeb
from bridge.audio.playback.playback import DecodedPlayback
from bridge.audio.port import Finished, Source
from bridge.errors import BadInput
from tests.bridge.audio.ear import RATE, Ear, on_loop
from tests.peers.ladder import encoded, ladder, second_in
from tests.peers.web import WebServer


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("hls")
    encoded(ladder(24), directory / "index.m3u8")
    return directory


@pytest.fixture
async def playback() -> AsyncIterator[DecodedPlayback]:
    async with DecodedPlayback(RATE, on_loop, ("127.0.0.1",)) as playback:
        yield playback


async def test_a_finished_playlist_is_played_to_its_end(
    playback: DecodedPlayback, files: Path
) -> None:
    async with WebServer(files) as web:
        await playback.load(Source(web.address("/index.m3u8"), live=True))
        await playback.play()
        ear = Ear(playback)
        heard = await ear.hears_all()
        assert heard.seconds == pytest.approx(24, abs=0.3)
        assert second_in(heard.after(10.3).parts(27)[0]) in (9, 10)
        assert await anext(playback.facts()) == Finished()


async def test_a_live_one_begins_near_its_end_and_goes_on(
    playback: DecodedPlayback, files: Path
) -> None:
    """The window of segments moves on with every look at the playlist."""
    looks = 0

    async def playlist(asked: object, writer: object) -> None:
        nonlocal looks
        looks += 1
        lines = ["#EXTM3U", "#EXT-X-TARGETDURATION:1", f"#EXT-X-MEDIA-SEQUENCE:{looks}"]
        lines += [f"#EXTINF:2,\n/index{number}.ts" for number in range(looks, looks + 5)]
        body = "\n".join([*lines, ""]).encode()
        head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        writer.write(head.encode() + body)  # type: ignore[attr-defined]

    async with WebServer(files) as web:
        web.script("/live/index.m3u8", playlist)
        master = "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=900000\n/dear.m3u8\n"
        master += "#EXT-X-STREAM-INF:BANDWIDTH=64000\nlive/index.m3u8\n"
        where = web.put("/master.m3u8", master.encode(), "application/vnd.apple.mpegurl")
        await playback.load(Source(where, live=True))
        await playback.play()
        heard = (await Ear(playback).hears(7.9)).parts(8)
        # three segments from the end of what was there first: segments 3 to 5, then the next ones
        assert [second_in(part) for part in heard] == pytest.approx(range(6, 14), abs=1)


async def test_what_is_encrypted_is_refused(playback: DecodedPlayback) -> None:
    body = b'#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI="k"\n#EXTINF:2,\na.ts\n#EXT-X-ENDLIST\n'
    async with WebServer() as web:
        with pytest.raises(BadInput, match="bad_audio"):
            await playback.load(Source(web.put("/a.m3u8", body, "audio/mpegurl"), live=True))


def test_pieces_of_files_are_not_played() -> None:
    text = "#EXTM3U\n#EXT-X-BYTERANGE:100@0\n#EXTINF:2,\na.ts\n"
    with pytest.raises(ValueError, match="pieces"):
        parse(text, "http://radio.test/hls/index.m3u8")


async def test_a_station_that_stands_still_is_gone() -> None:
    """No time passes here: pauses are only counted."""
    text = "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\nonly.ts\n"
    pauses: list[float] = []
    async with WebServer() as web:
        where = web.put("/live.m3u8", text.encode())
        web.put("/only.ts", b"sound")
        found: list[bytes] = []

        def listen() -> None:
            with StationWeb(lambda *place: socket.create_connection(place)) as client:
                found.extend(stream(client, where, parse(text, where), pauses.append))

        with pytest.raises(ValueError, match="nothing new"):
            await asyncio.to_thread(listen)
    assert sum(pauses) > 6 * 2
    assert found == [b"sound"]
