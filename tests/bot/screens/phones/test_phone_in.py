"""Phoning in: the number, keys or voice, what is still missing."""

from datetime import timedelta

import pytest

from bridge.api.commands.accounts import ChangeAccount
from bridge.terms import Health
from tests.bot.fake_desk import FakeDesk, Home, now
from tests.bot.person import Person


def change(home: Home, **settings: object) -> None:
    home.settings = home.settings.model_copy(update=settings)


async def test_what_is_missing_is_said_with_the_remedy(ada: Person, home: Home) -> None:
    await ada.says("/phonein")
    shown = await ada.sees("Call me from any phone")
    assert "⚠ There is no number to call yet. Add a SIP account first" in shown.text
    assert "⚠ There is no PIN yet, so nobody can phone in." in shown.text
    assert "Use the keys: this bridge does not understand speech." in shown.text


async def test_an_account_becomes_the_number_after_a_word_about_it(
    ada: Person, home: Home, desk: FakeDesk
) -> None:
    desk.account(home, "Work")
    await ada.says("/phonein")
    await ada.sees("Choose one of your accounts below.")
    await ada.presses("Use Work for phoning in")
    await ada.sees("Your phones do not ring for it any more.")
    await ada.presses("No, let it ring")
    await ada.presses("Use Work for phoning in")
    await ada.presses("Yes, use it for that")
    shown = await ada.sees("Call the telephone number of your account Work (ada@sip.example)")
    assert desk.last(ChangeAccount).is_phone_in
    assert "Use Work for phoning in" not in [button["text"] for button in shown.buttons]


async def test_a_number_is_shown_as_it_is_dialled(ada: Person, home: Home, desk: FakeDesk) -> None:
    line = desk.account(home, "Work", is_phone_in=True)
    home.accounts = [line.model_copy(update={"address": "+4930555010@sip.example"})]
    await ada.says("/phonein")
    shown = await ada.sees("Call +49 30 555010")
    assert "not ready" not in shown.text


async def test_a_number_that_does_not_work_just_now(
    ada: Person, home: Home, desk: FakeDesk
) -> None:
    desk.account(home, "Work", Health.OFFLINE, is_phone_in=True)
    await ada.says("/phonein")
    await ada.sees("⚠ At the moment it is not ready: offline")


async def test_on_its_own_page_an_account_begins_and_stops_being_it(
    ada: Person, home: Home, desk: FakeDesk
) -> None:
    desk.account(home, "Work")
    await ada.says("/accounts")
    await ada.presses("Work")
    await ada.presses("Use it for phoning in")
    await ada.presses("Yes, use it for that")
    await ada.sees("Call the telephone number of your account Work")
    await ada.says("/accounts")
    await ada.presses("Work")
    await ada.sees("who calls it hears the menu, and your phones do not ring")
    await ada.presses("No longer for phoning in")
    await ada.sees("Choose one of your accounts below.")
    assert not home.accounts[0].is_phone_in


async def test_only_what_has_a_number_can_be_it(ada: Person, home: Home, desk: FakeDesk) -> None:
    chat = desk.account(home, "Chat")
    home.accounts = [chat.model_copy(update={"network": "xmpp"})]
    await ada.says("/phonein")
    await ada.sees("Add a SIP account first")
    await ada.says("/accounts")
    await ada.presses("Chat")
    shown = await ada.sees("Rename")
    assert "Use it for phoning in" not in [button["text"] for button in shown.buttons]


async def test_voice_is_switched(ada: Person, home: Home) -> None:
    change(home, voice_languages=frozenset({"en"}), has_pin=True)
    await ada.says("/settings")
    await ada.presses("Phone in")
    await ada.sees(
        "I listen to the keys and to your voice, in English.\nYou can interrupt me with any key."
    )
    await ada.presses("Interrupt by voice too")
    await ada.sees("You can interrupt me by speaking.")
    assert home.settings.preferences.barge_in
    await ada.presses("Interrupt with keys only")
    await ada.sees("You can interrupt me with any key.")
    await ada.presses("Listen to keys only")
    await ada.sees("I listen to the keys only.")
    assert not home.settings.preferences.voice
    await ada.presses("Listen to my voice too")
    await ada.sees("I listen to the keys and to your voice, in English.")


async def test_a_language_that_is_not_understood(ada: Person, home: Home) -> None:
    change(home, voice_languages=frozenset({"de", "fr"}))
    await ada.says("/phonein")
    shown = await ada.sees("I understand speech only in German, French. See /language.")
    assert not [button for button in shown.buttons if "voice" in button["text"]]


async def test_phones_without_the_pin_are_listed_whatever_holds(
    ada: Person, home: Home, desk: FakeDesk
) -> None:
    home.phones = [desk.phone(home).model_copy(update={"pin_waived": True})]
    await ada.says("/phonein")
    shown = await ada.sees("⚠ There is no PIN yet")
    assert "Phones that need no PIN are not let in either: Mobile" in shown.text
    change(home, has_pin=True)
    await ada.says("/phonein")
    await ada.sees("No PIN is asked for from: Mobile")
    change(home, pin_locked_until=now() + timedelta(hours=1))
    await ada.says("/phonein")
    shown = await ada.sees("⚠ Locked until ")
    assert "Phones that need no PIN are not let in either: Mobile" in shown.text


@pytest.mark.parametrize("hours", [1, -1])
async def test_a_lock_is_told_as_long_as_it_lasts(ada: Person, home: Home, hours: int) -> None:
    change(home, has_pin=True, pin_locked_until=now() + timedelta(hours=hours))
    await ada.says("/phonein")
    shown = await ada.sees("Call me from any phone")
    assert ("⚠ Locked until " in shown.text) == (hours > 0)
    assert ("The PIN is set" in shown.text) == (hours < 0)
    await ada.says("/status")
    shown = await ada.sees("Minutes today")
    assert ("⚠ Nobody can phone in until " in shown.text) == (hours > 0)
