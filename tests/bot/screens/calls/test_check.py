"""The test call: which phone, the warning before, the report after."""

from typing import Any

import pytest

from bot.screens.calls.check import report
from bot.wording.texts import Words
from bridge.api import check_views
from bridge.api.commands.phones import TestCall
from bridge.api.events import TestCallEnded
from tests.bot.fake_desk import FakeDesk, Home
from tests.bot.person import Person


async def test_nothing_is_called_before_it_is_confirmed(
    ada: Person, home: Home, desk: FakeDesk
) -> None:
    phone = desk.phone(home)
    await ada.says("/test")
    await ada.sees("It counts as a call")
    assert not [asked for asked in desk.asked if isinstance(asked, TestCall)]
    await ada.presses("Call Mobile now")
    await ada.sees("I am calling now.")
    assert desk.last(TestCall).phone == phone.id
    told = check_views.TestReport(
        phone="Mobile",
        answered=True,
        codec="G722",
        delay_ms=35.2,
        loss=0.01,
        heard_from_phone=True,
        heard_by_phone=True,
        digits="123",
    )
    desk.tell(TestCallEnded(user=home.user.id, report=told))
    shown = await ada.sees("Everything works in both directions.")
    assert "Sound: G722, delay 35 ms, loss 1.0 %, jitter 0 ms" in shown.text
    assert "Keys received: 123" in shown.text


async def test_one_of_several_phones(ada: Person, home: Home, desk: FakeDesk) -> None:
    desk.phone(home)
    other = desk.phone(home, "Desk")
    desk.phone(home, "New", verified=False)
    await ada.says("/test")
    shown = await ada.sees("Which phone shall I call")
    assert [button["text"] for button in shown.buttons] == ["Mobile", "Desk", "Menu"]
    await ada.presses("Desk")
    await ada.presses("Call Desk now")
    assert (await desk.hears(TestCall)).phone == other.id


async def test_no_phone_at_all(ada: Person, home: Home) -> None:
    await ada.says("/test")
    await ada.sees("There is no verified phone to call.")
    await ada.presses("Phones")
    await ada.sees("You have none yet.")


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"answered": False, "cause": "busy"}, "It was not answered: busy."),
        ({"heard_from_phone": False}, "Sound goes only one way or not at all."),
        ({"heard_by_phone": False}, "Sound goes only one way or not at all."),
        ({"loss": 0.2}, "Much sound is lost on the way."),
        ({"heard_by_phone": None}, "As far as I can tell it works."),
        ({"digits": ""}, "No keys were received."),
    ],
)
def test_what_is_concluded(more: dict[str, Any], said: str) -> None:
    well = {"phone": "Mobile", "answered": True, "heard_from_phone": True, "heard_by_phone": True}
    assert said in report(Words.plain("en"), check_views.TestReport(**{**well, **more}))
