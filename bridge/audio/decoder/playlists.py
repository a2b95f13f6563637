"""Addresses of stations are often files that hold the address: .pls and .m3u."""

import re
from urllib.parse import urljoin, urlsplit

LARGEST = 1 << 20
"""Bytes of a playlist, those of HLS included."""
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
_PLS = re.compile(r"^\s*File\d+\s*=\s*(\S.*?)\s*$", re.IGNORECASE | re.MULTILINE)


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
    found = _PLS.findall(text) if "[playlist]" in text[:200].lower() else _lines(text)
    addresses = [urljoin(base, each) for each in found]
    return [each for each in addresses if each.lower().startswith(("http://", "https://"))]


def decoded(text: bytes) -> str:
    """UTF-8 if it is that, else Latin-1, as players of the time wrote it."""
    try:
        return text.decode("utf-8-sig")
    except UnicodeDecodeError:
        return text.decode("latin-1")


def _lines(text: str) -> list[str]:
    stripped = (line.strip() for line in text.splitlines())
    return [line for line in stripped if line and not line.startswith("#")]
