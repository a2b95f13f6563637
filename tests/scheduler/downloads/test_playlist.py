from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.errors import BadInput
from scheduler.downloads.playlist import Segment, parsed

ADDRESS = "https://cdn.example/show/index.m3u8"
BASE = "https://cdn.example/show/"


def playlist(*lines: str, end: bool = True) -> str:
    return "\n".join(["#EXTM3U", "#EXT-X-VERSION:3", *lines, *(["#EXT-X-ENDLIST"] if end else [])])


def segments(*lines: str) -> list[Segment]:
    return list(parsed(playlist(*lines), ADDRESS).segments)


def test_segments_in_their_order() -> None:
    found = segments(
        "#EXTINF:6.0,", "a.ts", "", "#EXTINF:6.0,", "/b.ts", "#EXTINF:1,", "//x.example/c"
    )
    assert [each.address for each in found] == [
        BASE + "a.ts",
        "https://cdn.example/b.ts",
        "https://x.example/c",
    ]


def test_parts_of_one_file() -> None:
    assert segments(
        '#EXT-X-MAP:URI="all.mp4",BYTERANGE="700@0"',
        "#EXTINF:6,",
        "#EXT-X-BYTERANGE:1000@700",
        "all.mp4",
        "#EXTINF:6,",
        "#EXT-X-BYTERANGE:500",
        "all.mp4",
    ) == [
        Segment(BASE + "all.mp4", 0, 700),
        Segment(BASE + "all.mp4", 700, 1000),
        Segment(BASE + "all.mp4", 1700, 500),
    ]


def test_the_cheapest_variant_is_enough() -> None:
    found = parsed(
        playlist(
            '#EXT-X-STREAM-INF:BANDWIDTH=128000,CODECS="mp4a.40.2,avc1"',
            "high.m3u8",
            "#EXT-X-STREAM-INF:BANDWIDTH=64000",
            "low.m3u8",
            end=False,
        ),
        ADDRESS,
    )
    assert found.cheapest == BASE + "low.m3u8"


def test_sound_alone_is_better_than_pictures() -> None:
    found = parsed(
        playlist(
            '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="Deutsch",URI="sound.m3u8"',
            '#EXT-X-STREAM-INF:BANDWIDTH=64000,AUDIO="a"',
            "video.m3u8",
        ),
        ADDRESS,
    )
    assert found.cheapest == BASE + "sound.m3u8"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<html>",
        playlist("#EXTINF:6,", "a.ts", end=False),
        playlist(),
        playlist('#EXT-X-KEY:METHOD=AES-128,URI="key"', "#EXTINF:6,", "a.ts"),
        playlist("#EXT-X-STREAM-INF:BANDWIDTH=1"),
        playlist(*["a.ts"] * 20_001),
    ],
    ids=["nothing", "page", "live", "empty", "encrypted", "no variant", "too many"],
)
def test_what_cannot_be_an_episode(text: str) -> None:
    with pytest.raises(BadInput, match="bad_audio"):
        parsed(text, ADDRESS)


def test_what_says_that_it_is_not_encrypted_is_not() -> None:
    assert segments("#EXT-X-KEY:METHOD=NONE", "#EXTINF:6,", "a.ts") == [Segment(BASE + "a.ts")]


_TELLING = ["#EXT-X-MAP:URI=", "#EXT-X-BYTERANGE:", "#EXT-X-BYTERANGE:٣@x", "#EXT-X-KEY:"]
_TELLING += ["#EXT-X-STREAM-INF:BANDWIDTH=x", '#EXT-X-MEDIA:TYPE=AUDIO,URI="http://["']


@given(st.lists(st.sampled_from([*_TELLING, "http://[", "a"]) | st.text(max_size=20)))
def test_nonsense_is_refused_and_nothing_worse(lines: list[str]) -> None:
    with suppress(BadInput):
        parsed(playlist(*lines), ADDRESS)
