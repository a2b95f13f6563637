"""Contacts that are sent: a vCard file, or somebody of Telegram's own list."""

import codecs
from pathlib import Path

import pytest
from telegram import Contact

from bot.screens.people.address_book import MOST_BYTES, decoded, of_telegram, told
from bot.wording.texts import Words
from bridge.api.commands.contacts import ImportContacts
from bridge.api.contact_views import ImportedContacts
from tests.bot.address_book import AddressBook
from tests.bot.fake_desk import FakeDesk, Home
from tests.bot.faults import Faults
from tests.bot.person import Person


def card(name: str, number: str = "") -> str:
    number = f"TEL;TYPE=CELL:{number}\r\n" if number else ""
    return f"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:{name}\r\n{number}END:VCARD\r\n"


@pytest.fixture
def book(home: Home, desk: FakeDesk) -> AddressBook:
    return desk.book(home.user.id)


async def test_a_file_is_taken_without_any_question(
    ada: Person, book: AddressBook, tmp_path: Path
) -> None:
    file = tmp_path / "Everybody.VCF"
    file.write_text(
        card("Grace", "+4930123451") + card("Otto", "+4930123452") + card("<b>Nobody</b>")
    )
    await ada.sends_file(file)
    shown = await ada.sees("2 contacts are added.")
    assert "Not taken: <b>Nobody</b>\nThey have no number" in shown.text
    assert [each.name for each in book.contacts] == ["Grace", "Otto"]
    await ada.presses("Contacts")
    await ada.sees("1 · Grace")


async def test_the_same_file_once_more(ada: Person, book: AddressBook, tmp_path: Path) -> None:
    file = tmp_path / "one.vcf"
    file.write_text(card("Grace", "+4930123451"))
    await ada.sends_file(file)
    await ada.sees("1 contact is added.")
    await ada.sends_file(file)
    await ada.sees("You had all of these contacts already.")


async def test_a_file_that_is_none(ada: Person, book: AddressBook, tmp_path: Path) -> None:
    file = tmp_path / "broken.vcf"
    file.write_text("Dear Ada")
    await ada.sends_file(file)
    await ada.sees("I cannot read this as contacts.")


async def test_a_file_that_is_too_large(
    ada: Person, desk: FakeDesk, book: AddressBook, tmp_path: Path
) -> None:
    file = tmp_path / "pictures.vcf"
    file.write_bytes(bytes(MOST_BYTES + 1))
    await ada.sends_file(file)
    await ada.sees("a vCard file (.vcf) of 15 MB at most")
    assert not [asked for asked in desk.asked if isinstance(asked, ImportContacts)]


async def test_a_contact_of_telegram(ada: Person, desk: FakeDesk, book: AddressBook) -> None:
    await ada.sends_contact("4915112345678", "Grace", last_name="Hopper", user_id=7)
    await ada.sees("1 contact is added.")
    assert "TEL:+4915112345678\r\n" in desk.last(ImportContacts).vcards
    assert book.contacts[0].name == "Grace Hopper"


async def test_a_contact_while_a_name_is_asked_for(ada: Person, book: AddressBook) -> None:
    """The question stays open."""
    await ada.says("/contacts")
    await ada.presses("Add a contact")
    await ada.sees("You can also send me a contact")
    await ada.sends_contact("+4930123451", "Grace")
    await ada.sees("1 contact is added.")
    await ada.says("Otto")
    await ada.sees("Please type the number of Otto")


async def test_a_file_that_telegram_will_not_give(
    ada: Person, book: AddressBook, faults: Faults, tmp_path: Path
) -> None:
    faults.refuse(400, "Bad Request: file is temporarily unavailable", method="getFile")
    file = tmp_path / "one.vcf"
    file.write_text(card("Grace", "+4930123451"))
    await ada.sends_file(file)
    await ada.sees("because of a fault at Telegram. Please try again.")


@pytest.mark.parametrize(
    ("number", "user", "written"),
    [
        ("4915112345678", 7, "+4915112345678"),
        ("+4915112345678", 7, "+4915112345678"),
        ("015112345678", 7, "015112345678"),
        ("15112345678", None, "15112345678"),
    ],
)
def test_numbers_of_people_on_telegram_have_their_country(
    number: str, user: int | None, written: str
) -> None:
    assert f"TEL:{written}\r\n" in of_telegram(Contact(number, "Grace", user_id=user))


def test_a_vcard_that_came_along_is_used_if_it_is_whole() -> None:
    whole = "BEGIN:VCARD\nVERSION:3.0\nFN:Grace\nitem1.TEL:+49301\nTEL:+49302\nEND:VCARD\n"
    assert of_telegram(Contact("+49301", "Grace", vcard=whole)) == whole
    for useless in (whole[:-12], "BEGIN:VCARD\nFN:TEL:\nEND:VCARD\n", ""):
        assert "TEL:+49301\r\n" in of_telegram(Contact("+49301", "Grace", vcard=useless))


def test_a_hostile_name_stays_a_name() -> None:
    made = of_telegram(Contact("+1", "Bobby\r\nTEL:+49900;", last_name="a,b\\"))
    assert made.count("\r\n") == 6
    assert "FN:Bobby TEL:+49900\\; a\\,b\\\\\r\n" in made


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_whatever_a_program_writes_is_read(encoding: str) -> None:
    assert decoded("FN:Jörg Müller".encode(encoding)) == "FN:Jörg Müller"


def test_what_is_nothing_of_it_does_no_harm() -> None:
    assert decoded(b"\x81\x8d\xff")
    assert decoded(codecs.BOM_UTF16_LE + b"\x00")


def test_who_has_only_another_ones_number_is_told() -> None:
    taken = ImportedContacts(added=0, changed=0, sharing=("Bob & Co", "Cy"))
    english = told(Words.plain("en"), taken)
    assert "Not taken: Bob &amp; Co, Cy\nTheir number is another contact" in english
    assert "Ihre Nummer gehört" in told(Words.plain("de"), taken)


def test_for_whom_there_was_no_room_is_told() -> None:
    taken = ImportedContacts(added=1, changed=0, skipped=("Ada",), left_out=("Ben",))
    english = told(Words.plain("en"), taken)
    assert "Not taken: Ada\nThey have no number" in english
    assert "Not taken: Ben\nThere is no room for more contacts." in english
    assert "kein Platz" in told(Words.plain("de"), taken)


def test_a_long_list_of_those_who_were_not_taken_is_cut() -> None:
    taken = ImportedContacts(added=12, changed=3, skipped=tuple(f"N{n}" for n in range(14)))
    english = told(Words.plain("en"), taken)
    assert "12 contacts are added.\n3 contacts are changed." in english
    assert "N9 and 4 more" in english
    assert "12 Kontakte sind hinzugefügt." in told(Words.plain("de"), taken)
