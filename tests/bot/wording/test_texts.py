"""Sentences with facts: escaped, tidied, in the user's language, by the user's clock."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from bot.keyboard import button
from bot.sanitise import LONGEST, tidy
from bot.wording import catalog
from bot.wording.refusals import refusal, sentence_of
from bot.wording.sentences import cause
from bot.wording.texts import Words, bold, language_of, lines
from bridge.errors import BadInput, NotAllowed, Throttled

DE = Words("de", ZoneInfo("Europe/Vienna"))
EN = Words("en", ZoneInfo("America/New_York"))
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def test_facts_are_escaped_and_html_is_kept() -> None:
    told = EN("<b>Hello {name}.</b>", name="<i>{0.__class__}</i> & co")
    assert told == "<b>Hello &lt;i&gt;{0.__class__}&lt;/i&gt; &amp; co.</b>"
    assert EN("{phone}: {state}", phone=Markup("<b>x</b>"), state=1) == "<b>x</b>: 1"
    assert EN.label("Ring {phone}", phone="<x>") == "Ring <x>"
    assert EN("Ring {phone}", phone="a\n\u202eb" + "c" * 99) == "Ring a b" + "c" * 60 + "…"


def test_a_fact_that_is_missing_does_not_silence_the_sentence() -> None:
    assert EN("Ring {phone}") == "Ring –"


def test_plurals() -> None:
    one, many = "{number} phone is ready.", "{number} phones are ready."
    assert [DE.count(one, many, number) for number in (0, 1, 2)] == [
        "0 Telefone sind bereit.",
        "1 Telefon ist bereit.",
        "2 Telefone sind bereit.",
    ]


def test_instants_by_the_clock_of_the_user() -> None:
    assert DE.when(NOON, NOON) == "heute 13:00"
    assert EN.when(NOON, NOON) == "today 07:00"
    assert DE.when(NOON - timedelta(hours=14), NOON) == "gestern 23:00"
    assert EN.when(NOON + timedelta(days=1), NOON) == "tomorrow 07:00"
    assert DE.when(NOON - timedelta(days=20), NOON) == "Di., 3. Nov., 13:00"
    assert EN.when(NOON - timedelta(days=20), NOON) == "Tue 3 Nov, 07:00"
    assert DE.when(NOON - timedelta(days=400), NOON) == "19. Okt. 2025, 14:00"


def test_clock_days_and_lengths() -> None:
    assert DE.clock(time(7, 5)) == "07:05"
    assert [DE.weekday(day) for day in (0, 6)] == ["Mo", "So"]
    assert [EN.weekday(day) for day in (0, 6)] == ["Mon", "Sun"]
    assert [EN.length(seconds) for seconds in (0, 59.6, 192, 3723)] == [
        "0:00",
        "1:00",
        "3:12",
        "1:02:03",
    ]


def test_addresses_and_parties() -> None:
    assert EN.address("+4930123456") == "+49 30 123456"
    assert EN.address("+49900*") == "+49900*"
    assert EN.address("sip:ada@example.org") == "ada@example.org"
    assert EN.party("", "+4930123456") == "+49 30 123456"
    assert EN.party("\u202e\n", "") == "unknown caller"
    assert DE.party("  Ada\nLovelace ", "") == "Ada Lovelace"


def test_lines_escape_what_is_not_html() -> None:
    assert lines(bold("<x>"), "", "a & b") == "<b>&lt;x&gt;</b>\na &amp; b"


@given(st.text())
def test_whatever_a_name_is_it_is_one_short_line(name: str) -> None:
    shown = tidy(name)
    assert len(shown) <= LONGEST
    assert len(shown.splitlines()) <= 1
    assert not set(shown) & {"\u202e", "\u200f", "\x00", "\x1b"}
    assert button(name, "a.b").text.strip()


@pytest.mark.parametrize(
    ("code", "expected"),
    [("de", "de"), ("de-AT", "de"), ("DE", "de"), ("fr", "en"), ("", "en"), (None, "en")],
)
def test_the_nearest_language(code: str | None, expected: str) -> None:
    assert language_of(code) == expected


def test_refusals_speak_with_their_figures() -> None:
    until = (datetime.now(UTC) + timedelta(minutes=1)).isoformat()
    assert "Österreich" in refusal(DE, NotAllowed("country_not_allowed", country="AT"))
    told = refusal(DE, NotAllowed("number_type_not_allowed", type="premium_rate"))
    assert "Mehrwertnummer" in told
    assert DE.clock(datetime.fromisoformat(until)) in refusal(
        DE, NotAllowed("cooling", until=until)
    )
    assert "(2)" in refusal(DE, NotAllowed("concurrent_calls", limit="2"))
    assert "30 Sekunden" in refusal(DE, Throttled("throttled", 30.4, host="sip.example"))


def test_refusals_survive_what_they_do_not_know() -> None:
    assert "(brand_new)" in refusal(DE, BadInput("brand_new"))
    assert "<" not in sentence_of(EN, "<script>", {}).replace("&lt;", "")
    for until in ("soon", "2026-11-23T12:00:00", ""):
        assert refusal(EN, NotAllowed("cooling", until=until))
    assert "XX" in refusal(EN, NotAllowed("country_not_allowed", country="XX"))
    assert "strange" in refusal(EN, NotAllowed("number_type_not_allowed", type="strange"))


def test_causes() -> None:
    assert cause(DE, "busy") == "besetzt"
    assert cause(DE, "eaten by the dog") == "eaten by the dog"


def test_a_compiled_catalog_that_is_older_is_not_used(
    tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    import os
    from pathlib import Path

    source = catalog._path("de")
    copy = Path(str(tmp_path)) / "de" / "LC_MESSAGES" / "bot.po"
    copy.parent.mkdir(parents=True)
    copy.write_bytes(source.read_bytes())
    stale = copy.with_suffix(".mo")
    stale.write_bytes(b"not a catalog")
    os.utime(stale, (0, 0))
    monkeypatch.setattr(catalog, "LOCALE", Path(str(tmp_path)))
    fresh = catalog.translations.__wrapped__
    assert fresh("de").gettext("Menu") == "Menü"
    stale.unlink()
    assert fresh("de").gettext("Menu") == "Menü"
