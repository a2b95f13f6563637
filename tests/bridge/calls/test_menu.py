"""The menus are data, and the data is good."""

from collections.abc import Iterator
from typing import Any

import pytest

from bridge.calls.ivr import meant
from bridge.calls.ivr.menu import CONTROLS, KEYS, Menu, MenuEntry, numbered
from bridge.calls.phone_in import main_menu, messages
from bridge.calls.spoken import Phrase

LANGUAGES = ("de", "en")
MENUS: dict[str, Menu[Any]] = {"main": main_menu.MAIN_MENU, "messages": messages._MENU}


def entries() -> Iterator[tuple[str, MenuEntry[Any]]]:
    for name, menu in MENUS.items():
        for entry in menu.entries:
            yield name, entry


@pytest.mark.parametrize("menu", MENUS.values(), ids=MENUS)
def test_every_key_leads_to_one_place(menu: Menu[Any]) -> None:
    keys = [entry.key for entry in menu.entries]
    assert len(set(keys)) == len(keys)
    assert len({entry.leads for entry in menu.entries}) == len(keys)
    assert all(set(key) <= set(KEYS) for key in keys)
    assert not any(menu.goes_on(key) for key in keys), "who presses one waits for nothing"


@pytest.mark.parametrize("menu", MENUS.values(), ids=MENUS)
def test_all_is_read_out_at_once(menu: Menu[Any]) -> None:
    assert len(menu.pages()) == 1


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("found", entries(), ids=lambda found: f"{found[0]} {found[1].key}")
def test_what_is_read_out_ends_with_its_own_key(
    found: tuple[str, MenuEntry[Any]], language: str
) -> None:
    """Who hears a key before what it is for has forgotten it by then."""
    said = found[1].sentence.within(language)
    assert said.endswith(f" {found[1].key}.")
    assert [one for one in said if one.isdigit()] == [found[1].key]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("menu", MENUS.values(), ids=MENUS)
def test_no_word_leads_to_two_places(menu: Menu[Any], language: str) -> None:
    forms = [form.casefold() for entry in menu.entries for form in entry.said_as(language)]
    assert len(set(forms)) == len(forms)
    assert all(form.strip() == form and form for form in forms)


@pytest.mark.parametrize("language", LANGUAGES)
def test_yes_is_not_no(language: str) -> None:
    yes, no = (
        set(MenuEntry("1", Phrase(""), None, words=words).said_as(language))
        for words in (meant.YES, meant.NO)
    )
    assert yes and no and not yes & no


def test_every_room_of_the_hall_has_a_door() -> None:
    assert (
        {entry.leads for entry in main_menu.MAIN_MENU.entries}
        == set(main_menu.Room)
        == set(main_menu._ENTER)
    )


def test_no_entry_takes_a_key_that_controls() -> None:
    assert not set(CONTROLS) & set(KEYS)
    assert set(CONTROLS) | set(KEYS) == set("0123456789*#")


def test_numbers_of_entries_are_legal_and_unique() -> None:
    keys = [numbered(place) for place in range(1, 600)]
    assert len(set(keys)) == len(keys)
    assert all(set(key) <= set(KEYS) for key in keys)
    assert keys[:9] == [*KEYS, "11"]


def test_a_number_that_begins_another_one_waits_for_more() -> None:
    menu = Menu(Phrase(""), tuple(MenuEntry(key, Phrase(""), key) for key in ("1", "12", "2")))
    assert menu.goes_on("1") and not menu.goes_on("12") and not menu.goes_on("2")
    found = menu.by_key("1")
    assert found is not None and found.leads == "1"
    assert menu.by_key("3") is None


def test_who_is_not_read_out_is_on_no_page_but_keeps_the_key() -> None:
    menu = Menu(
        Phrase(""),
        (MenuEntry("1", Phrase(""), "Ada", read_out=False), MenuEntry("2", Phrase(""), "Ben")),
    )
    assert [[entry.leads for entry in page] for page in menu.pages()] == [["Ben"]]
    assert menu.by_key("1") is not None
