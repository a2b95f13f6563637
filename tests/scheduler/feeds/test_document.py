from datetime import UTC, datetime

import pytest
from pydantic import TypeAdapter
from pydantic_core import to_json

from scheduler.feeds.document import Document, FeedEntry, understood
from tests.scheduler.feeds import shapes

ADDRESS = "https://daily.example/feed/rss.xml"


def document(body: bytes | str, kind: str = "text/xml") -> Document:
    return understood(body if isinstance(body, bytes) else body.encode(), ADDRESS, kind)


def only(body: bytes | str, kind: str = "text/xml") -> FeedEntry:
    entries = document(body, kind).entries
    assert len(entries) == 1
    return entries[0]


def with_sound(sound: str, more: str = "") -> bytes:
    return shapes.rss(f"<item><title>One</title><guid>1</guid>{sound}{more}</item>")


def test_an_ordinary_podcast() -> None:
    found = document(shapes.rss(shapes.item(1000), shapes.item(999)))
    assert (found.is_feed, found.title, found.language) == (True, "The Daily", "de-DE")
    assert found.link == "https://daily.example/"
    assert found.cover == "https://daily.example/cover.jpg"
    newest, before = found.entries
    assert newest == FeedEntry(
        guid="guid-1000",
        title="Episode 1000",
        published=int(shapes.NEWEST.timestamp()),
        enclosure="https://cdn.example/1000.mp3",
        mime="audio/mpeg",
        size=10001000,
        seconds=2580.0,
        link="https://daily.example/1000",
        notes="Show & tell 1000",
    )
    assert before.guid == "guid-999"


def test_it_survives_the_way_through_json() -> None:
    found = document(shapes.rss(shapes.item(1), more="<skipHours><hour>3</hour></skipHours>"))
    assert TypeAdapter(Document).validate_json(to_json(found)) == found


def test_atom() -> None:
    entry = only(shapes.ATOM)
    assert (entry.guid, entry.title, entry.notes) == ("urn:one", "Bold & brave", "Notes")
    assert entry.enclosure == "https://daily.example/one.ogg"
    assert entry.published == int(datetime(2026, 3, 1, 7, tzinfo=UTC).timestamp())
    assert document(shapes.ATOM).title == "Atomic"


def test_rss_of_the_nineties_with_sound_as_yahoo_wrote_it() -> None:
    entry = only(shapes.RDF)
    assert (entry.title, entry.size, entry.seconds) == ("First", 9, 61.0)
    assert entry.enclosure == "https://old.example/1.mp3"


@pytest.mark.parametrize(
    ("coding", "kind"),
    [
        ("iso-8859-1", "application/rss+xml"),
        ("utf-16", "application/rss+xml"),
        ("windows-1252", "application/rss+xml"),
        ("utf-8", "text/xml; charset=utf-8"),
    ],
)
def test_other_encodings(coding: str, kind: str) -> None:
    told = shapes.rss(shapes.item(1), title="Käse für Straßen").decode()
    found = document(told.replace('encoding="UTF-8"', f'encoding="{coding}"').encode(coding), kind)
    assert found.title == "Käse für Straßen"
    assert len(found.entries) == 1


def test_the_bytes_are_right_when_the_declaration_is_not() -> None:
    told = shapes.rss(shapes.item(1), title="Käse").decode().encode("iso-8859-1")
    assert document(told).title == "Käse"


@pytest.mark.parametrize(
    "broken",
    [
        shapes.rss(shapes.item(1)).replace(b"Episode 1", b"Tom & Jerry <3"),
        shapes.rss(shapes.item(1)).removesuffix(b"</channel></rss>"),
        b"\n\n  " + shapes.rss(shapes.item(1)),
        shapes.rss(shapes.item(1)).replace(b"xmlns:itunes", b"xmlns:other"),
        shapes.rss(shapes.item(1)).replace(b"Episode 1", b"Ep \x0b\x00 1"),
    ],
    ids=["ampersand", "cut off", "late", "undeclared", "control characters"],
)
def test_broken_xml_is_read_all_the_same(broken: bytes) -> None:
    assert only(broken).enclosure == "https://cdn.example/1.mp3"


@pytest.mark.parametrize(
    ("sound", "expected"),
    [
        ('<enclosure url="a.mp3" type="audio/mpeg" length=""/>', "a.mp3"),
        ('<enclosure url=" a.mp3 "/>', "a.mp3"),
        ('<enclosure url="a" type=""/>', "a"),
        ('<enclosure url="get?id=5" type="application/octet-stream"/>', "get?id=5"),
        ('<enclosure url="a.m3u8" type="application/x-mpegURL"/>', "a.m3u8"),
        ('<enclosure url="a.M4A?x=1" type="text/html"/>', "a.M4A?x=1"),
        ('<enclosure url="v.mp4" type="video/mp4"/>', "v.mp4"),
        (
            '<enclosure url="v.mp4" type="video/mp4"/><enclosure url="a.mp3" type="audio/mpeg"/>',
            "a.mp3",
        ),
        ('<media:content url="a.ogg" type="audio/ogg"/>', "a.ogg"),
    ],
)
def test_sound_in_every_wrapping(sound: str, expected: str) -> None:
    assert only(with_sound(sound)).enclosure == f"https://daily.example/feed/{expected}"


@pytest.mark.parametrize(
    "sound",
    [
        "",
        '<enclosure url="a.jpg" type="image/jpeg"/>',
        '<enclosure url="a.torrent" type="application/octet-stream"/>',
        '<enclosure url="" type="audio/mpeg"/>',
        '<media:content url="a.png" type="image/png"/>',
    ],
)
def test_what_has_no_sound_is_no_episode(sound: str) -> None:
    assert document(with_sound(sound)).entries == ()


def test_addresses_that_are_not_of_the_web_are_left_out() -> None:
    entry = only(with_sound('<enclosure url="a.mp3"/>', "<link>javascript:alert(1)</link>"))
    assert entry.link == ""
    assert only(with_sound('<enclosure url="file:///etc/passwd.mp3"/>')).enclosure == ""


def test_titles_are_one_line_without_markup() -> None:
    told = shapes.rss(shapes.item(1)).replace(
        b"Episode 1", b"<![CDATA[ <i>Part</i> one\n &amp; 2 &lt; 3 ]]>"
    )
    assert only(told).title == "Part one & 2 < 3"


def test_the_longer_notes_are_the_notes() -> None:
    long = "<content:encoded><![CDATA[<p>Long</p><p>one</p>]]></content:encoded>"
    more = f"<description>Short</description>{long}"
    assert only(with_sound('<enclosure url="a.mp3"/>', more)).notes == "Long\n\none"


@pytest.mark.parametrize("date", ["yesterday", "", "Thu, 99 Foo 2026 25:61:00 GMT"])
def test_a_date_that_is_none(date: str) -> None:
    assert only(shapes.rss(shapes.item(1, date))).published is None


def test_what_the_feed_wants() -> None:
    more = (
        "<ttl>120</ttl><skipHours><hour>3</hour><hour>24</hour></skipHours>"
        "<itunes:new-feed-url>https://new.example/feed</itunes:new-feed-url>"
    )
    found = document(shapes.rss(shapes.item(1), more=more))
    assert (found.ttl_minutes, found.skip_hours) == (120, (0, 3))
    assert found.moved == "https://new.example/feed"


def test_a_web_page_is_no_feed_but_may_know_one() -> None:
    page = """<!doctype html><html><head><title>A & B</title>
    <link rel="stylesheet" href="x.css"><link rel="alternate" hreflang="de" href="/de">
    <link rel="alternate" type="application/rss+xml; charset=utf-8" href="/podcast.xml">
    <link rel="alternate" type="application/atom+xml" href="atom.xml"></head><body><p>x"""
    found = document(page, "text/html")
    assert not found.is_feed
    assert found.feeds == (
        "https://daily.example/podcast.xml",
        "https://daily.example/feed/atom.xml",
    )


@pytest.mark.parametrize("body", [b"", b"hello", b"{}", b"\xff\xfe\x00", b"<html>", b"%PDF-1.7"])
def test_anything_else_is_no_feed(body: bytes) -> None:
    assert document(body, "text/plain") == Document(False)


def test_text_that_looks_like_an_address_or_a_file_is_neither_opened() -> None:
    assert not document("/etc/passwd").is_feed
    assert not document("http://127.0.0.1:9/feed").is_feed


def test_five_thousand_items() -> None:
    found = document(shapes.rss(*(shapes.item(number) for number in range(5000, 0, -1))))
    assert len(found.entries) == 5000
    assert found.entries[0].notes and not found.entries[-1].notes
