"""Calling a contact from the chat: the user's phone rings first."""

import pytest

from bridge.api.views import CallAction, CardState
from bridge.calls.ports.directory import DirectoryEntry, OpenAddress
from bridge.errors import NotAllowed, UnknownTarget
from bridge.terms import Cause, Direction, EndedBy
from tests.house import House
from tests.people import Friend


async def calls_ada(house: House, *phones: str) -> tuple[DirectoryEntry, Friend]:
    ada = house.directory.knows("Ada", "1")
    friend = await house.online("Ada")
    house.rings(*phones or ("desk",))
    await house.switchboard.call_contact(ada.id, None, None)
    return ada, friend


async def test_the_users_phone_first_then_the_contact(house: House) -> None:
    contact, ada = await calls_ada(house)
    desk = house.phone("desk")
    await desk.is_ringing(showing="Ada")
    assert (house.card.direction, house.card.state) == (Direction.OUTGOING, CardState.RINGING)
    assert house.card.caller_name == "Ada"
    await house.later(2)
    assert ada.leg is None
    await desk.answers(pressing="1")
    await ada.is_ringing()
    await desk.is_told("Calling Ada")
    await ada.picks_up()
    await desk.hears(ada)
    assert (house.card.state, house.card.answered_on) == (CardState.ANSWERED, "desk")
    await house.later(20)
    await ada.hangs_up()
    await desk.is_gone(Cause.NORMAL)
    assert house.card.state is CardState.ENDED
    assert house.last_cdr.talk_seconds == pytest.approx(20, abs=1)
    assert (house.last_cdr.direction, house.last_cdr.caller_name) == (Direction.OUTGOING, "Ada")
    assert house.directory.talked_to == [contact.id]


async def test_the_contact_is_told_nothing_when_the_phone_says_no(house: House) -> None:
    _, ada = await calls_ada(house)
    await house.phone("desk").answers(pressing="3")
    await house.phone("desk").is_gone(Cause.NORMAL)
    assert ada.leg is None
    assert house.card.state is CardState.MISSED


async def test_a_machine_that_picks_up_calls_nobody(house: House) -> None:
    ada = house.directory.knows("Ada", "1")
    friend = await house.online("Ada")
    house.rings("mobile")
    house.phone("mobile").answers_at_once = True
    await house.switchboard.call_contact(ada.id, None, None)
    await house.later(60)
    assert friend.leg is None


async def test_she_does_not_answer(house: House) -> None:
    _, ada = await calls_ada(house)
    await house.phone("desk").answers(pressing="1")
    await ada.is_ringing()
    await ada.declines()
    await house.phone("desk").is_told("Ada does not take the call.")
    await house.phone("desk").is_gone(Cause.NORMAL, within=10)
    assert (house.card.state, house.card.cause) == (CardState.MISSED, Cause.DECLINED.word)


async def test_the_user_hangs_up(house: House) -> None:
    _, ada = await calls_ada(house)
    desk = house.phone("desk")
    await desk.answers(pressing="1")
    await ada.is_ringing()
    await ada.picks_up()
    await desk.hears(ada)
    await desk.hangs_up()
    await ada.is_gone(Cause.NORMAL)
    await house.is_quiet()
    assert house.last_cdr.ended_by is EndedBy.PHONE


async def test_the_user_hangs_up_while_it_rings(house: House) -> None:
    _, ada = await calls_ada(house)
    await house.phone("desk").answers(pressing="1")
    await ada.is_ringing()
    await house.phone("desk").hangs_up()
    await ada.is_gone(Cause.CANCELLED)


async def test_the_minutes_of_the_users_phone_end_it_while_she_rings(house: House) -> None:
    house.subscriber.seconds = 40.0
    _, ada = await calls_ada(house)
    desk = house.phone("desk")
    await desk.answers(pressing="1")
    await ada.is_ringing()
    await desk.is_told("This call ends in 30 seconds", within=10)
    await ada.is_gone(Cause.CANCELLED, within=35)
    await desk.is_told("Your minutes are used up.")
    await desk.is_gone(Cause.NORMAL, within=10)
    assert house.last_cdr.cause == Cause.LIMIT.word


async def test_the_end_of_the_minutes_is_told_once(house: House) -> None:
    house.subscriber.seconds = 90.0
    _, ada = await calls_ada(house)
    desk = house.phone("desk")
    await desk.answers(pressing="1")
    await ada.is_ringing()
    await ada.picks_up()
    await desk.is_gone(Cause.NORMAL, within=100)
    assert len([text for text in desk.was_told() if "This call ends" in text]) == 1


async def test_nothing_is_said_to_a_phone_that_is_gone(house: House) -> None:
    _, ada = await calls_ada(house)
    desk = house.phone("desk")
    await desk.answers(pressing="1")
    await ada.is_ringing()
    await desk.hangs_up()
    await house.is_quiet()
    assert not any("failed" in text for text in desk.was_told())


async def test_only_an_address_of_hers_is_called(house: House) -> None:
    """Nothing else can be dialled by a call to a contact."""
    ada = house.directory.knows("Ada", "1")
    house.rings("desk")
    with pytest.raises(NotAllowed, match="no_way"):
        await house.switchboard.call_contact(ada.id, OpenAddress("phone", "+49900123456"), None)


async def test_the_button_of_the_card(house: House) -> None:
    _, ada = await calls_ada(house)
    desk = house.phone("desk")
    await desk.answers(pressing="1")
    await ada.is_ringing()
    await ada.picks_up()
    await desk.hears(ada)
    assert house.card.actions == (CallAction.HANG_UP,)
    await house.press(CallAction.HANG_UP)
    await ada.is_gone(Cause.NORMAL)
    await desk.is_gone(Cause.NORMAL)


async def test_only_the_phone_that_was_chosen(house: House) -> None:
    ada = house.directory.knows("Ada", "1")
    house.rings("desk", "mobile")
    house.change_phone("mobile", enabled=False)
    await house.switchboard.call_contact(ada.id, None, house.phone_id("mobile"))
    await house.phone("mobile").is_ringing()
    assert not house.phone("desk").rings


async def test_by_the_way_that_was_chosen(house: House) -> None:
    ada = house.directory.knows(
        "Ada", "1", OpenAddress("xmpp", "nowhere"), OpenAddress("xmpp", "ada")
    )
    friend = await house.online("Ada")
    house.rings("desk")
    await house.switchboard.call_contact(ada.id, ada.ways[1], None)
    await house.phone("desk").answers(pressing="1")
    await friend.is_ringing()


async def test_what_is_not_possible_is_said_before_anything_rings(house: House) -> None:
    ada = house.directory.knows("Ada", "1")
    with pytest.raises(NotAllowed, match="no_phone"):
        await house.switchboard.call_contact(ada.id, None, None)
    house.rings("desk", "mobile")
    house.change_phone("mobile", verified=False)
    with pytest.raises(NotAllowed, match="not_verified"):
        await house.switchboard.call_contact(ada.id, None, house.phone_id("mobile"))
    with pytest.raises(UnknownTarget, match="no_such_phone"):
        await house.switchboard.call_contact(ada.id, None, ada.id)
    house.directory.loses("Ada")
    with pytest.raises(NotAllowed, match="no_way"):
        await house.switchboard.call_contact(ada.id, None, None)
    assert house.told == []


async def test_one_at_a_time(house: House) -> None:
    ada, _ = await calls_ada(house)
    with pytest.raises(NotAllowed, match="on_the_phone"):
        await house.switchboard.call_contact(ada.id, None, None)
