"""Lists of podcasts go out and come in; what is hostile or no list is refused, and quickly."""

from datetime import UTC, datetime
from time import process_time
from xml.etree import ElementTree

import pytest

from bridge.desk.imports import opml
from bridge.errors import BadInput

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
ENTRY = '<outline type="rss" text="T" xmlUrl="https://pods.example/{}"/>'
BOMB = """<?xml version="1.0"?><!DOCTYPE opml [<!ENTITY a "aaaaaaaaaa">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>
<opml version="2.0"><body><outline type="rss" text="&c;" xmlUrl="https://x.example/"/></body></opml>
"""


def listed(body: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?><opml version="2.0"><body>{body}</body></opml>'


def test_what_is_written_can_be_read() -> None:
    podcasts = [
        ("Bees & <Trees>", "https://pods.example/?a=1&b=2", "https://bees.example/"),
        ("", "https://pods.example/ü", ""),
    ]
    text = opml.write(podcasts, NOW)
    assert opml.read(text) == ["https://pods.example/?a=1&b=2", "https://pods.example/ü"]
    root = ElementTree.fromstring(text.encode())
    assert (root.tag, root.get("version")) == ("opml", "2.0")
    assert root.findtext("head/dateCreated") == "Mon, 23 Nov 2026 12:00:00 GMT"
    first, second = root.iterfind("body/outline")
    assert first.attrib == {
        "type": "rss",
        "text": "Bees & <Trees>",
        "xmlUrl": "https://pods.example/?a=1&b=2",
        "htmlUrl": "https://bees.example/",
    }
    assert second.get("text") == "https://pods.example/ü"


def test_folders_are_looked_into_and_each_feed_is_taken_once() -> None:
    folder = f'<outline text="News">{ENTRY.format(1)}{ENTRY.format(2)}</outline>'
    assert opml.read(listed(folder + ENTRY.format(1))) == [
        "https://pods.example/1",
        "https://pods.example/2",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a letter",
        "http://127.0.0.1:1/list.opml",
        listed(""),
        listed(ENTRY.format(1)).removesuffix("</opml>"),
        listed('<outline text="a & b"/>' + ENTRY.format(1)),
        "<html><body><p>Podcasts</p></body></html>",
        BOMB,
        listed("".join(ENTRY.format(number) for number in range(10_001))),
        "\ud800",
    ],
)
def test_what_is_no_list_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="bad_opml"):
        opml.read(text)


def test_ten_thousand_entries_are_read() -> None:
    text = listed("".join(ENTRY.format(number) for number in range(10_000)))
    assert len(opml.read(text)) == 10_000


@pytest.mark.parametrize(
    "text",
    [
        "<!--" * 1_000_000,
        "<" * 4_000_000,
        listed("<!-- -->" * 500_000),
        listed("<a>" * 500_000 + "</a>" * 500_000),
        listed("<![CDATA[" + "<!--" * 1_000_000 + "]]>"),
        listed(f'<outline text="{"&lt;!--" * 500_000}"/>'),
    ],
    ids=["comments", "tags", "closed comments", "deep", "cdata", "attribute"],
)
def test_the_longest_hostile_list_costs_seconds_and_not_hours(text: str) -> None:
    began = process_time()
    with pytest.raises(BadInput, match="bad_opml"):
        opml.read(text)
    assert process_time() - began < 20
