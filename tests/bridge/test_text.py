"""Whatever strangers write, what is left of it can be kept, shown and sent on."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.terms import Party
from bridge.text import LONGEST, clean_text, printable


@given(st.text(alphabet=st.characters(), max_size=400))
def test_clean_text_is_one_line_that_fits_and_stays(raw: str) -> None:
    clean = clean_text(raw)
    assert len(clean) <= LONGEST
    assert clean == clean_text(clean) == clean.strip()
    assert "\x00" not in clean and len(clean.splitlines()) <= 1
    clean.encode()


def test_a_cut_leaves_no_dangling_joiner() -> None:
    assert clean_text("👩\u200d🚀", longest=2) == "👩"


def test_a_cut_may_say_so_within_what_is_allowed() -> None:
    assert clean_text("Ada Lovelace", 5, more="…") == "Ada…"
    assert clean_text("Ada", 3, more="…") == "Ada"


def test_families_of_emoji_stay_together() -> None:
    family = "👩\u200d👩\u200d👧"
    assert clean_text(f"{family}\u202e") == family
    assert clean_text("\u200d\u200d") == ""


@pytest.mark.parametrize("unseen", ["\u00ad", "\u200b", "\u2060", "\ufeff", "\ue000", "\ufff9"])
def test_what_is_not_seen_makes_no_other_name(unseen: str) -> None:
    assert clean_text(f"A{unseen}da") == "Ada"


@given(st.text(alphabet=st.characters()))
def test_what_is_printable_keeps_its_lines(text: str) -> None:
    assert printable(text).count("\n") == text.count("\n")
    assert not set(printable(text)) & {"\x1b", "\x07", "\r", "\u202e"}


def test_a_stranger_is_believed_in_one_line() -> None:
    assert Party("\ud800 a\r\nb", "x" * 1000, "xmpp").cleaned() == Party("a b", "x" * 200, "xmpp")
