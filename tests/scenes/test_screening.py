"""Whoever picks up must accept: no machine eats a call."""

import asyncio

from bridge.api.events import NothingHeard
from bridge.api.views import CardState, PhoneState
from bridge.errors import SetupFault
from bridge.terms import Cause, EndedBy, State
from tests.house import House


async def test_two_sends_the_caller_to_the_voicemail(house: House) -> None:
    house.rings("desk", "mobile")
    ada = await house.friend("Ada").calls()
    await house.phone("desk").answers(pressing="2")
    await house.phone("mobile").is_gone(Cause.ELSEWHERE)
    await ada.is_told("Please leave a message")
    assert house.card.state is CardState.RECORDING


async def test_three_rejects_the_caller(house: House) -> None:
    house.rings("desk", "mobile")
    ada = await house.friend("Ada").calls()
    await house.phone("desk").answers(pressing="3")
    await ada.is_gone(Cause.DECLINED)
    await house.phone("mobile").is_gone(Cause.CANCELLED)
    assert house.last_cdr.ended_by is EndedBy.PHONE
    assert house.card.state is CardState.DECLINED


async def test_a_key_cuts_the_announcement_short(house: House) -> None:
    house.rings("desk")
    ada = await house.friend("Ada").calls()
    await house.phone("desk").answers(pressing="1")
    assert house.mixer.played[0].cut
    await ada.hears(house.phone("desk"))


async def test_other_keys_change_nothing(house: House) -> None:
    house.rings("desk")
    ada = await house.friend("Ada").calls()
    await house.phone("desk").answers(pressing="7")
    await house.phone("desk").presses("*0#")
    assert not house.mixer.played[0].cut
    assert ada.hears_ringing
    await house.phone("desk").presses("1")
    await ada.hears(house.phone("desk"))


async def test_nobody_presses_anything(house: House) -> None:
    house.rings("desk", "mobile", in_order=True)
    ada = await house.friend("Ada").calls()
    await house.phone("desk").answers()
    desk = house.phone("desk").on_the_line
    await house.phone("mobile").is_ringing(within=40)
    assert desk.cause is Cause.NORMAL
    assert len(house.mixer.heard_on(desk.peer.audio)) == 2  # said, and said once more
    assert house.on_card("desk").state is PhoneState.NO_ANSWER
    assert ada.hears_ringing


async def test_a_carrier_s_voicemail_is_no_human(house: House) -> None:
    house.rings("mobile", announce=False)
    house.phone("mobile").answers_at_once = True
    ada = await house.friend("Ada").calls()
    await house.phone("mobile").is_told("Press 1")
    assert not ada.is_through
    await house.phone("mobile").is_gone(Cause.NORMAL, within=40)
    await ada.is_told("Please leave a message")


async def test_early_media_is_no_answer(house: House) -> None:
    house.rings("desk", "mobile", in_order=True, announce=False)
    ada = await house.friend("Ada").calls()
    await house.phone("desk").is_ringing()
    await house.phone("desk").sends_early_media()
    await house.later(5)
    assert ada.hears_ringing
    assert house.mixer.patches == []
    await house.phone("mobile").is_ringing(within=20)


async def test_early_media_at_once_counts_as_ringing(house: House) -> None:
    house.rings("desk")
    house.phone("desk").mute = True
    await house.friend("Ada").calls()
    await house.phone("desk").sends_early_media()
    assert house.on_card("desk").state is PhoneState.RINGING


async def test_without_announcement_picking_up_is_accepting(house: House) -> None:
    house.rings("desk", announce=False)
    ada = await house.friend("Ada").calls()
    await house.phone("desk").answers()
    await ada.hears(house.phone("desk"))
    assert house.mixer.played == []


async def test_hanging_up_during_the_announcement_is_refusing(house: House) -> None:
    house.rings("desk", "mobile", in_order=True)
    await house.friend("Ada").calls()
    await house.phone("desk").answers()
    await house.phone("desk").is_told("Press 1")
    await house.phone("desk").hangs_up()
    await house.phone("mobile").is_ringing(within=1)
    assert house.on_card("desk").state is PhoneState.REFUSED


async def test_a_voice_that_fails_does_not_cost_the_call(house: House) -> None:
    house.rings("desk")
    house.speaker.fault = SetupFault("espeak_missing")
    ada = await house.friend("Ada").calls()
    await house.phone("desk").answers()
    await house.phone("desk").presses("1")
    await ada.hears(house.phone("desk"))


async def test_a_phone_that_is_not_heard_is_told_while_it_is_asked(house: House) -> None:
    house.rings("desk")
    await house.friend("Ada").calls()
    await house.phone("desk").answers()
    house.phone("desk").on_the_line.peer.silent(3.0, "never_heard")
    await house.later(0)
    assert [(event.side, event.likely) for event in house.events(NothingHeard)] == [
        ("phone", "never_heard")
    ]


async def test_the_caller_never_notices_how_often_phones_picked_up(house: House) -> None:
    house.rings("desk", "kitchen")
    ada = await house.friend("Ada").calls()
    for label in ("desk", "kitchen"):
        await house.phone(label).is_ringing()
        await house.phone(label).picks_up()
    await asyncio.sleep(2)
    assert ada.on_the_line.peer.state is State.RINGING
