"""One feed's turn: it is asked, and what it says is understood. Nothing is kept here."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import httpx

from bridge.errors import BadInput, HouseError, UnknownTarget
from bridge.store.engine.addresses import web_address
from bridge.store.listening.feeds import Feed
from bridge.store.listening.fetched import FeedItem, Fetched
from bridge.terms import FeedState
from scheduler.feeds import pace
from scheduler.feeds.feed_document import Document, FeedEntry
from scheduler.feeds.reading import FeedReader
from scheduler.web import Web, WebAnswer

LARGEST = 10_000_000
"""Bytes of a feed, unpacked."""
WITHIN = 60.0
"""Seconds for all of it."""
_CONDITIONS = {"ETag": "If-None-Match", "Last-Modified": "If-Modified-Since"}
_MAX_AGE = re.compile(r"(?:^|[,\s])max-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)
_ACCEPT = "application/rss+xml, application/atom+xml, application/xml;q=0.9, */*;q=0.5"


@dataclass(frozen=True)
class Unchanged:
    """The feed has nothing new."""

    interval: timedelta
    validators: dict[str, str]
    moved: str = ""
    """The address under which it is from now on."""


@dataclass(frozen=True)
class FeedNews:
    """The feed has changed; what it says now."""

    fetched: Fetched
    interval: timedelta
    skip_hours: tuple[int, ...] = ()
    moved: str = ""


async def asked(feed: Feed, web: Web, reading: FeedReader, now: datetime) -> Unchanged | FeedNews:
    """The errors of scheduler.web, BadInput("feed_broken"), and UnknownTarget("no_feed_there")
    for a web page that was never a feed.

    Such a page may link a feed, which is then the one that was meant.
    """
    answer, document = await _read(feed.address, feed.validators, web, reading)
    if document is None:
        known = timedelta(seconds=feed.interval_seconds)
        paused = pace.when_unchanged(known, feed.changed or feed.created, now)
        paused = pace.at_least(paused, _max_age(answer.headers))
        return Unchanged(paused, _validators(answer.headers), _address(answer.moved))
    moved = answer.moved
    if not document.is_feed and feed.state is FeedState.LOOKING and document.feeds:
        moved = document.feeds[0]
        answer, document = await _read(moved, {}, web, reading)
        moved = answer.moved or moved
    if document is None or not document.is_feed:
        host = answer.response.url.host
        if feed.state is FeedState.LOOKING:
            raise UnknownTarget("no_feed_there", host=host)
        raise BadInput("feed_broken", host=host)
    return _found(answer, document, document.moved or moved, now)


async def _read(
    address: str, validators: Mapping[str, str], web: Web, reading: FeedReader
) -> tuple[WebAnswer, Document | None]:
    """No document: it has not changed."""
    known = {_CONDITIONS[name]: value for name, value in validators.items() if name in _CONDITIONS}
    async with web.opened(address, {"Accept": _ACCEPT, **known}) as answer:
        body = await answer.body(LARGEST, WITHIN)
        if answer.status == httpx.codes.NOT_MODIFIED and known:
            return answer, None
        # within its turn: not more feeds are in memory than there are turns
        kind = answer.headers.get("content-type", "")
        return answer, await reading.read(body, answer.address, kind)


def _found(answer: WebAnswer, document: Document, moved: str | None, now: datetime) -> FeedNews:
    items = tuple(map(_item, document.entries))
    fetched = Fetched(
        title=document.title,
        link=document.link,
        cover=document.cover,
        language=document.language,
        validators=_validators(answer.headers),
        items=items,
    )
    dates = [item.published for item in items if item.published]
    interval = pace.interval(dates, now, _max_age(answer.headers), document.ttl_minutes)
    return FeedNews(fetched, interval, document.skip_hours, _address(moved))


def _item(entry: FeedEntry) -> FeedItem:
    return FeedItem(
        guid=entry.guid,
        title=entry.title,
        published=None if entry.published is None else _date(entry.published),
        enclosure=entry.enclosure,
        mime=entry.mime,
        size=entry.size,
        seconds=entry.seconds,
        link=entry.link,
        notes=entry.notes,
    )


def _date(seconds: int) -> datetime | None:
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _validators(headers: httpx.Headers) -> dict[str, str]:
    """Verbatim, quotes and W/ included: they are opaque (RFC 9110 section 8.8)."""
    return {name: headers[name] for name in _CONDITIONS if name in headers}


def _max_age(headers: httpx.Headers) -> float:
    found = _MAX_AGE.search(headers.get("cache-control", ""))
    return float(found[1]) if found else 0.0


def _address(moved: str | None) -> str:
    """As the store spells it; one that cannot be used is none."""
    try:
        return web_address(moved, "bad_feed_address") if moved else ""
    except HouseError:
        return ""
