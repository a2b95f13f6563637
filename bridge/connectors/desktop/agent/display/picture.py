"""Pictures with numbers on them, without a font or a library for it."""

import struct
import zlib
from collections.abc import Iterator

_ROWS = (
    ("111", "101", "101", "101", "111"),
    ("010", "110", "010", "010", "111"),
    ("111", "001", "111", "100", "111"),
    ("111", "001", "111", "001", "111"),
    ("101", "101", "111", "001", "001"),
    ("111", "100", "111", "001", "111"),
    ("111", "100", "111", "101", "111"),
    ("111", "001", "010", "010", "010"),
    ("111", "101", "111", "101", "111"),
    ("111", "101", "111", "001", "111"),
)
"""Five rows of three dots for each digit."""
DOT = 3
"""Pixels: how large a dot is."""
HEIGHT = 5 * DOT


def width(number: int) -> int:
    """Of its digits, in pixels."""
    return (4 * len(str(number)) - 1) * DOT


def dots(number: int, x: int, y: int) -> Iterator[tuple[int, int]]:
    """The upper left corners of the dots that write `number`, which begins at (x, y)."""
    for place, digit in enumerate(str(number)):
        for row, bits in enumerate(_ROWS[int(digit)]):
            for column, bit in enumerate(bits):
                if bit == "1":
                    yield x + (4 * place + column) * DOT, y + row * DOT


def png(width: int, height: int, pixels: bytes) -> bytes:
    """Of pixels as X has them: rows of blue, green, red and a byte that is nothing."""
    rows = bytearray(height * (3 * width + 1))
    for row in range(height):
        line = pixels[row * width * 4 : (row + 1) * width * 4]
        begin = row * (3 * width + 1) + 1  # after the byte for "no filter"
        for colour in range(3):
            rows[begin + colour : begin + 3 * width : 3] = line[2 - colour :: 4]
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(content))
        + kind
        + content
        + struct.pack(">I", zlib.crc32(kind + content))
        for kind, content in ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 6)), (b"IEND", b""))
    )
