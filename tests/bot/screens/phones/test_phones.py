"""The phones: adding, proving, ordering, switching, removing."""

import pytest

from bridge.api.commands.phones import AddPhone, ChangePhone, RemovePhone, VerifyPhone
from bridge.api.events import PhoneChecked
from bridge.api.views import PhoneView
from bridge.terms import RingMode
from tests.bot.fake_desk import FakeDesk, Home, now
from tests.bot.person import Person


async def test_a_phone_is_added_and_verified(ada: Person, home: Home, desk: FakeDesk) -> None:
    await ada.says("/phones")
    await ada.sees("You have none yet.")
    await ada.presses("Add a phone")
    await ada.presses("Mobile")
    await ada.sees("Please type the number of “Mobile”")
    await ada.says("0151 12345678")
    await ada.sees("Now I have to make sure that +49 1511 2345678 is yours.")
    assert not [asked for asked in desk.asked if isinstance(asked, VerifyPhone)]
    await ada.presses("Call it now")
    await ada.sees("4 2 8 7")
    await ada.sees("You have 3 tries.")
    _checked(desk, home.phones[0], "verified")
    await ada.sees("Mobile is verified.")
    added = desk.last(AddPhone)
    assert (added.label, added.address) == ("Mobile", "0151 12345678")


async def test_a_name_of_ones_own_can_be_typed(ada: Person, home: Home, desk: FakeDesk) -> None:
    await ada.says("/phones")
    await ada.presses("Add a phone")
    await ada.sees("What shall this phone be called?")
    await ada.says("Summer house")
    await ada.sees("Please type the number of “Summer house”")
    await ada.says("sip:ada@192.168.178.1")
    await ada.sees("make sure that ada@192.168.178.1 is yours")
    assert desk.last(AddPhone).label == "Summer house"


async def test_a_number_that_is_refused_can_be_typed_again(ada: Person, home: Home) -> None:
    await ada.says("/phones")
    await ada.presses("Add a phone")
    await ada.presses("Home")
    await ada.sees("Please type the number")
    await ada.says("112")
    await ada.sees("This bridge never calls emergency numbers.")
    await ada.says("eleven")
    await ada.sees("I cannot read this as a telephone number.")
    await ada.says("+49 30 123456")
    await ada.sees("make sure that +49 30 123456 is yours")
    assert len(home.phones) == 1


@pytest.mark.parametrize(
    ("outcome", "tries", "said"),
    [
        ("wrong_digits", 2, "not verified yet: the number that was typed was wrong."),
        ("no_answer", 3, "not verified yet: nobody picked up."),
        ("busy", 3, "not verified yet: busy."),
        ("wrong_digits", 0, "could not be verified: too many tries."),
        ("cooling", 0, "could not be verified: too many tries."),
    ],
)
async def test_how_a_verification_ended(
    ada: Person, home: Home, desk: FakeDesk, outcome: str, tries: int, said: str
) -> None:
    phone = desk.phone(home, verified=False)
    await ada.says("/phones")
    await ada.sees("Your phones")
    _checked(desk, phone, outcome, tries)
    message = await ada.sees(said)
    labels = [button["text"] for button in message.buttons]
    assert ("Call again" in labels) == (tries > 0)


async def test_a_cool_down_is_told_by_the_clock(ada: Person, home: Home, desk: FakeDesk) -> None:
    phone = desk.phone(home, verified=False).model_copy(update={"cooling_until": now()})
    home.phones = [phone]
    await ada.says("/phones")
    await ada.presses("Mobile")
    await ada.sees("Too many tries. You can verify it again from today")


async def test_order_ring_time_and_power(ada: Person, home: Home, desk: FakeDesk) -> None:
    mobile, desk_phone = desk.phone(home), desk.phone(home, "Desk", "sip:desk@box")
    await ada.says("/phones")
    await ada.sees("All phones ring at the same time.")
    await ada.presses("Ring one after the other")
    await ada.sees("The phones ring one after the other, in this order.")
    assert home.settings.preferences.ring_mode is RingMode.IN_ORDER
    await ada.presses("Desk")
    await ada.presses("Move up")
    await ada.sees("Your phones")
    assert [phone.id for phone in home.phones] == [desk_phone.id, mobile.id]
    await ada.presses("Desk")
    await ada.presses("Ring time: 25 s")
    await ada.presses("40 s")
    await ada.sees("rings for 40 seconds")
    await ada.presses("Switch off")
    await ada.sees("Desk, desk@box: switched off")
    assert desk.last(ChangePhone).enabled is False
    await ada.presses("Switch on")
    await ada.sees("rings for 40 seconds")


async def test_renaming(ada: Person, home: Home, desk: FakeDesk) -> None:
    desk.phone(home)
    await ada.says("/phones")
    await ada.presses("Mobile")
    await ada.presses("Rename")
    await ada.sees("Please type the new name")
    await ada.says("Grandma's")
    await ada.sees("Grandma's, +49 1511 2345678")


async def test_removing_is_confirmed(ada: Person, home: Home, desk: FakeDesk) -> None:
    desk.phone(home)
    await ada.says("/phones")
    await ada.presses("Mobile")
    await ada.presses("Remove")
    await ada.presses("No, keep it")
    await ada.sees("rings for 25 seconds")
    assert not [asked for asked in desk.asked if isinstance(asked, RemovePhone)]
    await ada.presses("Remove")
    await ada.presses("Yes, remove it")
    await ada.sees("You have none yet.")
    assert not home.phones


async def test_a_button_for_a_phone_that_is_gone(ada: Person, home: Home, desk: FakeDesk) -> None:
    desk.phone(home)
    await ada.says("/phones")
    await ada.sees("Mobile")
    home.phones.clear()
    await ada.presses("Mobile")
    shown = await ada.sees("This phone is no longer in your list.")
    assert shown.buttons


def _checked(desk: FakeDesk, phone: PhoneView, outcome: str, tries: int = 2) -> None:
    user = next(home.user.id for home in desk.homes.values())
    desk.tell(PhoneChecked(user=user, phone=phone, outcome=outcome, tries_left=tries))


async def test_the_own_contact_is_the_number_that_was_asked_for(ada: Person, home: Home) -> None:
    await ada.says("/phones")
    await ada.presses("Add a phone")
    await ada.says("Mobile")
    await ada.sees("Please type the number of “Mobile”")
    await ada.sends_contact("4915112345678", "Ada", user_id=ada.number)
    await ada.sees("Do you have the phone at hand?")
    assert [phone.address for phone in home.phones] == ["+4915112345678"]


async def test_a_bad_number_is_asked_for_again_with_the_reason(ada: Person, home: Home) -> None:
    await ada.says("/phones")
    await ada.presses("Add a phone")
    await ada.says("Kitchen")
    for _ in range(2):
        await ada.says("ring ring")
        shown = await ada.sees("Please try once more, or send /cancel.")
        assert "Please type the number of “Kitchen”" in shown.text
        assert [button["text"] for button in shown.buttons] == ["Cancel"]
        ada.deletes(shown)
    await ada.says("+4930123456")
    await ada.sees("Do you have the phone at hand?")
    assert [phone.label for phone in home.phones] == ["Kitchen"]
