"""Titles that are woven into streams."""

from collections.abc import Iterator

import pytest

from bridge.audio.decoder.icy import IcyReader
from bridge.audio.decoder.web import ByteStream


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
