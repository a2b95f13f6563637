"""Playlists: files of addresses that lead to sound (.pls, .m3u), and those whose parts are the
sound (HLS, RFC 8216). Only texts are read here: nothing opens an address.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urljoin, urlsplit

import m3u8

LARGEST = 2_000_000
"""Bytes of a playlist."""
_TYPES = {
    "audio/x-scpls",
    "audio/scpls",
    "application/pls+xml",
    "audio/mpegurl",
    "audio/x-mpegurl",
    "application/mpegurl",
    "application/x-mpegurl",
    "application/vnd.apple.mpegurl",
}
_ENDINGS = (".pls", ".m3u", ".m3u8")
_PLS = re.compile(r"File\d+\s*=(.*)", re.IGNORECASE)
_MOST_LINES = 100_000
_LONGEST_LINE = 8192
"""Characters; what is longer is no address, and left out."""
_IN_FILES = range(10**15)
# what sound needs; by what else it reads, the library is slowed, or stumbles over what plays well
_READ = (
    "#EXTINF:",
    "#EXT-X-BYTERANGE:",
    "#EXT-X-ENDLIST",
    "#EXT-X-MAP:",
    "#EXT-X-MEDIA:",
    "#EXT-X-MEDIA-SEQUENCE:",
    "#EXT-X-STREAM-INF:",
)


@dataclass(frozen=True)
class Segment:
    """`length` bytes of `address` from `first` on, or all of it; `initial` comes before it
    (EXT-X-MAP), but once for all segments in a row that have the same.
    """

    address: str
    first: int = 0
    length: int | None = None
    initial: "Segment | None" = None


@dataclass(frozen=True)
class HlsPlaylist:
    """Either `variants`, (bits a second, address of another playlist) each, or `segments`, the
    first of which has the number `first`. `target` is how many seconds one lasts.
    """

    variants: tuple[tuple[int, str], ...] = ()
    segments: tuple[Segment, ...] = ()
    first: int = 0
    target: float = 5.0
    ended: bool = False

    @property
    def cheapest(self) -> str:
        """Where the thinnest variant is: a telephone is no concert hall."""
        return min(self.variants)[1]


def is_playlist(address: str, content_type: str) -> bool:
    """By its type; by its ending where the server says nothing that helps."""
    if content_type in _TYPES:
        return True
    return urlsplit(address).path.lower().endswith(_ENDINGS)


def is_hls(text: str) -> bool:
    """RFC 8216 section 4.1: only a playlist of segments has these tags."""
    return "#EXT-X-" in text


def entries(text: str, base: str) -> list[str]:
    """The http(s) addresses in a .pls or .m3u that was found at `base`, in their order."""
    found = _lines(text)
    if "[playlist]" in text[:200].lower():
        found = [match[1].strip() for line in found if (match := _PLS.fullmatch(line))]
    addresses = [_joined(base, each) for each in found if each and not each.startswith("#")]
    return [each for each in addresses if each.lower().startswith(("http://", "https://"))]


def _joined(base: str, written: str) -> str:
    """Empty for what is no address: the others are tried all the same."""
    try:
        return urljoin(base, written)
    except ValueError:
        return ""


def decoded(text: bytes) -> str:
    """UTF-8 if it is that, else Latin-1, as players of the time wrote it."""
    try:
        return text.decode("utf-8-sig")
    except UnicodeDecodeError:
        return text.decode("latin-1")


def hls(text: str, base: str) -> HlsPlaylist:
    """ValueError for what cannot be read, is encrypted, or is longer than any honest one."""
    lines, target = _lines(text), 5.0
    if len(lines) > _MOST_LINES:
        raise ValueError("too many lines")
    for line in lines:
        if line.startswith("#EXT-X-KEY:") and "METHOD=NONE" not in line:
            raise ValueError("encrypted")
        if line.startswith("#EXT-X-TARGETDURATION:"):  # the library takes no 6.0
            target = min(60.0, max(1.0, float(line.partition(":")[2])))
    try:
        told = m3u8.parse("\n".join(each for each in lines if _is_read(each)))
    except ArithmeticError as why:  # BANDWIDTH=inf
        raise ValueError(f"no number: {why}") from why
    return HlsPlaylist(
        variants=tuple(_variants(told, base)),
        segments=tuple(_segments(told["segments"], base)),
        first=told["media_sequence"] or 0,
        target=target,
        ended=told["is_endlist"],
    )


def _is_read(line: str) -> bool:
    return not line.startswith("#") or line.startswith(_READ)


def _variants(told: Any, base: str) -> Iterator[tuple[int, str]]:
    """Where a variant's sound is to be had alone, that is enough of it."""
    sounds: dict[str | None, str] = {}
    for media in told["media"]:
        if media.get("type") == "AUDIO" and "uri" in media:
            sounds.setdefault(media.get("group_id"), media["uri"])
    for variant in told["playlists"]:
        stream = variant["stream_info"]
        address = sounds.get(stream.get("audio"), variant["uri"])
        yield stream.get("bandwidth", 0), urljoin(base, address)


def _segments(told: Any, base: str) -> Iterator[Segment]:
    before = initial = None
    beginning: Any = None
    for each in told:
        if "uri" not in each:  # a tag without its address, at the end
            continue
        if each.get("init_section") is not beginning:
            beginning = each["init_section"]
            initial = _segment(beginning, base, None)
        before = replace(_segment(each, base, before), initial=initial)
        yield before


def _segment(told: Any, base: str, before: Segment | None) -> Segment:
    """Its range is LENGTH@FIRST, or LENGTH right after the one before."""
    address = urljoin(base, told.get("uri", ""))
    if "byterange" not in told:
        return Segment(address)
    length, at, first = told["byterange"].partition("@")
    after = before.first + (before.length or 0) if before and before.address == address else 0
    begin, size = int(first) if at else after, int(length)
    if begin not in _IN_FILES or size not in _IN_FILES:
        raise ValueError("no part of a file")
    return Segment(address, begin, size)


def _lines(text: str) -> list[str]:
    """Without those that say nothing, or too much."""
    lines = (each.strip() for each in text.splitlines())
    return [line for line in lines if 0 < len(line) <= _LONGEST_LINE]
