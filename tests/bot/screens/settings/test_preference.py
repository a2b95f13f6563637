"""What is declared of a preference is whole, and is what the chat draws."""

from collections.abc import Iterator
from datetime import time
from enum import StrEnum

import pytest

from bot.app import SCREENS
from bot.keyboard import MOST_BYTES, button
from bot.wording.catalog import read
from bot.wording.texts import Words
from bridge.api.preference import Preference
from bridge.api.preferences import DECLARED, Preferences
from bridge.api.views import QuietHoursView
from bridge.calls.spoken import spoken
from tests.bot.fake_desk import FakeDesk, Home
from tests.bot.person import Person

EN = Words.plain("en")
Fields = pytest.mark.parametrize("name", list(Preferences.model_fields))


def values(name: str) -> set[object]:
    """All that a field may be."""
    kind = Preferences.model_fields[name].annotation
    assert isinstance(kind, type) and issubclass(kind, bool | StrEnum), name
    return {True, False} if kind is bool else set(kind)


def sentences(declared: Preference) -> Iterator[str]:
    """What the chat says of it."""
    yield from (*declared.label.values(), *declared.help.values())
    for asked in declared.confirm.values():
        yield from (asked.question, asked.yes, asked.no)


@Fields
def test_it_has_a_screen_and_words_for_all_it_may_be(name: str) -> None:
    declared = DECLARED[name]
    assert declared.screen in {screen.name for screen in SCREENS if "prefer" in screen.presses}
    assert set(declared.label) == set(declared.help) == values(name)
    assert set(declared.by_phone) in (set(), values(name))
    assert set(declared.confirm) < values(name)
    assert not declared.needs or values(declared.needs) == {True, False}
    assert all(sentences(declared))


@Fields
def test_it_has_a_default_and_says_what_it_is(name: str) -> None:
    assert not Preferences.model_fields[name].is_required()
    assert getattr(Preferences(), name) in values(name)


@Fields
def test_it_is_told_in_german_too(name: str) -> None:
    german = read("de")
    for sentence in sentences(DECLARED[name]):
        message = german.get(sentence)
        assert message is not None and message.string, sentence
    for sentence in DECLARED[name].by_phone.values():
        assert spoken("de", sentence, key="1") != sentence.format(key="1")
        assert "{key}" in sentence


@Fields
def test_a_button_can_carry_it(name: str) -> None:
    for value in values(name):
        packed = button("x", f"{DECLARED[name].screen}.prefer", name, value, True).callback_data
        assert len(str(packed)) <= MOST_BYTES


@Fields
async def test_every_choice_can_be_made_in_the_chat(
    ada: Person, home: Home, desk: FakeDesk, name: str
) -> None:
    desk.phone(home, "Desk")
    desk.phone(home, "Mobile")
    night = QuietHoursView(start=time(22), end=time(7))
    home.settings = home.settings.model_copy(
        update={"voice_languages": frozenset({"en"}), "quiet_hours": (night,)}
    )
    declared, before = DECLARED[name], getattr(Preferences(), name)
    for value in (*(values(name) - {before}), before):
        await ada.says(f"/{declared.screen}")
        await ada.presses(declared.label[value])
        if value in declared.confirm:
            await ada.presses(declared.confirm[value].yes)
        told = EN(declared.help[value], language="English").striptags()
        await ada.sees(str(told))
        assert getattr(home.settings.preferences, name) == value
