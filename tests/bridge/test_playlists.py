"""Playlists of every kind, among them what nobody honest would write."""

from contextlib import suppress
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.playlists import LARGEST, HlsPlaylist, Segment, entries, hls, is_hls, is_playlist

ADDRESS = "https://cdn.example/show/index.m3u8"
BASE = "https://cdn.example/show/"
PLS = """[playlist]
NumberOfEntries=2
File1=http://radio.test/one
Title1=One
Length1=-1
File2=https://radio.test/two?x=1
Version=2
"""


def playlist(*lines: str, end: bool = True) -> str:
    return "\n".join(["#EXTM3U", "#EXT-X-VERSION:3", *lines, *(["#EXT-X-ENDLIST"] if end else [])])


def segments(*lines: str) -> list[Segment]:
    return list(hls(playlist(*lines), ADDRESS).segments)


def test_addresses_come_in_their_order() -> None:
    assert entries(PLS, "http://a.test/x.pls") == [
        "http://radio.test/one",
        "https://radio.test/two?x=1",
    ]
    m3u = (
        "#EXTM3U\r\n#EXTINF:-1,One\r\n/one\r\n\r\n  two.mp3\r\nfile:///etc/passwd\r\nrtsp://x/\r\n"
    )
    assert entries(m3u, "http://a.test/b/x.m3u") == [
        "http://a.test/one",
        "http://a.test/b/two.mp3",
    ]


def test_what_is_odd_costs_nothing_but_itself() -> None:
    text = f"[playlist]\nFile1=http://[::1\nfile2 = http://a.test/{'x' * 9000}\nFile3=\nFile4\n"
    assert entries(f"{text}FILE05  =  http://a.test/five  \n", ADDRESS) == ["http://a.test/five"]


@pytest.mark.parametrize(
    "text",
    [
        "[playlist]" + "\n" * 500_000,
        "[playlist]" + " " * 500_000,
        "[playlist]\nFile1=" + " " * 10**6,
    ],
    ids=["lines", "spaces", "an address"],
)
def test_a_list_of_stations_is_read_in_the_time_of_its_length(text: str) -> None:
    begun = process_time()
    assert entries(text, ADDRESS) == []
    assert process_time() - begun < 2


@pytest.mark.parametrize(
    ("address", "mime", "is_one"),
    [
        ("http://a.test/x.pls", "", True),
        ("http://a.test/x.M3U?key=1", "text/plain", True),
        ("http://a.test/x", "audio/x-mpegurl", True),
        ("http://a.test/x.mp3", "audio/mpeg", False),
        ("http://a.test/m3u", "audio/aac", False),
    ],
)
def test_playlists_are_known_by_type_or_ending(address: str, mime: str, is_one: bool) -> None:
    assert is_playlist(address, mime) is is_one


def test_hls_is_told_from_a_list_of_stations() -> None:
    assert is_hls("#EXTM3U\n#EXT-X-TARGETDURATION:6\n#EXTINF:6,\na.ts\n")
    assert not is_hls("#EXTM3U\n#EXTINF:-1,One\nhttp://a.test/\n")


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
        Segment(BASE + "all.mp4", 700, 1000, initial=Segment(BASE + "all.mp4", 0, 700)),
        Segment(BASE + "all.mp4", 1700, 500, initial=Segment(BASE + "all.mp4", 0, 700)),
    ]


def test_the_cheapest_variant_is_enough() -> None:
    found = hls(
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
    found = hls(
        playlist(
            '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="Deutsch",URI="sound.m3u8"',
            '#EXT-X-STREAM-INF:BANDWIDTH=64000,AUDIO="a"',
            "video.m3u8",
        ),
        ADDRESS,
    )
    assert found.cheapest == BASE + "sound.m3u8"


def test_the_sound_of_a_picture_is_chosen() -> None:
    text = (
        '#EXTM3U\n#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="x",URI="sound.m3u8"\n'
        '#EXT-X-STREAM-INF:BANDWIDTH=300000,CODECS="avc1,mp4a",AUDIO="a"\nvideo.m3u8\n'
    )
    assert hls(text, ADDRESS).variants == ((300000, BASE + "sound.m3u8"),)


def test_a_playlist_is_read() -> None:
    text = (
        '#EXTM3U\n#EXT-X-TARGETDURATION:6\n#EXT-X-MEDIA-SEQUENCE:17\n#EXT-X-MAP:URI="init.mp4"\n'
        "#EXTINF:6.0,title\nseventeen.m4s\n\n#EXTINF:6,\n//other.test/eighteen.m4s\n#EXT-X-ENDLIST\n"
    )
    initial = Segment(BASE + "init.mp4")
    assert hls(text, ADDRESS) == HlsPlaylist(
        segments=(
            Segment(BASE + "seventeen.m4s", initial=initial),
            Segment("https://other.test/eighteen.m4s", initial=initial),
        ),
        first=17,
        target=6.0,
        ended=True,
    )


@pytest.mark.parametrize(
    "line",
    [
        "#EXT-X-TARGETDURATION:soon",
        "#EXT-X-MEDIA-SEQUENCE:",
        "#EXT-X-STREAM-INF:BANDWIDTH=inf",
        "#EXT-X-BYTERANGE:-1@0",
        "#EXT-X-BYTERANGE:1@1000000000000000",
    ],
)
def test_what_cannot_be_read_is_a_value_error(line: str) -> None:
    with pytest.raises(ValueError):
        hls(f"#EXTM3U\n{line}\na.ts\n", ADDRESS)


def test_what_says_that_it_is_not_encrypted_is_not() -> None:
    assert segments("#EXT-X-KEY:METHOD=NONE", "#EXTINF:6,", "a.ts") == [Segment(BASE + "a.ts")]


def test_what_only_pictures_need_is_not_looked_at() -> None:
    lines = [
        "#EXT-X-PROGRAM-DATE-TIME:now",
        "#EXT-X-I-FRAME-STREAM-INF:",
        "#EXT-X-PART:",
    ]
    assert segments("#EXT-X-TARGETDURATION:6.4", *lines, "#EXTINF:6,", "a.ts") == [
        Segment(BASE + "a.ts")
    ]


@pytest.mark.parametrize(
    "lines",
    [
        ["#EXTINF:1,", "a"] * 50_000,
        [f"#EXT-X-KEY:METHOD=NONE,I={number}" for number in range(90_000)],
        ['#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",URI="x"', "#EXT-X-STREAM-INF:AUDIO=a", "v"] * 30_000,
        ["#EXT-X-STREAM-INF:" + "\"',a" * 500_000],
        ["a"] * 1_000_000,
    ],
    ids=["segments", "keys", "media", "quotes", "lines"],
)
def test_no_text_takes_long(lines: list[str]) -> None:
    """Of the largest that is fetched at all; the machine may be busy."""
    begun = process_time()
    with suppress(ValueError):
        hls(playlist(*lines)[:LARGEST], ADDRESS)
    assert process_time() - begun < 3


_TELLING = ["#EXT-X-MAP:URI=", "#EXT-X-BYTERANGE:", "#EXT-X-BYTERANGE:٣@x", "#EXT-X-KEY:"]
_TELLING += ["#EXTINF:", "#EXTINF:1,", "#EXT-X-MAP:", "#EXT-X-STREAM-INF:"]
_TELLING += ["#EXT-X-STREAM-INF:BANDWIDTH=x", '#EXT-X-MEDIA:TYPE=AUDIO,URI="http://["']


@given(st.lists(st.sampled_from([*_TELLING, "http://[", "a"]) | st.text(max_size=20)))
def test_nonsense_is_refused_and_nothing_worse(lines: list[str]) -> None:
    with suppress(ValueError):
        hls(playlist(*lines), ADDRESS)
