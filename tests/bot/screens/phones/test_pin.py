"""The PIN: set, changed, removed, waived, locked."""

from datetime import timedelta

from bridge.api.commands.preferences import SetPin
from bridge.api.events import PinLocked
from tests.bot.fake_desk import FakeDesk, Home, now
from tests.bot.person import Person


async def test_a_pin_is_set_and_nobody_sees_it(ada: Person, home: Home) -> None:
    await ada.says("/phonein")
    await ada.presses("Set a PIN")
    await ada.sees("🔑 Please type a PIN of four to eight digits")
    typed = await ada.says("27 18 28")
    await ada.sees("I deleted your answer from this chat.")
    await ada.sees("The PIN is set.")
    assert home.pin == "271828"
    assert typed not in ada.screen
    assert not [line for line in ada.transcript() if "27" in line]
    await ada.presses("Phone in")
    await ada.sees("Change the PIN")


async def test_a_bad_one_is_asked_for_again_and_deleted_too(ada: Person, home: Home) -> None:
    await ada.says("/phonein")
    await ada.presses("Set a PIN")
    await ada.sees("Please type a PIN")
    await ada.says("1234")
    await ada.sees("🔑 This PIN is too easy to guess. Please choose another one")
    await ada.says("my birthday")
    await ada.sees("🔑 A PIN has four to eight digits.")
    await ada.says("271828")
    await ada.sees("The PIN is set.")
    assert home.pin == "271828"
    typed = [line for line in ada.transcript() if line.startswith("Ada: ")]
    assert typed[-3:] == ["Ada: ••••••"] * 3


async def test_the_question_can_be_left(ada: Person, home: Home, desk: FakeDesk) -> None:
    await ada.says("/phonein")
    await ada.presses("Set a PIN")
    await ada.sees("Please type a PIN")
    await ada.says("/cancel")
    await ada.sees("Hello Ada.")
    assert not [asked for asked in desk.asked if isinstance(asked, SetPin)]


async def test_removing_is_confirmed(ada: Person, home: Home) -> None:
    home.settings = home.settings.model_copy(update={"has_pin": True})
    await ada.says("/phonein")
    await ada.presses("Remove the PIN")
    await ada.sees("Without one nobody can phone in")
    await ada.presses("No, keep it")
    await ada.presses("Remove the PIN")
    await ada.presses("Yes, remove it")
    await ada.sees("The PIN is removed.")
    assert not home.settings.has_pin


async def test_without_a_pin_no_phone_is_let_in_whatever_was_waived(
    ada: Person, home: Home, desk: FakeDesk
) -> None:
    home.settings = home.settings.model_copy(update={"has_pin": True})
    home.phones = [desk.phone(home).model_copy(update={"pin_waived": True})]
    await ada.says("/phonein")
    await ada.presses("Remove the PIN")
    shown = await ada.sees("Without one nobody can phone in")
    assert "Phones that need no PIN are not let in either: Mobile" in shown.text
    await ada.presses("Yes, remove it")
    shown = await ada.sees("Nobody can phone in now.")
    assert "Phones that need no PIN are not let in either: Mobile" in shown.text


async def test_a_phone_needs_no_pin_after_a_warning(
    ada: Person, home: Home, desk: FakeDesk
) -> None:
    home.settings = home.settings.model_copy(update={"has_pin": True})
    desk.phone(home)
    await ada.says("/phones")
    await ada.presses("Mobile")
    await ada.presses("Phone in without the PIN")
    await ada.sees("a caller can pretend to have any number")
    await ada.presses("No, ask for the PIN")
    await ada.sees("rings for 25 seconds")
    assert not home.phones[0].pin_waived
    await ada.presses("Phone in without the PIN")
    await ada.presses("Yes, without the PIN")
    await ada.sees("Who phones in from Mobile is not asked for the PIN.")
    assert home.phones[0].pin_waived
    await ada.presses("Phone in")
    await ada.sees("No PIN is asked for from: Mobile")
    await ada.says("/phones")
    await ada.presses("Mobile")
    await ada.presses("Ask for the PIN")
    await ada.sees("Who phones in from Mobile is asked for the PIN.")
    assert not home.phones[0].pin_waived


async def test_only_a_phone_of_ones_own_needs_no_pin(
    ada: Person, home: Home, desk: FakeDesk
) -> None:
    desk.phone(home, verified=False)
    await ada.says("/phones")
    await ada.presses("Mobile")
    shown = await ada.sees("It does not ring until you have verified it.")
    assert "Phone in without the PIN" not in [button["text"] for button in shown.buttons]


async def test_only_a_number_needs_no_pin(ada: Person, home: Home, desk: FakeDesk) -> None:
    phone = desk.phone(home, "Desk", "sip:101@box")
    home.phones = [phone.model_copy(update={"pin_waived": True})]  # before there was this rule
    home.settings = home.settings.model_copy(update={"has_pin": True})
    await ada.says("/phones")
    await ada.presses("Desk")
    shown = await ada.sees("Without a telephone number, Desk always needs the PIN to phone in.")
    assert not [button for button in shown.buttons if "PIN" in button["text"]]
    await ada.says("/phonein")
    shown = await ada.sees("The PIN is set")
    assert "No PIN is asked for" not in shown.text


async def test_a_lock_is_told_with_what_to_do(ada: Person, home: Home, desk: FakeDesk) -> None:
    await ada.says("/help")
    await ada.sees("Your telephone bridge")
    until = now() + timedelta(hours=1)
    desk.tell(PinLocked(user=home.user.id, caller="+4915199999999", until=until))
    shown = await ada.sees("A wrong PIN was typed three times, in a call from +49 1519 9999999.")
    assert "Nobody can phone in until " in shown.text
    await ada.presses("Set the PIN anew")
    await ada.sees("Please type a PIN")
    await ada.says("271828")
    await ada.sees("The PIN is set.")
    await ada.sees("A wrong PIN was typed three times")
    desk.tell(PinLocked(user=home.user.id, caller="", until=until))
    await ada.sees("in a call from a hidden number")
