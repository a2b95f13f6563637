"""A feed as its makers wrote it, understood: RSS 0.9 to 2.0, Atom, with iTunes' and Media RSS's
additions, whole or broken.

This runs in a process of its own (`scheduler.feeds.parser`): what it reads may be made to do harm.
Nothing heavy is imported here, and nothing of the store.
"""

import re
from calendar import timegm
from collections.abc import Iterable
from io import BytesIO
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urljoin, urlsplit

import feedparser

from scheduler.feeds import duration
from scheduler.feeds.feed_document import Document, FeedEntry
from scheduler.feeds.text import FEED_TYPES, linked_feeds, one_line, plain

MOST_ENTRIES = 10_000
WITH_NOTES = 1000
"""The first so many entries keep their notes: nobody reads those of older ones, and taking markup
apart is most of the work."""
_SOUND = ("audio/", "video/")
_PLAYLISTS = ("application/vnd.apple.mpegurl", "application/x-mpegurl")
_UNSURE = ("", "application/octet-stream", "binary/octet-stream", "application/force-download")
_SUFFIXES = re.compile(r"\.(aac|flac|m3u8|m4[abv]|mp[34]|og[ag]|opus|wav|webm)", re.IGNORECASE)
_DROPPED = re.compile(r"\.(jpe?g|png|gif|webp|pdf|html?|txt|zip|torrent|epub)", re.IGNORECASE)
_SKIPPED_HOURS = re.compile(rb"<skipHours>(.{0,2000}?)</skipHours>", re.DOTALL | re.IGNORECASE)
_HOUR = re.compile(rb"<hour>\s*(\d{1,2})\s*</hour>", re.IGNORECASE)
_HEAD = 100_000


def understood(body: bytes, address: str, content_type: str) -> Document:
    """What `body` is, which came from `address`."""
    found = feedparser.parse(
        BytesIO(body),  # never the bytes themselves: they could be read as an address or a path
        response_headers={"content-type": content_type, "content-location": address},
        resolve_relative_uris=False,  # three times as slow; ours below are enough
        sanitize_html=False,  # nobody gets to see markup
    )
    if not found.get("version"):
        return Document(False, feeds=tuple(_linked(body, address, content_type)))
    feed = found.feed
    entries = (_entry(each, place, address) for place, each in enumerate(found.entries))
    hours = {
        int(hour) % 24 for hour in _HOUR.findall(b"".join(_SKIPPED_HOURS.findall(body[:_HEAD])))
    }
    return Document(
        True,
        title=one_line(feed.get("title", "")),
        link=_absolute(feed.get("link", ""), address),
        cover=_absolute((feed.get("image") or {}).get("href", ""), address),
        language=feed.get("language", ""),
        entries=tuple(entry for entry in entries if entry)[:MOST_ENTRIES],
        moved=_absolute(feed.get("itunes_new-feed-url", ""), address),
        ttl_minutes=_number(feed.get("ttl")) or 0,
        skip_hours=tuple(sorted(hours)),
    )


def _entry(entry: Any, place: int, address: str) -> FeedEntry | None:
    sound = _sound(entry)
    if sound is None:
        return None
    where, mime, size, seconds = sound
    return FeedEntry(
        guid=entry.get("id", "").strip(),
        title=one_line(entry.get("title", "")),
        published=_published(entry),
        enclosure=_absolute(where, address),
        mime=mime,
        size=size,
        seconds=duration.seconds(str(entry.get("itunes_duration", ""))) or seconds,
        link=_absolute(entry.get("link", ""), address),
        notes=_notes(entry) if place < WITH_NOTES else "",
    )


def _sound(entry: Any) -> tuple[str, str, int | None, float | None] | None:
    """(address, type, bytes, seconds) of the enclosure, or what Media RSS has; sound rather than
    pictures that move.
    """
    candidates = [
        (each.get("href", ""), each.get("type", ""), each.get("length"), None)
        for each in entry.get("enclosures", ())
    ] + [
        (each.get("url", ""), each.get("type", ""), each.get("filesize"), each.get("duration"))
        for each in entry.get("media_content", ())
    ]
    fit = [
        (where.strip(), mime, _number(size), duration.seconds(str(seconds or "")))
        for where, kind, size, seconds in candidates
        if where.strip() and _is_sound(where, mime := kind.partition(";")[0].strip().lower())
    ]
    return min(fit, key=lambda each: each[1].startswith("video/"), default=None)


def _is_sound(where: str, mime: str) -> bool:
    suffix = PurePosixPath(_path_of(where)).suffix
    if mime.startswith(_SOUND) or mime in _PLAYLISTS or _SUFFIXES.fullmatch(suffix):
        return True
    return mime in _UNSURE and not _DROPPED.fullmatch(suffix)


def _path_of(where: str) -> str:
    try:
        return urlsplit(where).path
    except ValueError:
        return ""


def _published(entry: Any) -> int | None:
    parsed = entry.get("published_parsed") or entry.get("updated_parsed")
    try:
        return timegm(parsed) if parsed else None
    except (ValueError, OverflowError):
        return None


def _notes(entry: Any) -> str:
    """The longest of what there is: summaries are often the beginning of it."""
    told = [entry.get("summary", ""), *(each.get("value", "") for each in entry.get("content", ()))]
    return plain(max(told, key=len))


def _linked(body: bytes, address: str, content_type: str) -> Iterable[str]:
    if content_type.partition(";")[0].strip().lower() in FEED_TYPES:
        return ()  # it says that it is a feed, and is none
    found = linked_feeds(body.decode("utf-8", errors="replace"))
    return dict.fromkeys(filter(None, (_absolute(each, address) for each in found)))


def _absolute(where: str, address: str) -> str:
    """An http or https address, or nothing."""
    try:
        joined = urljoin(address, where.strip()) if where.strip() else ""
        return joined if urlsplit(joined).scheme in ("http", "https") else ""
    except ValueError:
        return ""


def _number(text: Any) -> int | None:
    found = re.match(r"\s*(\d{1,18})", str(text or ""))
    return int(found[1]) if found else None
