"""The main job: somebody calls the number, the phone rings, both hear each other."""

import pytest

from bridge.terms import Cause, EndedBy
from tests.real.household import ADA, Household, picks_up

GOOD = 3.3
"""PESQ of a call through two G.711 legs; silence and strangers' speech are near 1."""

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def test_both_hear_each_other(home: Household) -> None:
    await home.rings("Desk")
    async with home.friend() as ada:
        await ada.dial(home.number.uri)
        shown = await home.desk.happens("incoming")
        assert shown.display_name == "Ada Lovelace"
        await home.service.sees("Call from Ada Lovelace")
        await home.desk.answer()
        await home.desk.happens("established")
        await home.service.sees("Desk: picked up, waiting for key 1")
        assert not [event for event in ada.events if event.kind == "established"]
        await home.desk.press("1")
        await ada.happens("established")
        await home.service.sees("On the phone: Desk")
        await home.desk.hears(home.ada_says, pesq_at_least=GOOD)
        await ada.hears(home.desk_says, pesq_at_least=GOOD)
        await ada.hang_up()
        await home.desk.happens("closed")
    await home.service.sees("Answered on Desk, 0:")
    call = await home.record()
    assert (call.caller_name, call.caller_address) == ("Ada Lovelace", ADA)
    assert (call.answered_on, call.ended_by) == ("Desk", EndedBy.CALLER)
    assert (call.cause, call.codec) == (Cause.NORMAL.word, "PCMA")
    assert call.talk_seconds > 3
    assert call.loss < 0.01


async def test_wideband_on_both_sides(home: Household) -> None:
    await home.rings("Desk", announce=False)
    wide = {"codecs": ("G722",)}
    async with home.friend(**wide) as ada:
        await ada.dial(home.number.uri)
        await picks_up(home.desk)
        await ada.happens("established")
        await home.desk.hears(home.ada_says)
        await ada.hears(home.desk_says)
        await home.desk.hang_up()
        await ada.happens("closed")
    call = await home.record()
    assert call.ended_by is EndedBy.PHONE
    assert call.codec in ("G722", "PCMA")


async def test_digits_pass_both_ways(home: Household) -> None:
    await home.rings("Desk", announce=False)
    async with home.friend() as ada:
        await ada.dial(home.number.uri)
        await picks_up(home.desk)
        await ada.happens("established")
        before = home.desk.digits
        await ada.press("42#")
        await home.desk.pressed(before + "42#")
        await home.desk.press("17*")
        await ada.pressed("17*")
        await ada.hang_up()
        await home.desk.happens("closed")
    await home.record()


async def test_hold_and_back(home: Household) -> None:
    await home.rings("Desk", announce=False)
    async with home.friend() as ada:
        await ada.dial(home.number.uri)
        await picks_up(home.desk)
        await ada.happens("established")
        await home.desk.hears(home.ada_says)
        await home.desk.hold()
        await home.desk.resume()
        await ada.hears(home.desk_says)
        await home.desk.hears(home.ada_says)
        await ada.hang_up()
        await home.desk.happens("closed")
    assert (await home.record()).cause == Cause.NORMAL.word


async def test_without_a_question_it_is_through_at_once(home: Household) -> None:
    await home.rings("Desk", announce=False)
    async with home.friend(name="", number=ADA) as ada:
        await ada.dial(home.number.uri)
        shown = await picks_up(home.desk)
        assert ADA in (shown.display_name, shown.number)
        await ada.happens("established")
        await home.desk.hang_up()
        await ada.happens("closed")
    assert (await home.record()).ended_by is EndedBy.PHONE
