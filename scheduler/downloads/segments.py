"""An episode that comes in segments (HLS): its playlist and every piece of it are fetched by us,
through the guard. No media library opens an address.
"""

import asyncio

from pydantic import TypeAdapter

from bridge.children.kinds import PLAYLISTS
from bridge.children.reader import Reader, ReadingRefused
from bridge.errors import BadInput, NetworkDown
from bridge.playlists import LARGEST, HlsPlaylist, Segment
from scheduler.downloads.part import Part
from scheduler.web import Web

MOST = 20_000
"""Segments."""
_WITHIN = 60.0
"""Seconds for a playlist, or a segment."""
READ_WITHIN = 20.0
"""Seconds until a playlist is understood."""
_BEGINNING = b"#EXTM3U"
_PLAYLIST: TypeAdapter[HlsPlaylist] = TypeAdapter(HlsPlaylist)


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
    initial: Segment | None = None
    for segment in playlist.segments:
        if segment.initial and segment.initial != initial:
            initial = segment.initial
            part.add(await _segment(web, initial, largest - part.size))
        part.add(await _segment(web, segment, largest - part.size))
    await asyncio.to_thread(part.settle)


async def episode(body: bytes, address: str) -> HlsPlaylist:
    """BadInput("bad_audio") for what is no playlist, is encrypted, or has no end: a live one never
    would be an episode.
    """
    async with Reader(PLAYLISTS, READ_WITHIN) as reader:
        try:
            playlist = await reader.ask(_PLAYLIST, body, address=address)
        except ReadingRefused:
            raise BadInput("bad_audio") from None
    found = len(playlist.segments) if playlist.ended else 0
    if not playlist.variants and not 0 < found <= MOST:
        raise BadInput("bad_audio")
    return playlist


async def _playlist(web: Web, address: str) -> HlsPlaylist:
    answer, body = await web.fetched(address, LARGEST, _WITHIN)
    return await episode(body, answer.address)


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
