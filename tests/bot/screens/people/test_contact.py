"""One contact: its name, how it is said, its number, its addresses, its end."""

import pytest

from bridge.api.commands.contacts import ChangeContact, RemoveContact
from tests.bot.address_book import AddressBook, way
from tests.bot.fake_desk import FakeDesk, Home, now
from tests.bot.person import Person


@pytest.fixture
async def book(ada: Person, home: Home, desk: FakeDesk) -> AddressBook:
    """With one contact, whose page is open."""
    book = desk.book(home.user.id)
    online = way("ada@example.org", "xmpp", online=True)
    book.contact("Ada Lovelace", way(), online, speed_dial="7", talked=now())
    await ada.says("/contacts")
    await ada.presses("7 · Ada Lovelace")
    await ada.sees("Speed dial: 7")
    return book


async def test_a_contact_tells_all_about_it(ada: Person, book: AddressBook) -> None:
    book.contacts[0] = book.change(
        book.contacts[0].id,
        sounds_like="Eyda",
        ways=(
            way(),
            way("ada@example.org", "xmpp", online=False),
            way("ada", "matrix", open=False),
        ),
    )
    await ada.says("/contacts")
    await ada.presses("7 · Ada Lovelace")
    shown = await ada.sees("The phone says: “Eyda”")
    assert "Last talked to: today" in shown.text
    assert "+49 30 123456 (telephone)\n" in shown.text
    assert "ada@example.org (XMPP, not online)\n" in shown.text
    assert "ada (Matrix, not available now)" in shown.text


async def test_renaming(ada: Person, book: AddressBook) -> None:
    await ada.presses("Rename")
    await ada.sees("Please type the new name")
    await ada.says("Countess")
    await ada.sees("Countess\nSpeed dial: 7")


async def test_how_the_phone_says_a_name(ada: Person, desk: FakeDesk, book: AddressBook) -> None:
    await ada.presses("How it is said")
    await ada.sees("Does the phone say Ada Lovelace wrong?")
    await ada.says("Eyda Lavless")
    await ada.sees("The phone says: “Eyda Lavless”")
    await ada.presses("How it is said")
    await ada.presses("Say it as it is written")
    await desk.hears(ChangeContact, 2)
    await ada.sees_no("The phone says")
    assert book.contacts[0].sounds_like == ""


async def test_the_number_changes_and_a_taken_one_says_whose_it_is(
    ada: Person, book: AddressBook
) -> None:
    book.contact("Grace Hopper", speed_dial="12")
    await ada.presses("Speed dial")
    await ada.sees("digits from 1 to 8")
    await ada.says("90")
    await ada.sees("This cannot be a speed dial.")
    await ada.says("12")
    await ada.sees("This is the speed dial of Grace Hopper.")
    await ada.says("15")
    await ada.sees("Speed dial: 15")


async def test_an_address_is_added_and_removed(ada: Person, book: AddressBook) -> None:
    await ada.presses("Numbers and addresses")
    await ada.presses("Add a number or address")
    await ada.sees("Please type the number or address.")
    await ada.says("+49 1")
    await ada.sees("I cannot read this as a telephone number.")
    await ada.says("+49 40 123456")
    await ada.sees("Press one to remove it.")
    await ada.presses("✗ +49 40 123456")
    await ada.presses("No, keep it")
    await ada.presses("✗ +49 40 123456")
    await ada.sees("You can still reach Ada Lovelace in other ways.")
    await ada.presses("Yes, remove it")
    await ada.sees_no("+49 40 123456")
    await ada.presses("Back")
    await ada.sees("Speed dial: 7")
    assert len(book.contacts[0].ways) == 2


async def test_the_last_address_goes_with_a_word(ada: Person, book: AddressBook) -> None:
    book.contacts = [book.change(book.contacts[0].id, ways=(way(),))]
    await ada.presses("Numbers and addresses")
    await ada.presses("✗ +49 30 123456")
    await ada.sees("Then there is no way left to reach Ada Lovelace.")
    await ada.presses("Yes, remove it")
    await ada.presses("Back")
    await ada.sees("There is no number or address yet. Add one to call.")


async def test_two_entries_for_one_person_become_one(ada: Person, book: AddressBook) -> None:
    book.contact("Ada's mobile", way("+4915112345678"))
    await ada.presses("Numbers and addresses")
    await ada.presses("Add a number or address")
    await ada.sees("so two entries for one person become one")
    await ada.says("+49 151 12345678")
    await ada.sees("✗ +49 1511 2345678")
    assert [each.name for each in book.contacts] == ["Ada Lovelace"]


async def test_an_address_that_is_gone_meanwhile(ada: Person, book: AddressBook) -> None:
    await ada.presses("Numbers and addresses")
    await ada.sees("Press one to remove it.")
    book.contacts = [book.change(book.contacts[0].id, ways=())]
    await ada.presses("✗ +49 30 123456")
    await ada.sees("This number or address is no longer there.")


async def test_removing_is_confirmed(ada: Person, desk: FakeDesk, book: AddressBook) -> None:
    await ada.presses("Remove")
    shown = await ada.sees("Remove Ada Lovelace from your contacts?")
    assert "comes back later" in shown.text
    await ada.presses("No, keep Ada Lovelace")
    await ada.sees("Speed dial: 7")
    await ada.presses("Remove")
    await ada.presses("Yes, remove Ada Lovelace")
    await ada.sees("The contact is removed.")
    assert not book.contacts
    assert desk.last(RemoveContact)


async def test_a_contact_that_is_gone_meanwhile(ada: Person, book: AddressBook) -> None:
    book.contacts = []
    await ada.presses("Rename")
    await ada.says("Countess")
    await ada.sees("This contact is no longer in your list.")
