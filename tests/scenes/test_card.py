"""The buttons of the call card."""

from uuid import uuid4

import pytest

from bridge.api.views import CallAction, CardState, PhoneState
from bridge.errors import NotAllowed, UnknownTarget
from bridge.terms import Cause, EndedBy
from tests.house import House


async def test_ring_the_mobile_now(house: House) -> None:
    house.rings("desk", "mobile", in_order=True, seconds=20)
    ada = await house.friend("Ada").calls()
    assert house.on_card("mobile").state is None
    assert CallAction.RING in house.card.actions
    await house.press(CallAction.RING, "mobile")
    await house.phone("mobile").is_ringing(within=1)
    assert house.phone("desk").rings
    assert CallAction.RING not in house.card.actions
    await house.phone("mobile").answers(pressing="1")
    await ada.hears(house.phone("mobile"))
    await house.phone("desk").is_gone(Cause.ELSEWHERE)


async def test_a_phone_that_was_rung_by_its_button_does_not_ring_twice(house: House) -> None:
    house.rings("desk", "mobile", in_order=True, seconds=20)
    ada = await house.friend("Ada").calls()
    await house.press(CallAction.RING, "mobile")
    await house.later(21)
    await ada.gets_through()  # to the voicemail
    assert house.phone("mobile").times_rung == 1


async def test_the_hunt_waits_for_a_phone_that_was_rung_late(house: House) -> None:
    house.rings("desk", "mobile", seconds=20)
    house.change_phone("mobile", enabled=False)
    ada = await house.friend("Ada").calls()
    await house.later(15)
    await house.press(CallAction.RING, "mobile")
    await house.later(10)
    assert house.on_card("desk").state is PhoneState.NO_ANSWER
    assert ada.hears_ringing
    await house.phone("mobile").answers(pressing="1")
    await ada.hears(house.phone("mobile"))


async def test_pressing_ring_twice_rings_once(house: House) -> None:
    house.rings("desk", "mobile", in_order=True)
    await house.friend("Ada").calls()
    await house.press(CallAction.RING, "mobile")
    await house.press(CallAction.RING, "mobile")
    await house.phone("mobile").is_ringing()
    assert house.phone("mobile").times_rung == 1


async def test_to_the_voicemail(house: House) -> None:
    house.rings("desk")
    ada = await house.friend("Ada").calls()
    await house.phone("desk").is_ringing()
    await house.press(CallAction.VOICEMAIL)
    await house.phone("desk").is_gone(Cause.ELSEWHERE)
    await ada.is_told("Please leave a message")
    await ada.hangs_up()
    await house.is_quiet()
    assert house.last_cdr.cause == Cause.DECLINED.word
    assert house.card.state is CardState.DECLINED


async def test_not_now(house: House) -> None:
    house.rings("desk")
    ada = await house.friend("Ada").calls()
    await house.phone("desk").is_ringing()
    await house.press(CallAction.NOT_NOW)
    await ada.is_gone(Cause.BUSY)
    await house.phone("desk").is_gone(Cause.CANCELLED)
    assert house.last_cdr.ended_by is EndedBy.PHONE
    assert house.card.state is CardState.DECLINED


async def test_block_the_caller(house: House) -> None:
    house.rings("desk")
    spammer = await house.stranger("+4930999999").calls()
    await house.press(CallAction.BLOCK)
    await spammer.is_gone(Cause.DECLINED)
    assert [party.address for party in house.subscriber.blocked] == ["+4930999999"]
    assert house.card.state is CardState.BLOCKED
    await spammer.calls()
    await spammer.is_gone(Cause.DECLINED)
    assert house.phone("desk").times_rung == 1


async def test_block_while_talking(house: House) -> None:
    house.rings("desk")
    spammer = await house.stranger("+4930999999").calls()
    await house.phone("desk").answers(pressing="1")
    await spammer.hears(house.phone("desk"))
    await house.press(CallAction.BLOCK)
    await spammer.is_gone(Cause.NORMAL)
    assert house.card.state is CardState.ENDED
    assert house.subscriber.blocked


async def test_hang_up(house: House) -> None:
    house.rings("desk")
    ada = await house.friend("Ada").calls()
    await house.phone("desk").answers(pressing="1")
    await ada.hears(house.phone("desk"))
    await house.press(CallAction.HANG_UP)
    await ada.is_gone(Cause.NORMAL)
    await house.phone("desk").is_gone(Cause.NORMAL)
    assert house.last_cdr.ended_by is EndedBy.PHONE


async def test_a_button_that_comes_too_late(house: House) -> None:
    house.rings("desk")
    ada = await house.friend("Ada").calls()
    await ada.hangs_up(Cause.CANCELLED)
    await house.is_quiet()
    with pytest.raises(UnknownTarget, match="call_over"):
        await house.press(CallAction.NOT_NOW)


async def test_a_button_of_a_moment_ago_does_no_harm(house: House) -> None:
    house.rings("desk", "mobile")
    ada = await house.friend("Ada").calls()
    await house.phone("desk").answers(pressing="1")
    await ada.hears(house.phone("desk"))
    for action in (CallAction.NOT_NOW, CallAction.VOICEMAIL):
        await house.press(action)
    await house.press(CallAction.RING, "mobile")
    await house.later(5)
    await ada.hears(house.phone("desk"))
    assert house.phone("mobile").times_rung == 1


async def test_only_own_and_verified_phones_can_be_rung(house: House) -> None:
    house.rings("desk", "mobile")
    house.change_phone("mobile", verified=False)
    await house.friend("Ada").calls()
    with pytest.raises(NotAllowed, match="not_verified"):
        await house.press(CallAction.RING, "mobile")
    with pytest.raises(UnknownTarget, match="no_such_phone"):
        await house.switchboard.act(house.card.id, CallAction.RING, uuid4())
    with pytest.raises(UnknownTarget, match="no_such_phone"):
        await house.press(CallAction.RING)


async def test_a_phone_added_during_the_call_can_be_rung(house: House) -> None:
    house.rings("desk")
    ada = await house.friend("Ada").calls()
    house.rings("desk", "mobile")
    await house.press(CallAction.RING, "mobile")
    await house.phone("mobile").answers(pressing="1")
    await ada.hears(house.phone("mobile"))


async def test_running_calls_are_listed(house: House) -> None:
    house.rings("desk")
    ada = await house.friend("Ada").calls()
    assert [card.id for card in house.switchboard.running()] == [house.card.id]
    await ada.hangs_up(Cause.CANCELLED)
    assert house.switchboard.running() == []
