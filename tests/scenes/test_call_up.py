"""The call is up: keys, hold, silence, limits."""

import asyncio

import pytest

from bridge.api.events import LimitReached, NothingHeard, SoundSlipped
from bridge.api.views import CardState
from bridge.errors import NotAllowed
from bridge.terms import Cause, EndedBy, MediaReport
from tests.house import House
from tests.people import Friend

WARNING = "This call ends in 30 seconds."


async def talks_with_ada(house: House) -> Friend:
    house.rings("mobile")
    ada = await house.friend("Ada").calls()
    await house.phone("mobile").answers(pressing="1")
    await ada.hears(house.phone("mobile"))
    return ada


async def test_keys_go_through_in_both_directions(house: House) -> None:
    ada = await talks_with_ada(house)
    mobile = house.phone("mobile")
    await ada.presses("12#")
    await mobile.received("12#")
    await mobile.presses("*09")
    await ada.received("*09")


async def test_keys_from_before_the_call_was_up_do_not_go_through(house: House) -> None:
    house.rings("desk")
    ada = await house.friend("Ada").calls()
    await ada.presses("5")
    await house.phone("desk").answers(pressing="719")
    await ada.hears(house.phone("desk"))
    await house.later(1)
    assert house.phone("desk").keys == ""
    assert ada.keys == ""


async def test_a_call_on_hold_stays_up(house: House) -> None:
    ada = await talks_with_ada(house)
    await ada.on_the_line.hold(True)
    await house.later(600)
    await ada.on_the_line.hold(False)
    await ada.hears(house.phone("mobile"))
    assert house.events(NothingHeard) == []


async def test_gaps_in_the_sound_are_counted(house: House) -> None:
    ada = await talks_with_ada(house)
    house.report(ada, MediaReport("L16", 500, 500, underruns=2, overruns=1))
    await ada.hangs_up()
    await house.is_quiet()
    [slipped] = house.events(SoundSlipped)
    assert (slipped.underruns, slipped.overruns, slipped.network) == (2, 1, "loopback")


async def test_one_way_sound_is_told_once_for_each_side(house: House) -> None:
    ada = await talks_with_ada(house)
    for _ in range(2):
        ada.on_the_line.peer.silent(3.0, "went_silent")
        house.phone("mobile").on_the_line.peer.silent(4.0, "never_heard")
        await house.later(1)
    told = [(event.side, event.seconds, event.likely) for event in house.events(NothingHeard)]
    assert sorted(told) == [("caller", 3.0, "went_silent"), ("phone", 4.0, "never_heard")]
    await ada.hears(house.phone("mobile"))


async def test_a_dead_call_is_ended_by_the_house(house: House) -> None:
    ada = await talks_with_ada(house)
    await house.phone("mobile").on_the_line.peer.hang_up(Cause.MEDIA_LOST)
    await ada.is_gone(Cause.NORMAL)
    assert house.last_cdr.cause == Cause.MEDIA_LOST.word
    assert house.last_cdr.ended_by is EndedBy.HOUSE
    assert house.card.state is CardState.ENDED


async def test_the_caller_s_network_is_lost(house: House) -> None:
    ada = await talks_with_ada(house)
    await ada.hangs_up(Cause.NETWORK_LOST)
    await house.phone("mobile").is_gone(Cause.NORMAL)
    assert house.last_cdr.cause == Cause.NETWORK_LOST.word


async def test_a_call_is_warned_and_cut_when_the_minutes_are_used_up(house: House) -> None:
    house.subscriber.seconds = 300
    house.subscriber.ends_by = NotAllowed("house_minutes_today", limit="600")
    ada = await talks_with_ada(house)
    mobile = house.phone("mobile")
    await house.later(300 - asyncio.get_running_loop().time() - 31)
    assert WARNING not in mobile.was_told()
    await mobile.is_told(WARNING, within=2)
    assert WARNING not in ada.was_told()
    await ada.hears(mobile)
    await ada.is_gone(Cause.NORMAL, within=32)
    await mobile.is_gone(Cause.NORMAL)
    assert house.last_cdr.cause == Cause.LIMIT.word
    assert house.last_cdr.ended_by is EndedBy.HOUSE
    [told] = house.events(LimitReached)
    assert (told.rule, told.facts) == ("house_minutes_today", {"limit": "600"})
    assert asyncio.get_running_loop().time() == pytest.approx(300, abs=1)


async def test_the_longest_call_is_four_hours(house: House) -> None:
    ada = await talks_with_ada(house)
    await house.later(4 * 3600 - asyncio.get_running_loop().time() - 1)
    assert ada.is_through
    await ada.is_gone(Cause.NORMAL)
    [told] = house.events(LimitReached)
    assert (told.rule, told.facts) == ("longest_call", {"limit": "240"})


async def test_another_call_uses_up_the_same_minutes(house: House) -> None:
    ada = await talks_with_ada(house)
    [ticket] = house.subscriber.open
    house.subscriber.open[ticket] = asyncio.get_running_loop().time() + 100
    house.subscriber.ends_by = NotAllowed("minutes_today", limit="120")
    await house.phone("mobile").is_told("This call ends in", within=100)
    await ada.is_gone(Cause.NORMAL, within=60)
    [told] = house.events(LimitReached)
    assert told.rule == "minutes_today"


async def test_with_few_seconds_left_the_warning_says_how_many(house: House) -> None:
    house.subscriber.seconds = 20
    await talks_with_ada(house)
    await house.phone("mobile").is_told("This call ends in 1")


async def test_the_worse_side_is_written_down(house: House) -> None:
    ada = await talks_with_ada(house)
    house.report(ada, MediaReport(codec="PCMA", loss=0.01, jitter_ms=3))
    house.report(house.phone("mobile"), MediaReport(codec="G722", loss=0.07, jitter_ms=20))
    await ada.hangs_up()
    await house.is_quiet()
    cdr = house.last_cdr
    assert (cdr.codec, cdr.loss, cdr.jitter_ms) == ("G722", 0.07, 20)


async def test_a_mixer_that_fails_ends_the_call_on_both_sides(house: House) -> None:
    house.rings("desk")
    ada = await house.friend("Ada").calls()
    house.mixer.fault = RuntimeError("no more ports")
    await house.phone("desk").answers(pressing="1")
    await ada.is_gone(Cause.NORMAL)
    await house.phone("desk").is_gone(Cause.NORMAL)
    assert house.last_cdr.cause == Cause.FAILED.word
