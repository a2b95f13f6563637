"""An episode that comes in segments (HLS): its playlist and every piece of it are fetched by us,
through the guard. No media library opens an address.
"""

import asyncio

from bridge.errors import BadInput, NetworkDown
from scheduler.downloads.part import Part
from scheduler.downloads.playlist import Playlist, Segment, parsed
from scheduler.web import Web

PLAYLIST = 2_000_000
"""Bytes."""
_WITHIN = 60.0
"""Seconds for a playlist, or a segment."""
TYPES = {"application/vnd.apple.mpegurl", "application/x-mpegurl", "audio/mpegurl"}
TYPES |= {"audio/x-mpegurl"}
_BEGINNING = b"#EXTM3U"


def is_playlist(path_of: str, mime: str) -> bool:
    return mime in TYPES or path_of.lower().endswith(".m3u8")


def looks_like_playlist(beginning: bytes) -> bool:
    return beginning.removeprefix(b"\xef\xbb\xbf").startswith(_BEGINNING)


async def gather(web: Web, address: str, part: Part, largest: int) -> None:
    """All segments, one after another, in `part`. BadInput("bad_audio" | "feed_too_large"), and the
    errors of scheduler.web.
    """
    playlist = await _playlist(web, address)
    if playlist.variants:
        playlist = await _playlist(web, playlist.cheapest)
    part.begin(address)
    for segment in playlist.segments:
        part.add(await _segment(web, segment, largest - part.size))
    await asyncio.to_thread(part.settle)


async def _playlist(web: Web, address: str) -> Playlist:
    answer, body = await web.fetched(address, PLAYLIST, _WITHIN)
    return parsed(body.decode("utf-8", errors="replace"), answer.address)


async def _segment(web: Web, segment: Segment, largest: int) -> bytes:
    if segment.length is None:
        _, body = await web.fetched(segment.address, largest, _WITHIN)
        return body
    if segment.length > largest:
        raise BadInput("feed_too_large", host="")
    last = segment.first + segment.length - 1
    headers = {"Range": f"bytes={segment.first}-{last}", "Accept-Encoding": "identity"}
    answer, body = await web.fetched(segment.address, largest, _WITHIN, headers)
    if answer.status != 206:  # the whole of it
        body = body[segment.first : last + 1]
    if len(body) != segment.length:
        raise NetworkDown("feed_unreachable", host=answer.response.url.host)
    return body
