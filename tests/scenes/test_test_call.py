"""The test call: what is said comes back, and keys arrive."""

import pytest

from bridge.api import check_views, events
from bridge.api.views import CallAction
from bridge.errors import NotAllowed
from bridge.terms import Cause, Direction, MediaReport
from tests.house import House


@pytest.fixture(autouse=True)
def own_phone(house: House) -> None:
    house.rings("mobile")


def report(house: House) -> check_views.TestReport:
    [told] = house.events(events.TestCallEnded)
    return told.report


async def hears_himself(house: House) -> None:
    """The phone has spoken after the tone, and what it said came back."""
    mobile = house.phone("mobile")
    await mobile.is_ringing(showing="Test call")
    await mobile.picks_up()
    await mobile.is_told("Please say something after the tone", within=10)
    await mobile.is_told("beep", within=10)
    await house.later(1)
    mobile.speaks(2)
    await mobile.is_told("what was said")
    await mobile.is_told("If you heard yourself, press 1", within=10)


async def test_everything_works(house: House) -> None:
    await house.switchboard.test_call(house.phone_id("mobile"))
    await hears_himself(house)
    mobile = house.phone("mobile")
    house.report(
        mobile, MediaReport("G722", received=900, loss=0.01, jitter_ms=4, round_trip_ms=31)
    )
    await mobile.presses("1")
    await mobile.is_told("Now press some keys")
    await mobile.presses("42*")
    await house.later(2)
    await mobile.presses("#")
    await mobile.is_told("The test is over")
    await house.is_quiet(within=10)
    assert report(house) == check_views.TestReport(
        phone="mobile",
        answered=True,
        cause=Cause.NORMAL.word,
        codec="G722",
        delay_ms=31,
        heard_from_phone=True,
        heard_by_phone=True,
        digits="142*",
        loss=0.01,
        jitter_ms=4,
    )
    assert house.last_cdr.direction is Direction.TEST


async def test_the_phone_is_not_heard(house: House) -> None:
    await house.switchboard.test_call(house.phone_id("mobile"))
    await house.phone("mobile").is_ringing()
    await house.phone("mobile").picks_up()
    await house.phone("mobile").is_told("If you heard yourself", within=30)
    await house.phone("mobile").presses("2")
    await house.is_quiet(within=30)
    assert not report(house).heard_from_phone
    assert report(house).heard_by_phone is False
    assert report(house).delay_ms is None


async def test_no_key_arrives(house: House) -> None:
    await house.switchboard.test_call(house.phone_id("mobile"))
    await hears_himself(house)
    await house.is_quiet(within=30)
    assert report(house).heard_by_phone is None
    assert report(house).digits == ""


async def test_hanging_up_in_the_middle_of_it(house: House) -> None:
    await house.switchboard.test_call(house.phone_id("mobile"))
    await house.phone("mobile").is_ringing()
    await house.phone("mobile").picks_up()
    await house.phone("mobile").is_told("beep", within=10)
    await house.later(2)
    await house.phone("mobile").hangs_up()
    await house.is_quiet()
    assert report(house).answered
    assert list(house.folder.iterdir()) == []


async def test_nobody_picks_up(house: House) -> None:
    await house.switchboard.test_call(house.phone_id("mobile"))
    await house.is_quiet(within=50)
    assert not report(house).answered
    assert report(house).cause == Cause.NO_ANSWER.word


async def test_it_may_cost_money_and_so_it_needs_a_ticket(house: House) -> None:
    house.subscriber.rule = NotAllowed("minutes_today", limit="120")
    await house.switchboard.test_call(house.phone_id("mobile"))
    await house.is_quiet()
    assert report(house).cause == Cause.FORBIDDEN.word


async def test_a_limit_that_ends_it_is_told(house: House) -> None:
    house.subscriber.seconds, house.subscriber.ends_by = (
        8.0,
        NotAllowed("house_minutes_today", limit="600"),
    )
    await house.switchboard.test_call(house.phone_id("mobile"))
    await house.phone("mobile").is_ringing()
    await house.phone("mobile").picks_up()
    await house.is_quiet(within=10)
    assert report(house).cause == Cause.LIMIT.word
    assert [event.rule for event in house.events(events.LimitReached)] == ["house_minutes_today"]


async def test_only_own_phones_are_called(house: House) -> None:
    house.change_phone("mobile", verified=False)
    with pytest.raises(NotAllowed, match="not_verified"):
        await house.switchboard.test_call(house.phone_id("mobile"))


async def test_a_caller_meanwhile_rings_no_phone(house: House) -> None:
    await house.switchboard.test_call(house.phone_id("mobile"))
    await house.phone("mobile").is_ringing()
    await house.friend("Ada").calls()
    assert house.card.reason == "busy_line"


async def test_it_is_among_the_running_calls_and_can_be_hung_up(house: House) -> None:
    await house.switchboard.test_call(house.phone_id("mobile"))
    await house.phone("mobile").is_ringing()
    [card] = house.switchboard.running()
    assert card.direction is Direction.TEST
    await house.switchboard.act(card.id, CallAction.HANG_UP)
    await house.is_quiet()
    await house.phone("mobile").is_gone(Cause.CANCELLED)


async def test_it_is_hung_up_before_it_has_begun(house: House) -> None:
    await house.switchboard.test_call(house.phone_id("mobile"))
    [card] = house.switchboard.running()
    await house.switchboard.act(card.id, CallAction.HANG_UP)
    await house.is_quiet()
    assert house.phone("mobile").times_rung == 0
    assert len(house.subscriber.cdrs) == 1


async def test_a_key_during_the_recording_is_no_answer(house: House) -> None:
    await house.switchboard.test_call(house.phone_id("mobile"))
    mobile = house.phone("mobile")
    await mobile.is_ringing()
    await mobile.picks_up()
    await mobile.is_told("beep", within=10)
    await mobile.presses("2")
    await mobile.is_told("If you heard yourself", within=30)
    await mobile.presses("1")
    await house.is_quiet(within=30)
    assert report(house).heard_by_phone is True
