"""Contacts by chat: listed, found, added."""

import pytest

from bridge.api.commands.contacts import AddContact
from tests.bot.address_book import AddressBook, way
from tests.bot.fake_desk import FakeDesk, Home
from tests.bot.person import Person


@pytest.fixture
async def book(home: Home, desk: FakeDesk) -> AddressBook:
    return desk.book(home.user.id)


async def test_the_first_contact_is_added_by_name_and_number(
    ada: Person, desk: FakeDesk, book: AddressBook
) -> None:
    await ada.says("/contacts")
    await ada.sees("There is nobody yet.")
    await ada.presses("Add a contact")
    await ada.sees("Please type the name")
    await ada.says("Grace Hopper")
    await ada.sees("Please type the number of Grace Hopper")
    await ada.says("eleven")
    await ada.sees("I cannot read this as a telephone number.")
    await ada.says("+49 30 123456")
    shown = await ada.sees("Grace Hopper\nSpeed dial: 1")
    assert "+49 30 123456 (telephone)" in shown.text
    added = desk.last(AddContact)
    assert (added.name, added.address) == ("Grace Hopper", "+49 30 123456")


async def test_the_list_goes_by_number_and_shows_who_is_online(
    ada: Person, book: AddressBook
) -> None:
    book.contact("Ada Lovelace")
    book.contact("<b>Bobby</b>", way("bobby@example.org", "xmpp", online=True))
    book.contact("Gone", way("gone@example.org", "xmpp", open=False, online=True))
    await ada.says("/contacts")
    shown = await ada.sees("To find somebody, type the name.")
    labels = [button["text"] for button in shown.buttons]
    assert labels[:3] == ["1 · Ada Lovelace", "2 · <b>Bobby</b>, online", "3 · Gone"]


async def test_a_long_list_has_pages(ada: Person, book: AddressBook) -> None:
    for number in range(12):
        book.contact(f"Contact {number}")
    await ada.says("/contacts")
    await ada.sees("Contact 9")
    await ada.presses("More")
    await ada.sees("Contact 11")
    await ada.sees_no("Contact 9")
    await ada.presses("Previous")
    await ada.sees("Contact 0")


async def test_a_page_of_which_everybody_is_gone_shows_the_one_before(
    ada: Person, book: AddressBook
) -> None:
    for number in range(12):
        book.contact(f"Contact {number}")
    await ada.says("/contacts")
    await ada.sees("Contact 9")
    book.contacts = book.contacts[:3]
    await ada.presses("More")
    await ada.sees_no("Contact 9")
    await ada.sees("Contact 2")


async def test_somebody_is_found_by_typing_the_name(ada: Person, book: AddressBook) -> None:
    book.contact("Ada Lovelace")
    book.contact("Grace Hopper")
    book.contact("Grace Kelly")
    await ada.says("/contacts")
    await ada.sees("To find somebody")
    await ada.says("grace")
    shown = await ada.sees("Whom do you mean?")
    assert "Ada Lovelace" not in [button["text"] for button in shown.buttons]
    await ada.says("lovelace")
    await ada.sees("Ada Lovelace\nSpeed dial: 1")


async def test_nobody_of_that_name(ada: Person, book: AddressBook) -> None:
    book.contact("Ada Lovelace")
    await ada.says("/contacts")
    await ada.sees("To find somebody")
    await ada.says("Charles")
    await ada.sees("I find nobody called “Charles”.")
    await ada.says("Ada")
    await ada.sees("Speed dial: 1")


async def test_too_many_of_a_name(ada: Person, book: AddressBook) -> None:
    for number in range(12):
        book.contact(f"Ada {number}")
    await ada.says("/contacts")
    await ada.sees("To find somebody")
    await ada.says("Ada")
    await ada.sees("12 match “Ada”. Type more of the name.")
    await ada.presses("All contacts")
    await ada.sees("To find somebody")
