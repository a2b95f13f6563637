"""The history: pages, details, blocking from there."""

from datetime import timedelta

from bridge.api.commands.calls import Block
from bridge.terms import Direction
from tests.bot.fake_desk import FakeDesk, Home, now
from tests.bot.person import Person
from tests.bot.things import call, voicemail


async def test_lines_and_pages(ada: Person, home: Home) -> None:
    started = now()
    home.calls = [call(caller_name=f"Caller {number}", started=started) for number in range(8)]
    await ada.says("/calls")
    shown = await ada.sees("Caller 0, 3:12 on Mobile")
    assert "Caller 6" not in shown.text
    await ada.presses("Older")
    await ada.sees("Caller 7")
    await ada.presses("Newer")
    await ada.sees("Caller 0, ")


async def test_how_each_call_went(ada: Person, home: Home) -> None:
    missed = {"answered": None, "answered_on": "", "talk_seconds": 0}
    home.calls = [
        call(caller_name="One", **missed, voicemail=voicemail().id),
        call(caller_name="Two", **missed, cause="busy"),
        call(direction=Direction.TEST),
        call(direction=Direction.VERIFICATION, started=now() - timedelta(days=400)),
    ]
    await ada.says("/calls")
    shown = await ada.sees("One, left a message")
    assert "Two, not answered" in shown.text
    assert "Test call, 3:12 on Mobile" in shown.text
    assert "Verification call" in shown.text


async def test_details_and_the_message(ada: Person, home: Home, desk: FakeDesk) -> None:
    left = voicemail()
    home.voicemails = [left]
    home.calls = [call(voicemail=left.id, reason="quiet_hours")]
    await ada.says("/calls")
    await ada.presses("Grace Hopper")
    shown = await ada.sees("Sound: G722, loss 0.2 %, jitter 3 ms")
    assert "+49 30 123456" in shown.text
    assert "It did not ring because of your quiet hours." in shown.text
    await ada.presses("Play the message")
    await ada.sees("Message from Grace Hopper")


async def test_an_end_is_told_where_it_is_not_the_usual_one(ada: Person, home: Home) -> None:
    home.calls = [call(caller_name="Usual"), call(caller_name="Odd", cause="connection lost")]
    await ada.says("/calls")
    await ada.presses("Usual")
    shown = await ada.sees("Sound: G722")
    assert "Ended" not in shown.text
    await ada.presses("Back")
    await ada.presses("Odd")
    await ada.sees("Ended: the connection was lost")


async def test_blocking_from_the_history_is_confirmed(
    ada: Person, home: Home, desk: FakeDesk
) -> None:
    home.calls = [call()]
    await ada.says("/calls")
    await ada.presses("Grace Hopper")
    await ada.presses("Block this caller")
    await ada.presses("No, do not block")
    await ada.sees("Sound: G722")
    assert not home.blocked
    await ada.presses("Block this caller")
    await ada.presses("Yes, block this caller")
    await ada.sees("Unblock Grace Hopper")
    assert desk.last(Block).address == "+4930123456"


async def test_a_hidden_caller_is_blocked_as_such(ada: Person, home: Home, desk: FakeDesk) -> None:
    home.calls = [call(caller_name="", caller_address="")]
    await ada.says("/calls")
    await ada.presses("unknown caller")
    await ada.presses("Block this caller")
    await ada.presses("Yes, block this caller")
    await ada.sees("Unblock hidden numbers")


async def test_a_call_that_slipped_to_the_next_page_is_found(ada: Person, home: Home) -> None:
    home.calls = [call(caller_name="The one")]
    await ada.says("/calls")
    await ada.sees("The one")
    home.calls = [call() for _ in range(20)] + home.calls
    await ada.presses("The one")
    await ada.sees("Sound: G722")


async def test_a_call_that_is_forgotten(ada: Person, home: Home) -> None:
    home.calls = [call()]
    await ada.says("/calls")
    await ada.sees("Grace")
    home.calls = []
    await ada.presses("Grace Hopper")
    await ada.sees("This call is no longer known.")


async def test_none_yet(ada: Person, home: Home) -> None:
    await ada.says("/calls")
    await ada.sees("They appear as soon as somebody calls you.")
