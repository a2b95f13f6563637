"""HLS playlists (RFC 8216), as far as a finished episode needs them."""

import re
from dataclasses import dataclass
from itertools import pairwise
from urllib.parse import urljoin

from bridge.errors import BadInput

MOST = 20_000
"""Segments."""
_ATTRIBUTE = re.compile(r'([A-Z0-9-]+)=("[^"]*"|[^,]*)')
_NO_NUMBER = re.compile(r"[^0-9]")


@dataclass(frozen=True)
class Segment:
    """`length` bytes of `address` from `first` on, or all of it."""

    address: str
    first: int = 0
    length: int | None = None


@dataclass(frozen=True)
class Playlist:
    """Either `variants`, (bits a second, address) each, or the `segments` that make the whole."""

    variants: tuple[tuple[int, str], ...] = ()
    segments: tuple[Segment, ...] = ()

    @property
    def cheapest(self) -> str:
        """A telephone needs no more."""
        return min(self.variants)[1]


def parsed(text: str, address: str) -> Playlist:
    """BadInput("bad_audio") for what is no playlist, is encrypted, or has no end."""
    try:
        return _parsed([line.strip() for line in text.splitlines() if line.strip()], address)
    except ValueError:  # of urljoin
        raise BadInput("bad_audio") from None


def _parsed(lines: list[str], address: str) -> Playlist:
    if not lines or not lines[0].lstrip("\ufeff").startswith("#EXTM3U"):
        raise BadInput("bad_audio")
    if any(line.startswith("#EXT-X-STREAM-INF") for line in lines):
        return Playlist(variants=tuple(_variants(lines, address)))
    if "#EXT-X-ENDLIST" not in lines:
        raise BadInput("bad_audio")  # live: it never would be an episode
    return Playlist(segments=tuple(_segments(lines, address)))


def _variants(lines: list[str], address: str) -> list[tuple[int, str]]:
    found = [
        (_number(_attributes(line).get("BANDWIDTH", "")), urljoin(address, following))
        for line, following in pairwise(lines)
        if line.startswith("#EXT-X-STREAM-INF:") and not following.startswith("#")
    ]
    # sound alone is a rendition; where it is named, nothing else has to be fetched
    found += [
        (0, urljoin(address, told["URI"]))
        for line in lines
        if line.startswith("#EXT-X-MEDIA:")
        and (told := _attributes(line)).get("TYPE") == "AUDIO"
        and told.get("URI")
    ]
    if not found:
        raise BadInput("bad_audio")
    return found


def _segments(lines: list[str], address: str) -> list[Segment]:
    found: list[Segment] = []
    span = ""
    for line in lines:
        if line.startswith("#EXT-X-KEY:") and _attributes(line).get("METHOD") != "NONE":
            raise BadInput("bad_audio")
        if line.startswith("#EXT-X-MAP:"):
            told = _attributes(line)
            beginning = urljoin(address, told.get("URI", ""))
            found.append(_segment(beginning, told.get("BYTERANGE", ""), found))
        elif line.startswith("#EXT-X-BYTERANGE:"):
            span = line.partition(":")[2]
        elif not line.startswith("#"):
            found.append(_segment(urljoin(address, line), span, found))
            span = ""
    if not found or len(found) > MOST:
        raise BadInput("bad_audio")
    return found


def _segment(address: str, span: str, before: list[Segment]) -> Segment:
    """`span` is LENGTH@FIRST, or LENGTH right after the one before."""
    if not span:
        return Segment(address)
    length, _, first = span.partition("@")
    follows = before[-1] if before and before[-1].address == address else None
    after = follows.first + (follows.length or 0) if follows else 0
    return Segment(address, _number(first) if first else after, _number(length))


def _attributes(line: str) -> dict[str, str]:
    told = line.partition(":")[2]
    return {name: value.strip('"') for name, value in _ATTRIBUTE.findall(told)}


def _number(text: str) -> int:
    digits = _NO_NUMBER.sub("", text)
    return int(digits[:15]) if digits else 0
