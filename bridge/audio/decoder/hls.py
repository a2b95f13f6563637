"""HTTP Live Streaming as one stream of bytes, segment after segment.

FFmpeg could do it, but it would open the addresses in it by itself, past the guard.
"""

import time
from collections.abc import Callable, Iterator

from bridge.audio.decoder.web import StationWeb
from bridge.playlists import LARGEST, HlsPlaylist, Segment, decoded, hls

SEGMENT = 20 << 20
"""Bytes."""
_FROM_END = 3  # RFC 8216 section 6.3.3: not nearer to the end than three target durations
_PATIENCE = 6
"""Target durations without a new segment, after which the station is gone."""


def parse(text: str, address: str) -> HlsPlaylist:
    """ValueError for what we cannot play: encrypted segments, and pieces of files."""
    playlist = hls(text, address)
    if any(segment.length is not None for segment in playlist.segments):
        raise ValueError("pieces of files")
    return playlist


def stream(
    web: StationWeb,
    address: str,
    playlist: HlsPlaylist,
    wait: Callable[[float], None] = time.sleep,
) -> Iterator[bytes]:
    """The sound of the `playlist` found at `address`; of its cheapest variant. Ends with the
    playlist, or with ValueError if nothing new comes any more.
    """
    if playlist.variants:
        address = playlist.cheapest
        playlist = _fetched(web, address)
    following = playlist.first
    if not playlist.ended:
        following += max(0, len(playlist.segments) - _FROM_END)
    initial: Segment | None = None
    idle = 0.0
    while True:
        # a station that begins to count anew after a restart
        if following > playlist.first + len(playlist.segments):
            following = playlist.first
        for number, segment in enumerate(playlist.segments, playlist.first):
            if number < following:
                continue
            if segment.initial and segment.initial != initial:
                initial = segment.initial
                yield web.blob(initial.address, SEGMENT)
            yield web.blob(segment.address, SEGMENT)
            following, idle = number + 1, 0.0
        if playlist.ended:
            return
        if idle > _PATIENCE * playlist.target:
            raise ValueError("nothing new comes")
        pause = playlist.target / 2
        wait(pause)
        idle += pause
        playlist = _fetched(web, address)


def _fetched(web: StationWeb, address: str) -> HlsPlaylist:
    return parse(decoded(web.blob(address, LARGEST)), address)
