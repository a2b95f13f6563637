"""Somebody calls while another call is up: a card only, and after a while the voicemail."""

from bridge.api.views import CallAction, CardState
from bridge.terms import Cause
from tests.house import House
from tests.people import Friend


async def talks_with_ada(house: House) -> Friend:
    house.rings("desk", "mobile")
    ada = await house.friend("Ada").calls()
    await house.phone("desk").answers(pressing="1")
    await ada.hears(house.phone("desk"))
    return ada


async def test_the_second_caller_rings_no_phone(house: House) -> None:
    ada = await talks_with_ada(house)
    ben = await house.friend("Ben").calls()
    await house.later(15)
    assert house.phone("mobile").times_rung == 1
    assert ben.hears_ringing
    assert house.card.caller_name == "Ben"
    assert house.card.state is CardState.ARRIVED
    assert house.card.reason == "busy_line"
    await ben.gets_through(within=6)
    await ben.is_told("Please leave a message")
    await ada.hears(house.phone("desk"))


async def test_the_user_takes_the_second_call_from_the_chat(house: House) -> None:
    ada = await talks_with_ada(house)
    ben = await house.friend("Ben").calls()
    await house.press(CallAction.RING, "mobile")
    await house.phone("mobile").answers(pressing="1")
    await ben.hears(house.phone("mobile"))
    await ada.hears(house.phone("desk"))
    assert len(house.mixer.patches) == 2


async def test_the_user_sends_the_second_caller_away(house: House) -> None:
    ada = await talks_with_ada(house)
    ben = await house.friend("Ben").calls()
    await house.press(CallAction.NOT_NOW)
    await ben.is_gone(Cause.BUSY)
    await ada.hears(house.phone("desk"))


async def test_the_user_sends_the_second_caller_to_the_voicemail(house: House) -> None:
    await talks_with_ada(house)
    ben = await house.friend("Ben").calls()
    await house.press(CallAction.VOICEMAIL)
    await ben.gets_through(within=1)


async def test_the_voicemail_waits_for_a_phone_that_was_rung_late(house: House) -> None:
    await talks_with_ada(house)
    ben = await house.friend("Ben").calls()
    await house.later(15)
    await house.press(CallAction.RING, "mobile")
    await house.later(10)
    assert ben.hears_ringing
    await house.phone("mobile").answers(pressing="1")
    await ben.hears(house.phone("mobile"))


async def test_who_only_waits_keeps_no_phone_from_ringing(house: House) -> None:
    ada = await talks_with_ada(house)
    ben = await house.friend("Ben").calls()
    await ada.hangs_up()
    await house.friend("Cy").calls()
    await house.phone("desk").is_ringing(showing="Cy")
    assert ben.hears_ringing


async def test_the_second_caller_gives_up(house: House) -> None:
    ada = await talks_with_ada(house)
    ben = await house.friend("Ben").calls()
    await ben.hangs_up(Cause.CANCELLED)
    await ada.hears(house.phone("desk"))
    assert house.last_cdr.caller_name == "Ben"
    assert house.card.state is CardState.MISSED


async def test_two_call_at_the_same_moment(house: House) -> None:
    house.rings("desk")
    ada, ben = house.friend("Ada"), house.friend("Ben")
    await ada.calls()
    await ben.calls()
    await house.phone("desk").is_ringing(showing="Ada")
    assert house.phone("desk").times_rung == 1


async def test_a_caller_in_the_voicemail_keeps_no_phone_from_ringing(house: House) -> None:
    house.rings("desk", seconds=5)
    ada = await house.friend("Ada").calls()
    await ada.is_told("beep", within=30)
    ada.speaks(30)
    await house.friend("Ben").calls()
    await house.phone("desk").is_ringing(showing="Ben")


async def test_after_the_first_call_the_phones_ring_again(house: House) -> None:
    ada = await talks_with_ada(house)
    await ada.hangs_up()
    await house.is_quiet()
    await house.friend("Ben").calls()
    await house.phone("mobile").is_ringing(showing="Ben")
