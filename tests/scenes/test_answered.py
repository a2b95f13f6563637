"""Somebody calls, and one of the phones takes it."""

import pytest

from bridge.api.views import CallAction, CardState, PhoneState
from bridge.calls.ports.leg import Became
from bridge.terms import Cause, EndedBy, State
from tests.house import House


async def test_a_friend_rings_and_the_second_phone_answers(house: House) -> None:
    house.rings("desk", "mobile", in_order=True, seconds=20)
    ada = await house.friend("Ada").calls()
    await house.phone("desk").is_ringing(showing="Ada")
    assert ada.hears_ringing
    await house.later(20)
    await house.phone("desk").is_gone(Cause.CANCELLED)
    assert house.on_card("desk").state is PhoneState.NO_ANSWER
    await house.phone("mobile").answers(pressing="1")
    await ada.hears(house.phone("mobile"))
    assert house.card.state is CardState.ANSWERED
    await house.later(60)
    await ada.hangs_up()
    await house.phone("mobile").is_gone(Cause.NORMAL)
    assert house.last_cdr.answered_on == "mobile"
    assert house.last_cdr.cause == Cause.NORMAL.word
    assert house.last_cdr.ended_by is EndedBy.CALLER
    assert house.last_cdr.ring_seconds > 23
    assert 60 <= house.last_cdr.talk_seconds < 62
    assert house.card.state is CardState.ENDED


async def test_the_card_tells_the_story(house: House) -> None:
    house.rings("desk")
    ada = await house.friend("Ada").calls()
    await house.phone("desk").answers(pressing="1")
    await house.later(10)
    await ada.hangs_up()
    await house.is_quiet()
    story = [(card.state, card.phones[0].state) for card in house.cards]
    assert story == [
        (CardState.ARRIVED, None),
        (CardState.RINGING, PhoneState.DIALLING),
        (CardState.RINGING, PhoneState.RINGING),
        (CardState.RINGING, PhoneState.ASKING),
        (CardState.RINGING, PhoneState.ACCEPTED),
        (CardState.ANSWERED, PhoneState.ACCEPTED),
        (CardState.ENDED, PhoneState.ACCEPTED),
    ]
    assert {card.id for card in house.cards} == {house.last_cdr.id}
    assert house.cards[1].actions == (
        CallAction.VOICEMAIL,
        CallAction.NOT_NOW,
        CallAction.BLOCK,
    )
    assert house.cards[-2].actions == (CallAction.HANG_UP, CallAction.BLOCK)
    assert house.card.actions == ()
    assert house.card.answered_on == "desk"
    assert 10 <= house.card.talk_seconds < 11


async def test_all_phones_ring_together_and_the_others_stop(house: House) -> None:
    house.rings("desk", "kitchen", "mobile")
    ada = await house.friend("Ada").calls()
    for label in ("desk", "kitchen", "mobile"):
        await house.phone(label).is_ringing()
    await house.phone("kitchen").answers(pressing="1")
    await ada.hears(house.phone("kitchen"))
    await house.phone("desk").is_gone(Cause.ELSEWHERE)
    await house.phone("mobile").is_gone(Cause.ELSEWHERE)
    assert house.last_card_of_phone("desk") is PhoneState.CANCELLED


async def test_two_pick_up_and_the_first_to_press_wins(house: House) -> None:
    house.rings("desk", "mobile")
    ada = await house.friend("Ada").calls()
    desk, mobile = house.phone("desk"), house.phone("mobile")
    await desk.answers()
    await mobile.picks_up()
    await mobile.is_told("Press 1")
    await mobile.presses("1")
    await ada.hears(mobile)
    await desk.is_gone(Cause.ELSEWHERE)
    assert house.mixer.most_patches == 1


async def test_both_press_at_the_same_moment(house: House) -> None:
    house.rings("desk", "mobile")
    ada = await house.friend("Ada").calls()
    desk, mobile = house.phone("desk"), house.phone("mobile")
    await desk.answers()
    await mobile.picks_up()
    await house.later(1)
    await mobile.on_the_line.press("1")
    await desk.on_the_line.press("1")
    await house.later(1)
    assert desk.on_the_line.over != mobile.on_the_line.over
    assert len(house.mixer.patches) == 1
    assert ada.is_through


async def test_the_caller_hears_ringing_until_somebody_accepts(house: House) -> None:
    house.rings("desk")
    ada = await house.friend("Ada").calls()
    await house.phone("desk").answers()
    await house.phone("desk").is_told("Call from Ada via Loopback")
    assert ada.hears_ringing
    await house.phone("desk").presses("1")
    assert ada.is_through


async def test_the_phone_hangs_up(house: House) -> None:
    house.rings("desk")
    ada = await house.friend("Ada").calls()
    await house.phone("desk").answers(pressing="1")
    await ada.hears(house.phone("desk"))
    await house.phone("desk").hangs_up()
    await ada.is_gone(Cause.NORMAL)
    assert house.last_cdr.ended_by is EndedBy.PHONE
    assert house.card.state is CardState.ENDED


async def test_the_caller_gives_up_while_it_rings(house: House) -> None:
    house.rings("desk", "mobile")
    ada = await house.friend("Ada").calls()
    await house.phone("mobile").is_ringing()
    await ada.hangs_up(Cause.CANCELLED)
    await house.phone("desk").is_gone(Cause.CANCELLED)
    await house.phone("mobile").is_gone(Cause.CANCELLED)
    assert house.last_cdr.cause == Cause.CANCELLED.word
    assert house.last_cdr.answered is None
    assert house.card.state is CardState.MISSED


async def test_the_caller_gives_up_while_the_announcement_is_spoken(house: House) -> None:
    house.rings("desk")
    ada = await house.friend("Ada").calls()
    await house.phone("desk").answers()
    await house.phone("desk").is_told("Call from Ada")
    await ada.hangs_up(Cause.CANCELLED)
    await house.phone("desk").is_gone(Cause.NORMAL)
    assert house.mixer.played[-1].cut
    assert house.card.state is CardState.MISSED


async def test_the_caller_gives_up_at_the_moment_of_acceptance(house: House) -> None:
    house.rings("desk")
    ada = await house.friend("Ada").calls()
    await house.phone("desk").answers()
    await house.later(1)
    await house.phone("desk").on_the_line.press("1")
    await ada.on_the_line.hang_up(Cause.CANCELLED)
    await house.phone("desk").is_gone(Cause.NORMAL)
    assert house.last_cdr.cause == Cause.CANCELLED.word
    assert house.card.state is CardState.MISSED


async def test_another_device_of_the_user_answers(house: House) -> None:
    house.rings("desk")
    ada = await house.friend("Ada").calls()
    await house.phone("desk").is_ringing()
    await ada.hangs_up(Cause.ELSEWHERE)
    await house.phone("desk").is_gone(Cause.ELSEWHERE)
    assert house.card.state is CardState.ENDED
    assert house.last_cdr.cause == Cause.ELSEWHERE.word


async def test_nobody_calls_back_a_caller_who_was_gone_before_we_looked(house: House) -> None:
    house.rings("desk")
    ada = house.friend("Ada")
    leg = await ada.session.dial("me", ada.party)
    await leg.hang_up(Cause.CANCELLED)
    await house.is_quiet()
    assert house.phone("desk").times_rung == 0
    assert house.last_cdr.cause == Cause.CANCELLED.word


@pytest.mark.parametrize("language", ["en", "de"])
async def test_the_name_is_spoken_in_the_user_s_language(house: House, language: str) -> None:
    house.rings("desk")
    house.subscriber.change(language=language)
    await house.friend("Ada Lovelace 💜").calls()
    await house.phone("desk").answers()
    words = {
        "en": "Call from Ada Lovelace via Loopback. Press 1 to accept",
        "de": "Anruf von Ada Lovelace über Loopback. Drücke 1 zum Annehmen",
    }
    await house.phone("desk").is_told(words[language])


async def test_a_hostile_name_stays_a_name(house: House) -> None:
    house.rings("desk")
    name = "\ud800Ada\r\nContact: <sip:x@y>'); DROP TABLE calls;-- 😈" + "a" * 5000
    ada = await house.stranger("+4930123456", name).calls()
    await house.phone("desk").answers(pressing="1")
    await ada.hangs_up()
    await house.is_quiet()
    for event in house.told:
        assert "\n" not in event.model_dump_json()
    assert house.card.caller_name.startswith("Ada Contact: <sip:x@y>'); DROP TABLE")
    assert len(house.card.caller_name) == 200
    assert len(house.mixer.played[0].text) < 200


async def test_a_number_is_read_digit_by_digit(house: House) -> None:
    house.rings("desk")
    await house.stranger("+4930123456").calls()
    await house.phone("desk").answers()
    await house.phone("desk").is_told("Call from 0 3 0, 1 2 3 4 5 6 via")


async def test_who_hangs_up_the_moment_it_is_answered_was_answered(house: House) -> None:
    house.rings("desk")
    ada = house.friend("Ada")
    ada.hangs_up_when = Became(State.ESTABLISHED)
    house.mixer.delay = 0.1
    await ada.calls()
    await house.phone("desk").answers(pressing="1")
    await house.is_quiet()
    assert house.last_cdr.answered_on == "desk"
    assert (house.last_cdr.cause, house.last_cdr.ended_by) == ("normal", EndedBy.CALLER)
    assert house.card.state is CardState.ENDED
