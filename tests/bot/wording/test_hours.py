"""Hours as people type them."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.screens.settings.quiet import told
from bot.wording.hours import parse
from bot.wording.texts import Words
from bridge.api.views import QuietHoursView

EVERY_DAY = frozenset(range(7))


@pytest.mark.parametrize(
    ("typed", "start", "end", "weekdays"),
    [
        ("22-7", "22:00", "07:00", EVERY_DAY),
        ("22:00-07:30", "22:00", "07:30", EVERY_DAY),
        ("22.30 – 7", "22:30", "07:00", EVERY_DAY),
        ("von 22 Uhr bis 7 Uhr", "22:00", "07:00", EVERY_DAY),
        ("from 10pm to 7am", "22:00", "07:00", EVERY_DAY),
        ("12am-12pm", "00:00", "12:00", EVERY_DAY),
        ("20-24", "20:00", "00:00", EVERY_DAY),
        ("Mo-Fr 22-7", "22:00", "07:00", {0, 1, 2, 3, 4}),
        ("mon - fri, 22-7", "22:00", "07:00", {0, 1, 2, 3, 4}),
        ("Sa, So 21-9", "21:00", "09:00", {5, 6}),
        ("Samstag und Sonntag von 21 bis 9", "21:00", "09:00", {5, 6}),
        ("Fr-Mo 1-2", "01:00", "02:00", {4, 5, 6, 0}),
        ("Wednesday 9:15-10", "09:15", "10:00", {2}),
    ],
)
def test_understood(typed: str, start: str, end: str, weekdays: set[int]) -> None:
    assert parse(typed) == QuietHoursView(
        start=time.fromisoformat(start), end=time.fromisoformat(end), weekdays=frozenset(weekdays)
    )


@pytest.mark.parametrize(
    "typed",
    ["", "22", "22-22", "0-24", "25-7", "22:60-7", "13pm-7am", "0am-7am", "tomorrow 22-7",
     "22-7 or so", "-", "Mo-Xx 22-7", "22:0-7"],
)  # fmt: skip
def test_not_understood(typed: str) -> None:
    assert parse(typed) is None


@given(st.text(max_size=80))
def test_never_a_fault(typed: str) -> None:
    parse(typed)


@given(
    st.times(),
    st.times(),
    st.frozensets(st.integers(0, 6), min_size=1),
    st.sampled_from(["de", "en"]),
)
def test_what_is_shown_can_be_typed(
    start: time, end: time, weekdays: frozenset[int], language: str
) -> None:
    start, end = (each.replace(second=0, microsecond=0) for each in (start, end))
    if start == end:
        return
    hours = QuietHoursView(start=start, end=end, weekdays=weekdays)
    shown, _, days = told(Words.plain(language), hours).partition(", ")
    typed = shown if len(weekdays) == 7 else f"{days} {shown}"
    assert parse(typed) == hours
