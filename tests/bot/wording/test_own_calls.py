"""Calls that the user makes, to a contact or into the menu: their card and their line."""

import pytest

from bot.screens.calls.card import draw
from bot.wording.texts import Words
from bridge.api.commands.calls import ActOnCall
from bridge.api.events import CardChanged
from bridge.api.views import CallAction, CardState, PhoneState
from bridge.terms import Cause, Direction, EndedBy
from tests.bot.fake_desk import FakeDesk, Home
from tests.bot.person import Person
from tests.bot.things import call, card, on_card


@pytest.fixture(autouse=True)
async def met(ada: Person, home: Home) -> None:
    """A bot cannot write to somebody who never wrote."""
    await ada.says("/help")
    await ada.sees("Your telephone bridge")


async def test_a_call_to_a_contact_from_the_first_ring_to_the_end(
    ada: Person, home: Home, desk: FakeDesk
) -> None:
    mobile = desk.phone(home)
    first = card(
        home,
        direction=Direction.OUTGOING,
        network="phone",
        account="",
        called="+4930123456",
        phones=(on_card(mobile, PhoneState.RINGING),),
        actions=(CallAction.HANG_UP,),
    )
    home.running = [first]
    desk.tell(CardChanged(user=home.user.id, card=first))
    message = await ada.sees("Call to Grace Hopper\n+49 30 123456 · telephone · today")
    assert "Pick up your phone and press 1, then I call.\nMobile: ringing" in message.text
    picked_up = first.model_copy(update={"phones": (on_card(mobile, PhoneState.ACCEPTED),)})
    desk.tell(CardChanged(user=home.user.id, card=picked_up))
    await ada.sees("Calling …\nMobile: accepted")
    talking = first.model_copy(update={"state": CardState.ANSWERED, "answered_on": "Mobile"})
    desk.tell(CardChanged(user=home.user.id, card=talking))
    await ada.sees("Talking to Grace Hopper, on Mobile")
    await ada.presses("Hang up")
    assert (await desk.hears(ActOnCall)).action is CallAction.HANG_UP
    over = {"state": CardState.ENDED, "cause": "normal", "talk_seconds": 192, "actions": ()}
    desk.tell(CardChanged(user=home.user.id, card=talking.model_copy(update=over)))
    ended = await ada.sees("Ended after 3:12")
    assert ended.id == message.id
    assert [button["text"] for button in ended.buttons] == ["Call history"]


@pytest.mark.parametrize(
    ("cause", "by", "said"),
    [
        (Cause.BUSY, EndedBy.CALLER, "Not reached (busy)"),
        (Cause.CANCELLED, EndedBy.PHONE, "Not reached (you hung up)"),
        (Cause.NO_ANSWER, EndedBy.CALLER, "Not reached (no answer)"),
        (Cause.NO_ANSWER, EndedBy.PHONE, "Not reached (no answer)"),
        (Cause.NO_ANSWER, EndedBy.HOUSE, "Not reached (you did not take the call)"),
    ],
)
def test_why_a_contact_was_not_reached(home: Home, cause: Cause, by: EndedBy, said: str) -> None:
    outgoing = {"direction": Direction.OUTGOING, "cause": cause.word, "ended_by": by}
    assert said in draw(Words.plain("en"), card(home, CardState.MISSED, **outgoing)).text


def test_a_limit_is_told_as_of_every_call(home: Home) -> None:
    outgoing = {"direction": Direction.OUTGOING, "reason": "limit_minutes_today"}
    told = draw(Words.plain("en"), card(home, CardState.MISSED, **outgoing)).text
    assert "your minutes for today are used up" in told


def test_a_call_into_the_menu_has_a_card(home: Home) -> None:
    words = Words.plain("en")
    phoned = card(home, CardState.ANSWERED, direction=Direction.PHONED_IN, caller_name="")
    told = draw(words, phoned).text
    assert "Phone-in from +49 30 123456" in told
    assert "You are in the menu." in told
    over = phoned.model_copy(update={"state": CardState.ENDED, "talk_seconds": 61})
    assert "Ended after 1:01" in draw(words, over).text
    refused = phoned.model_copy(update={"state": CardState.DECLINED, "cause": "declined"})
    assert "Not let in (declined)" in draw(words, refused).text


async def test_the_history_tells_who_called_whom(ada: Person, home: Home) -> None:
    missed = {"answered": None, "answered_on": "", "talk_seconds": 0}
    home.calls = [
        call(direction=Direction.OUTGOING),
        call(direction=Direction.OUTGOING, caller_name="Otto", cause="cancelled", **missed),
        call(direction=Direction.PHONED_IN, caller_name=""),
        call(direction=Direction.PHONED_IN, caller_name="", **missed),
    ]
    await ada.says("/calls")
    shown = await ada.sees("You called Grace Hopper, 3:12 on Mobile")
    assert "You called Otto, not reached" in shown.text
    assert "You phoned in, 3:12 from Mobile" in shown.text
    assert "Phone-in from +49 30 123456, not let in" in shown.text
    await ada.presses("→ Otto, today")
    shown = await ada.sees("Ended: you hung up")
    assert "Block this caller" not in [button["text"] for button in shown.buttons]
    await ada.presses("Back")
    await ada.presses("You phoned in")
    await ada.sees("You phoned in\n+49 30 123456\n")


def test_the_same_in_german(home: Home) -> None:
    words = Words.plain("de")
    outgoing = card(home, CardState.ANSWERED, direction=Direction.OUTGOING, answered_on="Handy")
    assert "Im Gespräch mit Grace Hopper (Handy)" in draw(words, outgoing).text
