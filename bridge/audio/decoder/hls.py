"""HTTP Live Streaming (RFC 8216) as one stream of bytes, segment after segment.

FFmpeg could do it, but it would open the addresses in it by itself, past the guard.
"""

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urljoin

from bridge.audio.decoder.playlists import LARGEST, decoded
from bridge.audio.decoder.web import StationWeb

SEGMENT = 20 << 20
"""Bytes."""
_FROM_END = 3  # RFC 8216 section 6.3.3: not nearer to the end than three target durations
_PATIENCE = 6
"""Target durations without a new segment, after which the station is gone."""
_ATTRIBUTE = re.compile(r'([A-Z0-9-]+)=("[^"]*"|[^,]*)')


@dataclass
class Playlist:
    """`variants` are (bits a second, address) of other playlists; `segments` are addresses, the
    first of which has the number `first`. `initial` is what comes before them (EXT-X-MAP).
    """

    variants: list[tuple[int, str]] = field(default_factory=list)
    segments: list[str] = field(default_factory=list)
    first: int = 0
    target: float = 5.0
    initial: str = ""
    ended: bool = False


def parse(text: str, base: str) -> Playlist:
    """ValueError for what we cannot play: encrypted segments, and pieces of files."""
    playlist, audio = Playlist(), dict[str, str]()
    variant: dict[str, str] | None = None
    for line in (each.strip() for each in text.splitlines()):
        tag, _, rest = line.partition(":")
        attributes = {name: value.strip('"') for name, value in _ATTRIBUTE.findall(rest)}
        match tag:
            case "#EXT-X-STREAM-INF":
                variant = attributes
            case "#EXT-X-MEDIA" if attributes.get("TYPE") == "AUDIO" and "URI" in attributes:
                audio.setdefault(attributes.get("GROUP-ID", ""), urljoin(base, attributes["URI"]))
            case "#EXT-X-TARGETDURATION":
                playlist.target = min(60.0, max(1.0, float(rest)))
            case "#EXT-X-MEDIA-SEQUENCE":
                playlist.first = int(rest)
            case "#EXT-X-MAP":
                playlist.initial = urljoin(base, attributes.get("URI", ""))
            case "#EXT-X-ENDLIST":
                playlist.ended = True
            case "#EXT-X-BYTERANGE":
                raise ValueError("pieces of files")
            case "#EXT-X-KEY" if attributes.get("METHOD") != "NONE":
                raise ValueError("encrypted")
            case _ if line and not line.startswith("#"):
                if variant is None:
                    playlist.segments.append(urljoin(base, line))
                else:
                    address = audio.get(variant.get("AUDIO", ""), urljoin(base, line))
                    rate = variant.get("BANDWIDTH", "")
                    playlist.variants.append((int(rate) if rate.isdigit() else 0, address))
                    variant = None
    return playlist


def stream(
    web: StationWeb, address: str, text: str, wait: Callable[[float], None] = time.sleep
) -> Iterator[bytes]:
    """The sound of the playlist `text`, found at `address`; of the thinnest variant: a telephone
    is no concert hall. Ends with the playlist, or with ValueError if nothing new comes any more.
    """
    playlist = parse(text, address)
    if playlist.variants:
        _, address = min(playlist.variants)
        playlist = _fetched(web, address)
    following = playlist.first
    if not playlist.ended:
        following += max(0, len(playlist.segments) - _FROM_END)
    initial, idle = "", 0.0
    while True:
        # a station that begins to count anew after a restart
        if following > playlist.first + len(playlist.segments):
            following = playlist.first
        for number, segment in enumerate(playlist.segments, playlist.first):
            if number < following:
                continue
            if playlist.initial != initial:
                initial = playlist.initial
                yield web.blob(initial, SEGMENT)
            yield web.blob(segment, SEGMENT)
            following, idle = number + 1, 0.0
        if playlist.ended:
            return
        if idle > _PATIENCE * playlist.target:
            raise ValueError("nothing new comes")
        pause = playlist.target / 2
        wait(pause)
        idle += pause
        playlist = _fetched(web, address)


def _fetched(web: StationWeb, address: str) -> Playlist:
    return parse(decoded(web.blob(address, LARGEST)), address)
