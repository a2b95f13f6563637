"""Whom a typed name means."""

import pytest

from bot.contact_match import nearest
from tests.bot.address_book import AddressBook, way

BOOK = AddressBook()
for name in ("Ada Lovelace", "Adam Smith", "José Ada", "Groß", "Canada Radio", "Ada"):
    BOOK.contact(name, way("ada@example.org" if name == "Groß" else "+4930123456"))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ada", ["Ada"]),
        ("ada l", ["Ada Lovelace"]),
        ("Lovelace Ada", ["Ada Lovelace"]),
        ("adam", ["Adam Smith"]),
        ("jose", ["José Ada"]),
        ("GROSS", ["Groß"]),
        ("5", ["Canada Radio"]),
        ("ADA@example.org", ["Groß"]),
        ("nada", ["Ada Lovelace", "Adam Smith", "José Ada", "Groß", "Canada Radio", "Ada"]),
    ],
)
def test_the_nearest_ones(typed: str, meant: list[str]) -> None:
    assert [each.name for each in nearest(BOOK.contacts, typed)] == meant


def test_several_are_equally_near() -> None:
    found = [each for each in BOOK.contacts if each.name != "Ada"]
    assert [each.name for each in nearest(found, "ada")] == ["Ada Lovelace", "José Ada"]


def test_nobody_is_near_if_nobody_was_found() -> None:
    assert nearest([], "ada") == []
