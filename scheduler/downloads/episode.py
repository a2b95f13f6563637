"""One episode is brought here: fetched, found to be sound, and put in its place."""

import asyncio
from pathlib import Path

from bridge.playlists import is_playlist
from bridge.store.listening.feeds import Episode
from scheduler.downloads import segments
from scheduler.downloads.inspection import inspect
from scheduler.downloads.part import Part
from scheduler.downloads.transfer import LARGEST, transfer
from scheduler.web import Web

_BEGINNING = 100
"""Bytes that tell a playlist from sound."""
_MATROSKA = "audio/x-matroska"


async def bring(web: Web, episode: Episode, target: Path) -> tuple[float, str | None]:
    """(seconds, media type if it is another one than the feed says); `target` is complete then.

    NetworkDown and Throttled when another try may succeed: what came so far is kept. Anything else
    is for good, and nothing is kept: the errors of scheduler.web, BadInput("bad_audio").
    """
    if _is_there(target):  # we were ended between the last two steps
        return await inspect(target), None
    with Part(target) as part:
        if is_playlist(episode.enclosure, episode.mime):
            return await _from_segments(web, episode.enclosure, part, target)
        kind = await transfer(web, episode.enclosure, part)
        if is_playlist(episode.enclosure, kind) or segments.looks_like_playlist(
            _beginning(part.path)
        ):
            return await _from_segments(web, episode.enclosure, part, target)
        seconds = await inspect(part.path)
        part.become(target)
        return seconds, None


async def _from_segments(
    web: Web, address: str, part: Part, target: Path
) -> tuple[float, str | None]:
    await segments.gather(web, address, part, LARGEST)
    whole = target.with_name(f"{target.name}.whole")
    try:
        seconds = await inspect(part.path, whole)
        await asyncio.to_thread(whole.replace, target)
    finally:
        whole.unlink(missing_ok=True)
    part.forget()
    return seconds, _MATROSKA


def _is_there(path: Path) -> bool:
    return path.exists()


def _beginning(path: Path) -> bytes:
    with path.open("rb") as opened:
        return opened.read(_BEGINNING)
