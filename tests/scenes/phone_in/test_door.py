"""Who phones in proves to be the user."""

import pytest

from bridge.api.views import CardState
from bridge.calls.phone_in.pin_check import AT_MOST
from bridge.terms import Cause, Direction
from tests.house import House
from tests.scenes.phone_in.conftest import PhonesIn


async def test_the_pin_opens_the_menu(house: House, phones_in: PhonesIn) -> None:
    desk = await phones_in()
    await desk.hangs_up()
    await house.is_quiet()
    assert house.last_cdr.direction is Direction.PHONED_IN
    assert house.last_cdr.answered_on == "desk"
    assert house.last_cdr.cause == Cause.NORMAL.word


async def test_the_pin_needs_no_hash(house: House, phones_in: PhonesIn) -> None:
    desk = await phones_in(pin=None)
    await desk.presses("2468")
    await desk.is_told("Main menu", within=6)


async def test_nothing_is_said_of_the_user_before(house: House, phones_in: PhonesIn) -> None:
    house.directory.knows("Ada", "1")
    desk = await phones_in(pin=None)
    await house.later(3)
    assert desk.was_told() == ["Please type your PIN, then hash."]


async def test_a_wrong_pin_is_asked_again(house: House, phones_in: PhonesIn) -> None:
    desk = await phones_in(pin=None)
    await desk.presses("1357#")
    await desk.is_told("That was wrong")
    await desk.presses("2468#")
    await desk.is_told("Main menu")


async def test_three_wrong_ones_lock_it(house: House, phones_in: PhonesIn) -> None:
    desk = await phones_in(pin=None)
    for _ in range(3):
        await desk.presses("1357#")
        await house.later(2)
    await desk.is_told("locked", within=10)
    await desk.is_gone(Cause.NORMAL, within=10)
    assert house.last_cdr.answered is None


async def test_the_right_pin_is_no_help_while_it_is_locked(
    house: House, phones_in: PhonesIn
) -> None:
    house.subscriber.wrong_pins = ["1", "2", "3"]
    desk = await phones_in(pin=None)
    await desk.presses("2468#")
    await desk.is_told("locked")
    await desk.is_gone(Cause.NORMAL, within=10)


async def test_a_phone_without_pin_by_the_users_wish(house: House) -> None:
    house.rings("mobile")
    house.subscriber.change(has_pin=True)
    house.change_phone("mobile", pin_waived=True)
    mobile = await house.phone("mobile").calls("bridge")
    await mobile.is_told("Main menu")
    assert "PIN" not in " ".join(mobile.was_told())


async def test_a_waiver_is_none_while_there_is_no_pin(house: House) -> None:
    house.rings("mobile")
    house.change_phone("mobile", pin_waived=True)
    mobile = await house.phone("mobile").calls("bridge")
    await mobile.is_told("set a PIN in the chat")
    await mobile.is_gone(Cause.NORMAL, within=15)


async def test_a_waiver_is_none_while_it_is_locked(house: House) -> None:
    house.rings("mobile")
    house.subscriber.change(has_pin=True)
    house.change_phone("mobile", pin_waived=True)
    house.subscriber.wrong_pins = ["1", "2", "3"]
    mobile = await house.phone("mobile").calls("bridge")
    await mobile.is_told("locked")
    await mobile.is_gone(Cause.NORMAL, within=15)
    assert house.last_cdr.answered is None


async def test_a_waiver_of_a_phone_that_is_not_verified_is_none(house: House) -> None:
    house.rings("mobile")
    house.subscriber.change(has_pin=True)
    house.change_phone("mobile", pin_waived=True, verified=False)
    mobile = await house.phone("mobile").calls("bridge")
    await mobile.is_told("PIN")


@pytest.mark.parametrize("caller", ["sip:101@pbx.home", "sip:101@evil.example", "101"])
async def test_a_waiver_of_an_extension_is_none(house: House, caller: str) -> None:
    """Every exchange has a 101."""
    house.rings("desk")
    house.subscriber.change(has_pin=True)
    house.change_phone("desk", pin_waived=True, address="sip:101@pbx.home")
    stranger = await house.stranger(caller).calls("bridge")
    await stranger.is_told("PIN")


async def test_a_stranger_is_asked_whatever_is_waived(house: House) -> None:
    house.rings("mobile")
    house.subscriber.change(has_pin=True)
    house.change_phone("mobile", pin_waived=True)
    stranger = await house.stranger("+4930999").calls("bridge")
    await stranger.is_told("PIN")
    await stranger.presses("2468#")
    await stranger.is_told("Main menu")
    await stranger.hangs_up()
    await house.is_quiet()
    assert house.last_cdr.answered_on == "+4930999"


async def test_without_a_pin_nobody_is_let_in(house: House) -> None:
    house.rings("desk")
    desk = await house.phone("desk").calls("bridge")
    await desk.is_told("set a PIN in the chat")
    await desk.is_gone(Cause.NORMAL, within=15)


async def test_who_types_nothing_is_left(house: House, phones_in: PhonesIn) -> None:
    desk = await phones_in(pin=None)
    await desk.is_told("Goodbye", within=40)
    await desk.is_gone(Cause.NORMAL, within=10)
    assert house.subscriber.wrong_pins == []


async def test_two_strangers_at_the_door_leave_no_room_for_a_third(house: House) -> None:
    house.subscriber.change(has_pin=True)
    for number in ("+4930001", "+4930002"):
        await (await house.stranger(number).calls("bridge")).is_told("PIN")
    third = await house.stranger("+4930003").calls("bridge")
    await third.is_gone(Cause.BUSY)


async def test_the_users_own_phone_is_let_in_beside_them(house: House, phones_in: PhonesIn) -> None:
    house.subscriber.change(has_pin=True)
    for number in ("+4930001", "+4930002"):
        await (await house.stranger(number).calls("bridge")).is_told("PIN")
    await phones_in()


async def test_who_was_sent_away_takes_no_room(house: House, phones_in: PhonesIn) -> None:
    house.subscriber.change(has_pin=True)
    house.subscriber.delay = 3.0  # until its record is written
    for number in ("+4930001", "+4930002"):
        await (await house.stranger(number).calls("bridge")).is_told("PIN")
    for number in ("+4930003", "+4930004"):
        await (await house.stranger(number).calls("bridge")).is_gone(Cause.BUSY)
    await house.stranger("+4930001").hangs_up()
    await (await house.stranger("+4930005").calls("bridge")).is_told("PIN")


async def test_nobody_stands_at_the_door_for_ever(house: House, phones_in: PhonesIn) -> None:
    desk = await phones_in(pin=None)
    for _ in range(int(AT_MOST / 5)):
        assert not desk.on_the_line.over
        await desk.presses("12*")
        await house.later(5)
    await desk.is_told("That took too long")
    await desk.is_gone(Cause.NORMAL, within=10)
    assert house.subscriber.wrong_pins == []


async def test_a_try_counts_though_its_answer_is_not_waited_for(
    house: House, phones_in: PhonesIn
) -> None:
    house.subscriber.delay = 0.2
    for _ in range(3):
        desk = await phones_in(pin=None)
        await desk.presses("1357#")
        await desk.hangs_up()
        await house.is_quiet()
    assert len(house.subscriber.wrong_pins) == 3


async def test_the_hash_after_the_longest_pin_is_not_for_the_menu(
    house: House, phones_in: PhonesIn
) -> None:
    house.subscriber.pin = "24681357"
    desk = await phones_in(pin=None)
    await desk.presses("24681357")
    await house.later(1)
    await desk.presses("#")
    await desk.is_told("Main menu")
    assert not any("nothing more" in text for text in desk.was_told())


async def test_friends_ring_while_a_stranger_is_at_the_door(house: House) -> None:
    house.rings("desk")
    house.subscriber.change(has_pin=True)
    await (await house.stranger("+4930001").calls("bridge")).is_told("PIN")
    await house.friend("Ada").calls()
    await house.phone("desk").is_ringing(showing="Ada")


async def test_a_friend_hears_that_the_user_is_on_the_phone(
    house: House, phones_in: PhonesIn
) -> None:
    await phones_in()
    await house.friend("Ada").calls()
    await house.later(5)
    assert house.card.reason == "busy_line"
    assert house.card.state is CardState.ARRIVED


@pytest.mark.parametrize("keys", ["", "2", "24", "2468", "2468#"])
async def test_who_hangs_up_at_the_door_leaves_nothing(
    house: House, phones_in: PhonesIn, keys: str
) -> None:
    desk = await phones_in(pin=None)
    await desk.presses(keys)
    await desk.hangs_up()
    await house.is_quiet()
    house.is_empty()
