"""Feeds as they are found in the wild."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

NEWEST = datetime(2026, 3, 3, 6, 0, tzinfo=UTC)

RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"
 xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:media="http://search.yahoo.com/mrss/"><channel>
<title>{title}</title><link>https://daily.example/</link><language>de-DE</language>
<itunes:image href="/cover.jpg"/>{more}{items}</channel></rss>"""

ITEM = """<item><title>Episode {number}</title><guid isPermaLink="false">guid-{number}</guid>
<pubDate>{date}</pubDate><link>https://daily.example/{number}</link>
<enclosure url="https://cdn.example/{number}.mp3" length="1000{number}" type="audio/mpeg"/>
<itunes:duration>43:00</itunes:duration>
<description><![CDATA[<p>Show &amp; tell {number}</p>]]></description></item>"""

ATOM = """<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>Atomic</title>
<link rel="alternate" href="https://atomic.example/"/><id>urn:atomic</id>
<entry><title type="html">&lt;b&gt;Bold&lt;/b&gt; &amp;amp; brave</title><id>urn:one</id>
<published>2026-03-01T08:00:00+01:00</published>
<link rel="enclosure" type="audio/ogg" length="77" href="/one.ogg"/>
<content type="html">&lt;p&gt;Notes&lt;/p&gt;</content></entry></feed>"""

RDF = """<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns="http://purl.org/rss/1.0/" xmlns:media="http://search.yahoo.com/mrss/"
 xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="https://old.example/"><title>Old one</title></channel>
<item rdf:about="https://old.example/1"><title>First</title><dc:date>2026-02-01T00:00:00Z</dc:date>
<media:content url="https://old.example/1.mp3" type="audio/mpeg" fileSize="9" duration="61"/>
</item></rdf:RDF>"""

LAUGHS = """<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "ha">{entities}]>
<rss version="2.0"><channel><title>&l9;</title>{items}</channel></rss>"""


def item(number: int, date: datetime | str | None = None) -> str:
    """Episodes come out once a day; the larger the number, the newer."""
    day = NEWEST - timedelta(days=1000 - number) if date is None else date
    return ITEM.format(number=number, date=day if isinstance(day, str) else format_datetime(day))


def rss(*items: str, title: str = "The Daily", more: str = "") -> bytes:
    return RSS.format(title=title, more=more, items="".join(items)).encode()


def laughs() -> bytes:
    """Billion laughs: ten times ten, nine times over."""
    entities = "".join(
        f'<!ENTITY l{level} "{f"&l{level - 1};" * 10 if level > 1 else "&a;" * 10}">'
        for level in range(1, 10)
    )
    return LAUGHS.format(entities=entities, items=item(1000)).encode()


def blowup() -> bytes:
    """Quadratic blowup: one long entity, many times."""
    entities = f'<!ENTITY l9 "{"ha" * 50_000}">'
    many = f"<item><title>{'&l9;' * 20_000}</title></item>"
    return LAUGHS.format(entities=entities, items=many).encode()
