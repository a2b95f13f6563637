"""Which phone rings when, and what happens until one is taken."""

import pytest

from bridge.terms import Cause, EndedBy
from tests.peers.baresip import Baresip
from tests.real.household import Household, accepts

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def test_both_ring_and_the_first_that_accepts_wins(home: Household) -> None:
    async with home.friend() as ada:
        await ada.dial(home.number.uri)
        await home.desk.happens("incoming")
        await home.mobile.happens("incoming")
        await accepts(home.mobile)
        await home.desk.happens("closed", timeout=3)
        await ada.happens("established")
        await home.mobile.hears(home.ada_says)
        await ada.hang_up()
        await home.mobile.happens("closed")
    await home.service.sees("Answered on Mobile")
    assert (await home.record()).answered_on == "Mobile"


async def test_a_busy_phone_is_skipped_at_once(home: Household) -> None:
    await home.rings("Desk", "Mobile", in_order=True, seconds=30)
    async with home.friend() as ada:
        await ada.dial(home.number.uri)
        await home.desk.happens("incoming")
        await home.desk.reject()
        await home.mobile.happens("incoming", timeout=3)
        await accepts(home.mobile)
        await ada.happens("established")
        await ada.hang_up()
        await home.mobile.happens("closed")
    assert (await home.record()).answered_on == "Mobile"


async def test_in_order_each_rings_its_time(home: Household) -> None:
    await home.rings("Mobile", "Desk", in_order=True)
    async with home.friend() as ada:
        await ada.dial(home.number.uri)
        await home.mobile.happens("incoming")
        await home.mobile.happens("closed")
        await home.desk.happens("incoming", timeout=3)
        await accepts(home.desk)
        await ada.happens("established")
        await ada.hang_up()
        await home.desk.happens("closed")
    assert (await home.record()).ring_seconds > 6


async def test_a_phone_that_is_off_is_skipped_at_once(home: Household) -> None:
    """Nobody listens at its address any more."""
    async with Baresip(home.directory, "garden") as garden:
        await home.service.add_phone("Garden", garden)
    await home.rings("Garden", "Mobile", in_order=True, seconds=30)
    async with home.friend() as ada:
        await ada.dial(home.number.uri)
        await home.mobile.happens("incoming", timeout=8)
        await accepts(home.mobile)
        await ada.happens("established")
        await ada.hang_up()
        await home.mobile.happens("closed")
    assert (await home.record()).answered_on == "Mobile"


async def test_the_caller_gives_up_while_it_rings(home: Household) -> None:
    async with home.friend() as ada:
        await ada.dial(home.number.uri)
        await home.desk.happens("incoming")
        await home.mobile.happens("incoming")
        await ada.hang_up()
        await home.desk.happens("closed", timeout=3)
        await home.mobile.happens("closed", timeout=3)
    await home.service.sees("Missed")
    call = await home.record()
    assert (call.cause, call.ended_by) == (Cause.CANCELLED.word, EndedBy.CALLER)
    assert call.answered is None


async def test_the_caller_gives_up_while_the_phone_is_asked(home: Household) -> None:
    await home.rings("Desk")
    async with home.friend() as ada:
        await ada.dial(home.number.uri)
        await home.desk.happens("incoming")
        await home.desk.answer()
        await home.desk.happens("established")
        await ada.hang_up()
        await home.desk.happens("closed", timeout=3)
    assert (await home.record()).ended_by is EndedBy.CALLER


async def test_three_refuses_and_the_caller_hears_no_voicemail(home: Household) -> None:
    await home.rings("Desk")
    async with home.friend() as ada:
        await ada.dial(home.number.uri)
        await home.desk.happens("incoming")
        await home.desk.answer()
        await home.desk.happens("established")
        await home.desk.press("3")
        refused = await ada.happens("closed")
        assert not [event for event in ada.events if event.kind == "established"]
        assert "603" in refused.said or "486" in refused.said
        await home.desk.happens("closed")
    call = await home.record()
    assert call.ended_by is EndedBy.PHONE
    assert call.voicemail is None


async def test_a_phone_that_presses_nothing_has_not_accepted(home: Household) -> None:
    """A mobile's own voicemail picks up and presses no key: the next phone rings."""
    await home.rings("Mobile", "Desk", in_order=True)
    async with home.friend() as ada:
        await ada.dial(home.number.uri)
        await home.mobile.happens("incoming")
        await home.mobile.answer()
        await home.mobile.happens("established")
        await home.desk.happens("incoming", timeout=30)
        assert not [event for event in ada.events if event.kind == "established"]
        await accepts(home.desk)
        await ada.happens("established")
        await ada.hang_up()
        await home.desk.happens("closed")
    assert (await home.record()).answered_on == "Desk"
