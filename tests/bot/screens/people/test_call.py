"""Calling somebody by chat: by name, from the last ones, from the contact's page."""

from datetime import timedelta

import pytest

from bridge.api.commands.contacts import CallContact
from bridge.errors import NotAllowed
from tests.bot.address_book import AddressBook, way
from tests.bot.fake_desk import FakeDesk, Home, now
from tests.bot.person import Person


@pytest.fixture
def book(home: Home, desk: FakeDesk) -> AddressBook:
    desk.phone(home)
    return desk.book(home.user.id)


async def test_the_one_who_is_meant_is_called_at_once(
    ada: Person, desk: FakeDesk, book: AddressBook
) -> None:
    grace = book.contact("Grace Hopper")
    book.contact("Gracenote Radio")
    await ada.says("/call grace")
    await ada.sees("I call you now. Pick up and press 1, then I call Grace Hopper.")
    asked = desk.last(CallContact)
    assert (asked.contact, asked.way, asked.phone) == (grace.id, None, None)


async def test_a_speed_dial_is_enough(ada: Person, desk: FakeDesk, book: AddressBook) -> None:
    book.contact("Grace Hopper")
    otto = book.contact("Otto")
    await ada.says("/call@bridge_bot 2")
    await ada.sees("then I call Otto")
    assert desk.last(CallContact).contact == otto.id


async def test_several_close_ones_are_a_choice(
    ada: Person, desk: FakeDesk, book: AddressBook
) -> None:
    book.contact("Grace Hopper")
    kelly = book.contact("Grace Kelly")
    book.contact("Gracenote Radio")
    await ada.says("/call grace")
    shown = await ada.sees("Whom do you mean?")
    labels = [button["text"] for button in shown.buttons]
    assert labels[:3] == ["1 · Grace Hopper", "2 · Grace Kelly", "Contacts"]
    await ada.presses("Grace Kelly")
    await ada.sees("then I call Grace Kelly")
    assert desk.last(CallContact).contact == kelly.id


async def test_nobody_of_that_name(ada: Person, desk: FakeDesk, book: AddressBook) -> None:
    grace = book.contact("Grace Hopper")
    await ada.says("/call charles")
    await ada.sees("I find nobody called “charles”. Type the name again")
    await ada.says("hopper")
    await ada.sees("then I call Grace Hopper")
    assert desk.last(CallContact).contact == grace.id


async def test_without_a_name_the_last_ones_are_offered(
    ada: Person, desk: FakeDesk, book: AddressBook
) -> None:
    for number in range(9):
        book.contact(f"Contact {number}", talked=now() - timedelta(days=20 - number))
    book.contact("Never")
    await ada.says("/call")
    shown = await ada.sees("Whom shall I call?")
    labels = [button["text"] for button in shown.buttons]
    assert labels[:2] == ["11 · Contact 8", "8 · Contact 7"]
    assert len(labels) == 10
    await ada.presses("Contact 7")
    await ada.sees("then I call Contact 7")
    assert desk.last(CallContact).contact == book.contacts[7].id


async def test_the_name_can_be_typed_then(ada: Person, desk: FakeDesk, book: AddressBook) -> None:
    grace = book.contact("Grace Hopper")
    await ada.says("/start")
    await ada.presses("Call somebody")
    await ada.sees("Choose or type the name.")
    await ada.says("grace")
    await ada.sees("then I call Grace Hopper")
    assert desk.last(CallContact).contact == grace.id


async def test_there_is_nobody_yet(ada: Person, book: AddressBook) -> None:
    await ada.says("/call")
    await ada.sees("There is nobody to call yet.")


async def test_from_the_page_way_and_phone_are_chosen(
    ada: Person, home: Home, desk: FakeDesk, book: AddressBook
) -> None:
    other = desk.phone(home, "Desk")
    desk.phone(home, "Unverified", verified=False)
    online = way("grace@example.org", "xmpp", online=True)
    shut = way("grace", "matrix", open=False)
    grace = book.contact("Grace Hopper", way(), online, shut)
    await ada.says("/contacts")
    await ada.presses("Grace Hopper")
    await ada.presses("Call Grace Hopper")
    shown = await ada.sees("How shall I call Grace Hopper?")
    labels = [button["text"] for button in shown.buttons]
    assert labels == ["+49 30 123456 (telephone)", "grace@example.org (XMPP, online)", "Cancel"]
    await ada.presses("grace@example.org")
    shown = await ada.sees("Which of your phones shall ring?")
    assert [one["text"] for one in shown.buttons] == ["All my phones", "Mobile", "Desk", "Cancel"]
    await ada.presses("Desk")
    await ada.sees("then I call Grace Hopper")
    asked = desk.last(CallContact)
    assert (asked.contact, asked.way, asked.phone) == (grace.id, online.id, other.id)


async def test_nothing_is_asked_where_there_is_no_choice(
    ada: Person, desk: FakeDesk, book: AddressBook
) -> None:
    grace = book.contact("Grace Hopper", way(), way("grace", "matrix", open=False))
    await ada.says("/contacts")
    await ada.presses("Grace Hopper")
    await ada.presses("Call Grace Hopper")
    await ada.sees("then I call Grace Hopper")
    asked = desk.last(CallContact)
    assert (asked.contact, asked.way, asked.phone) == (grace.id, None, None)


async def test_whichever_phone_is_picked_up(
    ada: Person, home: Home, desk: FakeDesk, book: AddressBook
) -> None:
    desk.phone(home, "Desk")
    book.contact("Grace Hopper")
    await ada.says("/contacts")
    await ada.presses("Grace Hopper")
    await ada.presses("Call Grace Hopper")
    await ada.presses("All my phones")
    await ada.sees("then I call Grace Hopper")
    assert desk.last(CallContact).phone is None


async def test_a_phone_that_is_gone_meanwhile(
    ada: Person, home: Home, desk: FakeDesk, book: AddressBook
) -> None:
    desk.phone(home, "Desk")
    book.contact("Grace Hopper")
    await ada.says("/contacts")
    await ada.presses("Grace Hopper")
    await ada.presses("Call Grace Hopper")
    await ada.sees("Which of your phones")
    home.phones.pop()
    await ada.presses("Desk")
    await ada.sees("That is no longer valid.")


@pytest.mark.parametrize(
    ("refused", "said"),
    [
        ("no_way", "There is no way to reach this person just now."),
        ("no_phone", "No phone of yours rings."),
        ("on_the_phone", "You are on the phone already. Call again when that call is over."),
        ("minutes_today", "minutes for today are used up"),
    ],
)
async def test_what_the_house_refuses_is_said(
    ada: Person, desk: FakeDesk, book: AddressBook, refused: str, said: str
) -> None:
    book.contact("Grace Hopper")
    desk.refusals[CallContact] = NotAllowed(refused)
    await ada.says("/call grace")
    await ada.sees(said)
