"""The buttons of a call card, and the rules that keep phones silent."""

from datetime import time

import pytest

from bridge.api.commands.preferences import ChangeSettings
from bridge.api.views import QuietHoursView
from bridge.terms import EndedBy
from tests.real.household import BEN, Household, accepts, picks_up

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def test_another_phone_is_rung_by_its_button(home: Household) -> None:
    await home.rings("Desk", seconds=20)
    async with home.friend() as ada:
        await ada.dial(home.number.uri)
        await home.desk.happens("incoming")
        await home.service.sees("Desk: ringing")
        await home.service.presses("Ring Mobile")
        await home.mobile.happens("incoming")
        await accepts(home.mobile)
        await home.desk.happens("closed", timeout=3)
        await ada.happens("established")
        await ada.hang_up()
        await home.mobile.happens("closed")
    assert (await home.record()).answered_on == "Mobile"


async def test_voicemail_by_its_button(home: Household) -> None:
    await home.rings("Desk", seconds=20)
    async with home.friend() as ada:
        await ada.dial(home.number.uri)
        await home.desk.happens("incoming")
        await home.service.sees("Desk: ringing")
        await home.service.presses("Voicemail")
        await ada.happens("established")
        await home.desk.happens("closed", timeout=3)
        await ada.hang_up()
    assert (await home.record()).answered is None


async def test_not_now(home: Household) -> None:
    await home.rings("Desk", seconds=20)
    async with home.friend() as ada:
        await ada.dial(home.number.uri)
        await home.desk.happens("incoming")
        await home.service.sees("Desk: ringing")
        await home.service.presses("Not now")
        refused = await ada.happens("closed")
        assert "486" in refused.said
        await home.desk.happens("closed", timeout=3)
    await home.service.sees("Not taken")
    assert (await home.record()).ended_by is EndedBy.PHONE


async def test_a_blocked_caller_rings_no_more(home: Household) -> None:
    await home.rings("Desk", seconds=20)
    async with home.friend() as ada:
        await ada.dial(home.number.uri)
        await home.desk.happens("incoming")
        await home.service.sees("Desk: ringing")
        await home.service.presses("Block")
        await home.service.sees("Yes, block this caller")
        await home.service.presses("Yes, block this caller")
        await ada.happens("closed")
        await home.record()
        home.desk.forget()
        await ada.dial(home.number.uri)
        await ada.happens("closed")
    await home.service.sees("Blocked")
    call = await home.record()
    assert call.reason == "blocked"
    assert home.desk.is_quiet


async def test_quiet_hours_go_straight_to_the_voicemail(home: Household) -> None:
    always = QuietHoursView(start=time(0, 0), end=time(23, 59))
    await home.front_desk.ask(ChangeSettings(user=home.owner, quiet_hours=(always,)))
    async with home.friend() as ada:
        await ada.dial(home.number.uri)
        await ada.happens("established", timeout=3)
        await home.service.sees("leaving a message")
        await ada.hang_up()
    call = await home.record()
    assert call.reason == "quiet_hours"
    assert home.desk.is_quiet
    assert home.mobile.is_quiet


async def test_a_second_call_does_not_disturb_the_first(home: Household) -> None:
    await home.rings("Desk", announce=False)
    async with home.friend() as ada, home.friend(BEN, "Ben") as ben:
        await ada.dial(home.number.uri)
        await picks_up(home.desk)
        await ada.happens("established")
        home.desk.forget()
        await ben.dial(home.number.uri)
        await home.service.sees("Call from Ben")
        await ben.happens("established", timeout=40)  # by the voicemail
        assert home.desk.is_quiet
        await ben.hang_up()
        assert (await home.record()).caller_name == "Ben"
        await home.desk.hears(home.ada_says)
        await ada.hang_up()
        await home.desk.happens("closed")
    assert (await home.record()).answered_on == "Desk"
