"""A podcast on a web server of ours: its feed (RSS 2.0), and the files of its episodes.

podcast = Podcast(web, "Bridge Stories")
podcast.publish("How it began", encoded(say("..."), directory / "one.mp3"))
podcast.address   # of the feed
"""

from __future__ import annotations

import mimetypes
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from tests.peers.web import WebServer


@dataclass(frozen=True)
class _Item:
    title: str
    address: str
    size: int
    mime: str
    published: datetime
    seconds: float


class Podcast:
    def __init__(self, web: WebServer, title: str) -> None:
        self.title = title
        self._web = web
        self._path = f"/{title.replace(' ', '-').lower()}"
        self._items: list[_Item] = []
        self.address = web.address(f"{self._path}.xml")
        self._write()

    def publish(self, title: str, sound: Path, seconds: float) -> None:
        """As of now, or a moment after the one before."""
        path = f"{self._path}/{len(self._items)}{sound.suffix}"
        mime = mimetypes.guess_type(sound.name)[0] or "audio/mpeg"
        body = sound.read_bytes()
        address = self._web.put(path, body, mime, etag=f'"{len(self._items)}"')
        published = datetime.now(UTC) + timedelta(seconds=len(self._items))
        self._items.append(_Item(title, address, len(body), mime, published, seconds))
        self._write()

    def _write(self) -> None:
        items = "".join(
            f"<item><title>{escape(one.title)}</title><guid>{escape(one.address)}</guid>"
            f"<pubDate>{format_datetime(one.published)}</pubDate>"
            f"<itunes:duration>{round(one.seconds)}</itunes:duration>"
            f"<enclosure url={quoteattr(one.address)} length='{one.size}' type='{one.mime}'/>"
            "</item>"
            for one in self._items
        )
        feed = (
            "<?xml version='1.0' encoding='UTF-8'?>"
            "<rss version='2.0' xmlns:itunes='http://www.itunes.com/dtds/podcast-1.0.dtd'>"
            f"<channel><title>{escape(self.title)}</title>"
            f"<link>{self._web.address('/')}</link>{items}</channel></rss>"
        )
        self._web.put(f"{self._path}.xml", feed.encode(), etag=f'"v{len(self._items)}"')
