"""What is woven into streams, and what leads to them."""

from collections.abc import Iterator

import pytest

from bridge.audio.decoder.icy import IcyReader
from bridge.audio.decoder.playlists import entries, is_hls, is_playlist
from bridge.audio.decoder.web import ByteStream

PLS = """[playlist]
NumberOfEntries=2
File1=http://radio.test/one
Title1=One
Length1=-1
File2=https://radio.test/two?x=1
Version=2
"""


def block(text: bytes) -> bytes:
    units = -(-len(text) // 16)
    return bytes([units]) + text.ljust(16 * units, b"\0")


def pieces(stream: bytes, size: int) -> Iterator[bytes]:
    return (stream[at : at + size] for at in range(0, len(stream), size))


@pytest.mark.parametrize("size", [1, 7, 1000])
@pytest.mark.parametrize("wanted", [3, 4096])
def test_titles_are_taken_out_and_told(size: int, wanted: int) -> None:
    blocks = [
        block("StreamTitle='Ärzte - Schrei';StreamUrl='';".encode()),
        block(b""),
        block("StreamTitle='Ärzte - Schrei';".encode("latin-1")),
        block(b"StreamTitle='It's me';StreamUrl='http://x/';"),
        block(b"no title at all"),
    ]
    woven = b"".join(b"0123456789" + each for each in blocks)
    told: list[str] = []
    reader = IcyReader(ByteStream(pieces(woven, size)), 10, told.append)
    sound = bytearray()
    while piece := reader.read(wanted):
        sound += piece
    assert sound == b"0123456789" * len(blocks)
    assert told == ["Ärzte - Schrei", "Ärzte - Schrei", "It's me"]


@pytest.mark.parametrize("cut", range(10, 30))
def test_a_stream_that_breaks_off_anywhere_just_ends(cut: int) -> None:
    woven = b"0123456789" + block(b"StreamTitle='x';") + b"0123456789"
    reader = IcyReader(ByteStream(iter([woven[:cut]])), 10, lambda title: None)
    sound = b"".join(iter(lambda: reader.read(4), b""))
    assert sound == (b"0123456789" * 2)[: max(10, 10 + cut - 27)]


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
