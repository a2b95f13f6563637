"""What can be an episode, of all that is HLS."""

import pytest

from bridge.errors import BadInput
from bridge.playlists import hls
from scheduler.downloads.segments import episode

ADDRESS = "https://cdn.example/show/index.m3u8"


def playlist(*lines: str, end: bool = True) -> str:
    return "\n".join(["#EXTM3U", "#EXT-X-VERSION:3", *lines, *(["#EXT-X-ENDLIST"] if end else [])])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<html>",
        playlist("#EXTINF:6,", "a.ts", end=False),
        playlist(),
        playlist('#EXT-X-KEY:METHOD=AES-128,URI="key"', "#EXTINF:6,", "a.ts"),
        playlist("#EXT-X-STREAM-INF:BANDWIDTH=1"),
        playlist(*["#EXTINF:6,", "a.ts"] * 20_001),
    ],
    ids=["nothing", "page", "live", "empty", "encrypted", "no variant", "too many"],
)
async def test_what_cannot_be_an_episode(text: str) -> None:
    with pytest.raises(BadInput, match="bad_audio"):
        await episode(text.encode(), ADDRESS)


async def test_its_parts_are_those_that_were_written() -> None:
    text = playlist('#EXT-X-MAP:URI="i.mp4"', "#EXTINF:6,", "#EXT-X-BYTERANGE:9@3", "a.ts")
    assert await episode(text.encode(), ADDRESS) == hls(text, ADDRESS)
