"""What the user has decided: blocked callers, quiet hours."""

from datetime import UTC, datetime, time

import pytest

from bridge.api.views import CallAction, CardState, QuietHoursView
from bridge.terms import Cause, EndedBy
from tests.house import House


@pytest.mark.parametrize("entry", ["030 123456", "+4930*", "0049 30 123456"])
async def test_a_blocked_caller_is_rejected_quietly(house: House, entry: str) -> None:
    house.rings("desk")
    house.subscriber.change(blocked=(entry,))
    ada = await house.stranger("+4930123456").calls()
    await ada.is_gone(Cause.DECLINED)
    assert house.phone("desk").times_rung == 0
    assert [card.state for card in house.cards] == [CardState.BLOCKED]
    assert house.card.reason == "blocked"
    assert house.last_cdr.cause == Cause.DECLINED.word
    assert house.last_cdr.ended_by is EndedBy.HOUSE


async def test_hidden_numbers_are_blocked(house: House) -> None:
    house.rings("desk")
    house.subscriber.change(blocked=("anonymous",))
    somebody = house.stranger("sip:anonymous@anonymous.invalid")
    await (await somebody.calls()).is_gone(Cause.DECLINED)
    assert house.card.state is CardState.BLOCKED


async def test_somebody_else_gets_through_the_block_list(house: House) -> None:
    house.rings("desk")
    house.subscriber.change(blocked=("+4930123456", "anonymous"))
    await house.stranger("+4930123457").calls()
    await house.phone("desk").is_ringing()


async def test_in_quiet_hours_the_voicemail_answers_at_once(house: House) -> None:
    house.rings("desk")
    house.clock.noon = datetime(2026, 3, 4, 22, 30, tzinfo=UTC)  # half past eleven in Berlin
    house.subscriber.change(quiet_hours=(QuietHoursView(start=time(23), end=time(7)),))
    ada = await house.friend("Ada").calls()
    await ada.gets_through(within=1)
    assert house.phone("desk").times_rung == 0
    assert house.card.reason == "quiet_hours"
    assert house.card.state is CardState.RECORDING


async def test_in_quiet_hours_the_user_may_still_take_the_call(house: House) -> None:
    house.rings("desk")
    house.subscriber.change(quiet_hours=(QuietHoursView(start=time(8), end=time(18)),))
    ada = await house.friend("Ada").calls()
    await ada.gets_through()
    await house.press(CallAction.RING, "desk")
    await house.phone("desk").answers(pressing="1")
    await ada.hears(house.phone("desk"))
    await ada.hangs_up()
    await house.is_quiet()
    assert house.last_cdr.reason == "quiet_hours"
    assert house.last_cdr.answered_on == "desk"


async def test_after_the_quiet_hours_it_rings(house: House) -> None:
    house.rings("desk")
    house.subscriber.change(quiet_hours=(QuietHoursView(start=time(23), end=time(13)),))
    await house.friend("Ada").calls()
    await house.phone("desk").is_ringing()  # one o'clock in Berlin
