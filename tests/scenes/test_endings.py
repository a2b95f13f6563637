"""Stopping, breaking down: whatever happens, one record is written and nothing is left."""

import asyncio

from bridge.api.views import CardState
from bridge.terms import Cause, EndedBy
from tests.house import House, OwnAccount


async def nothing() -> None:
    """A verb that nobody carries out."""


async def test_a_drain_lets_a_call_finish(house: House) -> None:
    house.rings("desk")
    ada = await house.friend("Ada").calls()
    await house.phone("desk").answers(pressing="1")
    await ada.hears(house.phone("desk"))
    draining = asyncio.create_task(house.switchboard.drain(60))
    await house.later(30)
    assert not draining.done()
    await ada.hangs_up()
    await house.later(1)
    assert draining.done()
    assert house.last_cdr.ended_by is EndedBy.CALLER


async def test_a_drain_ends_calls_that_last_too_long(house: House) -> None:
    house.rings("desk")
    ada = await house.friend("Ada").calls()
    await house.phone("desk").answers(pressing="1")
    await ada.hears(house.phone("desk"))
    await house.switchboard.drain(60)
    await ada.is_gone(Cause.NORMAL)
    await house.phone("desk").is_gone(Cause.NORMAL)
    assert house.last_cdr.ended_by is EndedBy.HOUSE


async def test_a_drain_ends_a_call_that_rings(house: House) -> None:
    house.rings("desk")
    ada = await house.friend("Ada").calls()
    await house.switchboard.drain(0)
    await ada.is_gone(Cause.NO_ANSWER)
    await house.phone("desk").is_gone(Cause.CANCELLED)
    assert house.card.state is CardState.MISSED


async def test_a_drain_keeps_the_message_that_is_being_left(house: House) -> None:
    ada = await house.friend("Ada").calls()
    await ada.is_told("beep", within=30)
    ada.speaks(30)
    await house.later(10)
    await house.switchboard.drain(0)
    assert len(house.subscriber.voicemails) == 1


async def test_who_calls_a_house_that_closes_is_a_missed_call(house: House) -> None:
    house.rings("desk")
    await house.switchboard.drain(0)
    ada = await house.friend("Ada").calls()
    await ada.is_gone(Cause.NO_ANSWER)
    assert house.phone("desk").times_rung == 0
    assert house.card.state is CardState.MISSED
    assert len(house.subscriber.cdrs) == 1


async def test_a_call_whose_task_is_cancelled_is_written_down(house: House) -> None:
    house.rings("desk")
    ada = house.friend("Ada")
    house.subscriber.delay = 1
    serving = asyncio.create_task(house.serves(ada))
    await house.phone("desk").is_ringing()
    for _ in range(12):  # impatiently
        serving.cancel()
        await house.later(0.3)
    await house.is_quiet()
    assert serving.cancelled()
    await ada.is_gone(Cause.FAILED)
    await house.phone("desk").is_gone(Cause.CANCELLED)
    assert len(house.subscriber.cdrs) == 1


async def test_a_call_that_fails_does_not_trouble_who_serves_it(house: House) -> None:
    house.mixer.fault = OSError("no space left")
    await house.serves(house.friend("Ada"))
    assert house.last_cdr.cause == Cause.FAILED.word


async def test_a_store_that_fails_does_not_keep_a_call_alive(house: House) -> None:
    house.rings("desk")
    house.subscriber.fault = OSError("disk full")
    ada = await house.friend("Ada").calls()
    await ada.hangs_up(Cause.CANCELLED)
    await house.is_quiet()
    assert house.card.state is CardState.MISSED
    assert house.switchboard.running() == []


async def test_a_caller_whose_network_never_confirms_the_answer(house: House) -> None:
    house.rings("desk")
    ada = await house.friend("Ada").calls()
    ada.on_the_line.peer.answer = nothing  # type: ignore[method-assign]
    await house.phone("desk").answers(pressing="1")
    await house.phone("desk").is_gone(Cause.NORMAL, within=15)
    await house.is_quiet()
    assert house.last_cdr.cause == Cause.NETWORK_LOST.word


async def test_a_leg_that_cannot_be_hung_up_does_not_keep_the_call(house: House) -> None:
    house.rings("desk")
    ada = await house.friend("Ada").calls()
    await house.phone("desk").is_ringing()
    mend = house.breaks(house.phone("desk"), "hang_up")
    await ada.hangs_up(Cause.CANCELLED)
    await house.is_quiet(within=10)
    assert house.subscriber.open == {}
    mend()
    await house.phone("desk").hangs_up()


async def test_the_network_goes_down_during_a_call(house: House) -> None:
    house.rings("desk")
    ada = await house.friend("Ada").calls()
    await house.phone("desk").answers(pressing="1")
    await ada.hears(house.phone("desk"))
    for leg in (ada.on_the_line, house.phone("desk").on_the_line):
        await leg.hang_up(Cause.NETWORK_LOST)
    await house.is_quiet()
    assert house.last_cdr.cause == Cause.NETWORK_LOST.word
    assert OwnAccount().network == house.last_cdr.network


async def test_the_user_is_told_that_the_callers_network_is_lost(house: House) -> None:
    house.rings("desk")
    ada = await house.friend("Ada").calls()
    await house.phone("desk").answers(pressing="1")
    await ada.hears(house.phone("desk"))
    await ada.on_the_line.peer.hang_up(Cause.NETWORK_LOST)
    await house.phone("desk").is_told("The connection to Ada was lost.")
    await house.phone("desk").is_gone(Cause.NORMAL, within=10)
    await house.is_quiet()
    assert (house.last_cdr.cause, house.last_cdr.ended_by) == (
        Cause.NETWORK_LOST.word,
        EndedBy.CALLER,
    )


async def test_nobody_is_told_of_a_lost_network_who_has_hung_up(house: House) -> None:
    house.rings("desk")
    ada = await house.friend("Ada").calls()
    await house.phone("desk").answers(pressing="1")
    await ada.hears(house.phone("desk"))
    await house.phone("desk").hangs_up()
    await ada.is_gone(Cause.NORMAL)
    assert not [text for text in house.phone("desk").was_told() if "lost" in text]
