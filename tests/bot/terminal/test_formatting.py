"""Telegram's HTML: what is plain, where the entities lie, and what is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from bot.terminal.formatting import commands, parse, units
from bot.terminal.refusal import BotApiRefusal


def at(kind: str, offset: int, length: int, **more: str) -> dict[str, object]:
    return {"type": kind, "offset": offset, "length": length, **more}


@pytest.mark.parametrize(
    ("html", "plain", "entities"),
    [
        ("plain", "plain", []),
        ("a <b>b</b> c", "a b c", [at("bold", 2, 1)]),
        ("<b>a<i>b</i></b>", "ab", [at("bold", 0, 2), at("italic", 1, 1)]),
        ("<STRONG>a</strong>", "a", [at("bold", 0, 1)]),
        (
            '<a href="https://x.org/?a=1&amp;b=2">x</a>',
            "x",
            [at("text_link", 0, 1, url="https://x.org/?a=1&b=2")],
        ),
        ("<a href='x>y'>x</a>", "x", [at("text_link", 0, 1, url="x>y")]),
        ('<span class="tg-spoiler">x</span>', "x", [at("spoiler", 0, 1)]),
        ("<blockquote expandable>x</blockquote>", "x", [at("expandable_blockquote", 0, 1)]),
        ("&lt;b&gt; &amp;amp; &quot;", '<b> &amp; "', []),
        ("&#228;&#xE4;&nbsp;&#xD800;", "ää&nbsp;&#xD800;", []),
        ("😀<b>x</b>", "😀x", [at("bold", 2, 1)]),
        ("\n <b> x </b> \n", "x", [at("bold", 0, 1)]),
        ("x<b> </b>", "x", []),
        ("x<b></>", "x", []),
        ("2 > 1", "2 > 1", []),
    ],
)
def test_it_is_read(html: str, plain: str, entities: list[dict[str, object]]) -> None:
    assert parse(html) == (plain, entities)


@pytest.mark.parametrize(
    ("html", "why"),
    [
        ("<blink>x</blink>", 'Unsupported start tag "blink" at byte offset 0'),
        ("ä<span>x</span>", 'Unsupported start tag "span" at byte offset 2'),
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("1 < 2", "Unclosed start tag at byte offset 2"),
        ("<b", "Unclosed start tag at byte offset 0"),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
    ],
)
def test_it_is_refused(html: str, why: str) -> None:
    with pytest.raises(BotApiRefusal) as refusal:
        parse(html)
    assert refusal.value.description == f"Bad Request: can't parse entities: {why}"
    assert refusal.value.code == 400


@given(st.text())
def test_whatever_was_escaped_arrives_as_it_was(text: str) -> None:
    plain, entities = parse(f"<b>{escape(text)}</b>")
    assert plain == text.strip()
    assert entities == ([at("bold", 0, units(plain))] if plain else [])


@given(st.text(alphabet="<>/b=\"' a&;"))
def test_nothing_breaks_it(html: str) -> None:
    try:
        plain, entities = parse(html)
    except BotApiRefusal:
        return
    assert all(0 < one["length"] <= units(plain) - one["offset"] for one in entities)


def test_a_hostile_tag_takes_no_time() -> None:
    with pytest.raises(BotApiRefusal, match="Unclosed start tag"):
        parse("<a" + " a =  a" * 5000)


def test_commands_are_marked() -> None:
    assert commands("/start CODE") == [at("bot_command", 0, 6)]
    assert commands("😀 /help@bridge_bot") == [at("bot_command", 3, 16)]
    assert commands("a/b 1/2") == []
