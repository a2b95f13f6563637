"""Proving that a phone is one's own."""

import pytest

from bridge.api.events import CardChanged, LimitReached, PhoneChecked
from bridge.api.views import PhoneView
from bridge.errors import NotAllowed, UnknownTarget
from bridge.terms import Cause, Direction
from tests.house import House

ASKED = "Please type the four digits from the chat."


@pytest.fixture(autouse=True)
def new_phone(house: House) -> None:
    house.rings("mobile")
    house.change_phone("mobile", verified=False)


def outcome(house: House) -> tuple[str, int]:
    [told] = house.events(PhoneChecked)
    return told.outcome, told.tries_left


def checked(house: House) -> PhoneView:
    return house.events(PhoneChecked)[-1].phone


def wrong(digits: str) -> str:
    return f"{(int(digits) + 1) % 10000:04}"


async def test_the_digits_of_the_chat_are_typed_on_the_phone(house: House) -> None:
    shown = await house.switchboard.verify(house.phone_id("mobile"))
    assert len(shown.digits) == 4
    assert shown.digits.isdigit()
    assert shown.tries_left == 3
    await house.phone("mobile").is_ringing(showing="Verification call")
    await house.phone("mobile").picks_up()
    await house.phone("mobile").is_told(ASKED)
    await house.phone("mobile").presses(shown.digits)
    await house.phone("mobile").is_told("This phone is verified.")
    await house.is_quiet()
    assert outcome(house) == ("verified", 3)
    assert checked(house).verified
    assert house.last_cdr.direction is Direction.VERIFICATION
    assert house.last_cdr.answered_on == "mobile"
    assert house.subscriber.counted == [True]
    assert house.events(CardChanged) == []


async def test_three_wrong_tries_and_the_phone_must_rest(house: House) -> None:
    shown = await house.switchboard.verify(house.phone_id("mobile"))
    mobile = house.phone("mobile")
    await mobile.is_ringing()
    await mobile.picks_up()
    for _ in range(3):
        await mobile.presses(wrong(shown.digits))
        await house.later(1)
    await mobile.is_told("That was wrong too often.")
    await house.is_quiet()
    assert outcome(house) == ("cooling", 0)
    assert not checked(house).verified
    with pytest.raises(NotAllowed, match="cooling"):
        await house.switchboard.verify(house.phone_id("mobile"))


async def test_the_second_try_is_right(house: House) -> None:
    shown = await house.switchboard.verify(house.phone_id("mobile"))
    mobile = house.phone("mobile")
    await mobile.is_ringing()
    await mobile.picks_up()
    await mobile.presses(wrong(shown.digits))
    await mobile.is_told("That was wrong.")
    await mobile.presses(shown.digits)
    await house.is_quiet()
    assert outcome(house) == ("verified", 2)


async def test_the_tries_of_an_earlier_call_count(house: House) -> None:
    house.subscriber.tries[house.phone_id("mobile")] = 1
    shown = await house.switchboard.verify(house.phone_id("mobile"))
    assert shown.tries_left == 1
    await house.phone("mobile").is_ringing()
    await house.phone("mobile").picks_up()
    await house.phone("mobile").presses(wrong(shown.digits))
    await house.is_quiet()
    assert outcome(house) == ("cooling", 0)


async def test_hanging_up_after_a_wrong_try(house: House) -> None:
    shown = await house.switchboard.verify(house.phone_id("mobile"))
    await house.phone("mobile").is_ringing()
    await house.phone("mobile").picks_up()
    await house.phone("mobile").presses(wrong(shown.digits))
    await house.phone("mobile").hangs_up()
    await house.is_quiet()
    assert outcome(house) == ("wrong_digits", 2)


async def test_a_carrier_s_voicemail_types_nothing(house: House) -> None:
    house.phone("mobile").answers_at_once = True
    await house.switchboard.verify(house.phone_id("mobile"))
    await house.is_quiet(within=60)
    assert house.phone("mobile").was_told() == [ASKED, ASKED]
    assert outcome(house) == ("no_digits", 3)


async def test_an_unfinished_number_is_asked_for_anew(house: House) -> None:
    shown = await house.switchboard.verify(house.phone_id("mobile"))
    mobile = house.phone("mobile")
    await mobile.is_ringing()
    await mobile.picks_up()
    await mobile.presses(wrong(shown.digits)[:2])
    await house.later(16)
    assert mobile.was_told() == [ASKED, ASKED]
    await mobile.presses(shown.digits)
    await house.is_quiet()
    assert outcome(house) == ("verified", 3)


async def test_nobody_picks_up(house: House) -> None:
    await house.switchboard.verify(house.phone_id("mobile"))
    await house.is_quiet(within=50)
    assert outcome(house) == ("no_answer", 3)
    assert house.last_cdr.cause == Cause.NO_ANSWER.word


async def test_the_phone_is_busy(house: House) -> None:
    house.phone("mobile").busy = True
    await house.switchboard.verify(house.phone_id("mobile"))
    await house.is_quiet()
    assert outcome(house) == ("busy", 3)


async def test_the_phone_cannot_be_reached(house: House) -> None:
    await house.unplugs("mobile")
    await house.switchboard.verify(house.phone_id("mobile"))
    await house.is_quiet()
    assert outcome(house) == (Cause.UNREACHABLE.word, 3)


async def test_the_minutes_are_used_up(house: House) -> None:
    house.subscriber.rule = NotAllowed("minutes_today", limit="120")
    await house.switchboard.verify(house.phone_id("mobile"))
    await house.is_quiet()
    assert outcome(house) == (Cause.FORBIDDEN.word, 3)
    assert [event.rule for event in house.events(LimitReached)] == ["minutes_today"]


async def test_the_minutes_are_used_up_in_the_middle_of_it(house: House) -> None:
    house.subscriber.seconds = 10
    await house.switchboard.verify(house.phone_id("mobile"))
    await house.phone("mobile").is_ringing()
    await house.phone("mobile").picks_up()
    await house.phone("mobile").is_gone(Cause.NORMAL, within=11)
    await house.is_quiet()
    assert outcome(house) == ("no_digits", 3)
    assert house.last_cdr.cause == Cause.LIMIT.word


async def test_no_dear_number_is_called(house: House) -> None:
    house.change_phone("mobile", address="+499001234567")
    with pytest.raises(NotAllowed, match="number_type_not_allowed"):
        await house.switchboard.verify(house.phone_id("mobile"))
    assert house.switchboard.running() == []


async def test_a_phone_is_called_once_at_a_time(house: House) -> None:
    await house.switchboard.verify(house.phone_id("mobile"))
    with pytest.raises(NotAllowed, match="already_calling"):
        await house.switchboard.verify(house.phone_id("mobile"))
    await house.later(1)
    assert house.phone("mobile").times_rung == 1


async def test_a_phone_that_was_removed_meanwhile(house: House) -> None:
    shown = await house.switchboard.verify(house.phone_id("mobile"))
    await house.phone("mobile").is_ringing()
    await house.phone("mobile").picks_up()
    house.subscriber.change(phones=())
    await house.phone("mobile").presses(shown.digits)
    await house.is_quiet()
    assert house.events(PhoneChecked) == []
    assert len(house.subscriber.cdrs) == 1


async def test_a_phone_that_does_not_exist(house: House) -> None:
    known = house.phone_id("mobile")
    house.subscriber.change(phones=())
    with pytest.raises(UnknownTarget, match="no_such_phone"):
        await house.switchboard.verify(known)


async def test_a_drain_ends_the_call(house: House) -> None:
    await house.switchboard.verify(house.phone_id("mobile"))
    await house.switchboard.drain(0)
    assert house.phone("mobile").times_rung == 0
    assert len(house.subscriber.cdrs) == 1
    assert len(house.events(PhoneChecked)) == 1
