"""The hunt: phones that are busy, refuse, cannot be reached or may not be called."""

import pytest

from bridge.api.events import LimitReached
from bridge.api.views import CardState, PhoneState
from bridge.errors import NotAllowed
from bridge.terms import Cause
from tests.house import House


async def test_a_busy_phone_is_skipped_at_once(house: House) -> None:
    house.rings("desk", "mobile", in_order=True, seconds=60)
    house.phone("desk").busy = True
    await house.friend("Ada").calls()
    await house.phone("mobile").is_ringing(within=1)
    assert house.on_card("desk").state is PhoneState.BUSY


async def test_a_phone_that_refuses_is_skipped_and_the_others_go_on(house: House) -> None:
    house.rings("desk", "mobile", in_order=True, seconds=60)
    ada = await house.friend("Ada").calls()
    await house.phone("desk").is_ringing()
    await house.phone("desk").declines()
    await house.phone("mobile").is_ringing(within=1)
    assert house.on_card("desk").state is PhoneState.REFUSED
    assert ada.hears_ringing


async def test_a_phone_that_cannot_be_reached_is_skipped_at_once(house: House) -> None:
    house.rings("desk", "mobile", in_order=True, seconds=60)
    await house.unplugs("desk")
    await house.friend("Ada").calls()
    await house.phone("mobile").is_ringing(within=1)
    assert house.on_card("desk").state is PhoneState.UNREACHABLE


async def test_a_fault_at_one_phone_does_not_end_the_call_on_the_others(house: House) -> None:
    house.rings("desk", "mobile")
    house.route.faults["sip:desk@house"] = RuntimeError("a bug in a connector")
    ada = await house.friend("Ada").calls()
    await house.phone("mobile").answers(pressing="1")
    await ada.hears(house.phone("mobile"))
    assert house.last_card_of_phone("desk") is PhoneState.UNREACHABLE


async def test_a_phone_that_is_switched_off_does_not_ring_by_itself(house: House) -> None:
    house.rings("desk", "mobile")
    house.change_phone("desk", enabled=False)
    await house.friend("Ada").calls()
    await house.phone("mobile").is_ringing()
    assert house.phone("desk").times_rung == 0


async def test_a_phone_that_is_not_verified_never_rings(house: House) -> None:
    house.rings("desk", "mobile")
    house.change_phone("desk", verified=False)
    await house.friend("Ada").calls()
    await house.later(20)
    assert house.phone("desk").times_rung == 0
    assert [phone.label for phone in house.card.phones] == ["mobile"]


async def test_each_phone_has_its_own_ring_time(house: House) -> None:
    house.rings("desk", "mobile", seconds=30)
    house.change_phone("desk", ring_seconds=10)
    await house.friend("Ada").calls()
    await house.later(11)
    assert house.phone("desk").on_the_line.over
    assert house.phone("mobile").rings


async def test_the_hunt_ends_before_the_callers_network_gives_up(house: House) -> None:
    house.rings("desk", "mobile", "cellar", "attic", in_order=True, seconds=50)
    ada = await house.friend("Ada").calls()
    await house.later(99)
    assert house.phone("mobile").rings
    await ada.gets_through(within=5)
    assert house.card.state is CardState.RECORDING
    assert house.phone("cellar").times_rung == 0


async def test_no_country_that_is_not_allowed_is_called(house: House) -> None:
    house.rings("mobile", "desk")
    house.subscriber.change(countries=frozenset({"AT"}))
    await house.friend("Ada").calls()
    await house.phone("desk").is_ringing()
    assert house.phone("mobile").times_rung == 0
    told = house.events(LimitReached)
    assert [(event.rule, event.facts) for event in told] == [
        ("country_not_allowed", {"country": "DE"})
    ]
    await house.later(30)
    assert house.card.state is CardState.RECORDING
    assert house.card.reason == ""  # one phone did ring


async def test_when_the_minutes_are_used_up_nothing_rings_and_the_caller_may_speak(
    house: House,
) -> None:
    house.rings("mobile", "desk")
    house.subscriber.rule = NotAllowed("minutes_today", limit="120")
    ada = await house.friend("Ada").calls()
    await ada.gets_through()
    assert house.card.reason == "minutes_today"
    assert house.card.state is CardState.RECORDING
    assert len(house.events(LimitReached)) == 1  # not one for each phone


async def test_only_calls_through_a_trunk_are_counted(house: House) -> None:
    house.rings("mobile", "desk")
    await house.friend("Ada").calls()
    await house.phone("desk").is_ringing()
    assert sorted(house.subscriber.counted) == [False, True]


async def test_a_ticket_is_paid_for_what_the_phone_was_up(house: House) -> None:
    house.rings("mobile")
    ada = await house.friend("Ada").calls()
    await house.phone("mobile").answers(pressing="1")
    await house.later(60)
    await ada.hangs_up()
    await house.is_quiet()
    assert 61 <= house.subscriber.talked[0] < 63  # with the announcement


@pytest.mark.parametrize("slow", [0.0, 3.0])
async def test_the_caller_is_gone_before_the_ticket_is_drawn(house: House, slow: float) -> None:
    house.rings("desk", "mobile")
    house.subscriber.delay = slow
    ada = await house.friend("Ada").calls()
    await house.later(1)
    await ada.hangs_up(Cause.CANCELLED)
    await house.is_quiet(within=20)
    assert house.subscriber.open == {}


async def test_the_caller_is_gone_before_the_phone_is_dialled(house: House) -> None:
    house.rings("desk")
    house.route.delay = 2.0
    ada = await house.friend("Ada").calls()
    await house.later(1)
    await ada.hangs_up(Cause.CANCELLED)
    await house.is_quiet()
    await house.phone("desk").is_gone(Cause.CANCELLED)
    assert house.subscriber.open == {}


async def test_a_phone_that_says_nothing_is_given_up(house: House) -> None:
    house.rings("desk", "mobile", in_order=True, seconds=20)
    house.phone("desk").mute = True
    await house.friend("Ada").calls()
    await house.later(20)
    await house.phone("mobile").is_ringing()
    await house.phone("desk").is_gone(Cause.CANCELLED)
