import pytest

from scheduler.feeds.text import linked_feeds, one_line, plain


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("no markup at all", "no markup at all"),
        ("1 < 2 & 3 > 2", "1 < 2 & 3 > 2"),
        ("<p>One</p><p>Two</p>", "One\n\nTwo"),
        ("One<br/>Two<br>Three", "One\nTwo\nThree"),
        ("<ul><li>One</li>\n <li>Two</li></ul>", "- One\n- Two"),
        ("<p>Tom &amp; Jerry&nbsp;&lt;3</p>", "Tom & Jerry <3"),
        ("<b>Bold</b> and <a href='https://x.example'>linked</a>", "Bold and linked"),
        ("<p>A\n   long\n   line</p>", "A long line"),
        ("<script>alert(1)</script><style>p{}</style>Seen", "Seen"),
        ("<p>never <b>closed", "never closed"),
        ("</p></div>only ends", "only ends"),
        ("a<!-- comment -->b", "ab"),
        ("<p> </p><p></p><p>x</p>", "x"),
        ("", ""),
    ],
)
def test_markup_becomes_plain_text(html: str, expected: str) -> None:
    assert plain(html) == expected


def test_what_is_endless_is_cut() -> None:
    assert len(plain("<p>x</p>" * 100_000)) < 100_000


def test_a_title_is_one_line() -> None:
    assert one_line("<p>One</p><p>Two</p>") == "One Two"


def test_text_that_looks_like_a_file_name_is_text() -> None:
    assert plain("https://x.example/a&amp;b") == "https://x.example/a&b"


@pytest.mark.parametrize(
    ("link", "found"),
    [
        ('<link rel="alternate" type="application/rss+xml" href="a">', ["a"]),
        ("<LINK REL='Alternate' TYPE='application/atom+xml' HREF='a'>", ["a"]),
        ('<link rel="alternate home" type="application/rss+xml" href="a">', ["a"]),
        ('<link rel="alternate" type="application/json" href="a">', []),
        ('<link rel="stylesheet" type="application/rss+xml" href="a">', []),
        ('<link rel="alternate" type="application/rss+xml">', []),
    ],
)
def test_feeds_that_a_page_links(link: str, found: list[str]) -> None:
    assert linked_feeds(f"<html><head>{link}") == found
