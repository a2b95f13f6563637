"""The call card: one message per call, from the first ring to the end."""

import pytest

from bot.app import App
from bot.screens.calls.card import draw
from bot.terminal.messenger import Messenger
from bot.wording.texts import Words
from bridge.api.commands.calls import ActOnCall
from bridge.api.events import CallsLost, CardChanged, LimitReached, NothingHeard
from bridge.api.views import CallAction, CallCard, CardState, PhoneState
from bridge.errors import UnknownTarget
from bridge.terms import Cause
from tests.bot.fake_desk import FakeDesk, Home
from tests.bot.person import Person
from tests.bot.things import card, on_card

EVERYTHING = (
    CallAction.RING,
    CallAction.VOICEMAIL,
    CallAction.NOT_NOW,
    CallAction.BLOCK,
    CallAction.HANG_UP,
)


@pytest.fixture(autouse=True)
async def met(ada: Person, home: Home) -> None:
    """A bot cannot write to somebody who never wrote."""
    await ada.says("/help")
    await ada.sees("Your telephone bridge")


def tell(desk: FakeDesk, shown: CallCard) -> CallCard:
    desk.tell(CardChanged(user=shown.user, card=shown))
    return shown


async def test_a_card_is_edited_from_ring_to_end(ada: Person, home: Home, desk: FakeDesk) -> None:
    mobile = desk.phone(home)
    first = tell(desk, card(home, CardState.ARRIVED))
    message = await ada.sees("Call from Grace Hopper\n+49 30 123456 · Work, to ada · today")
    ringing = first.model_copy(
        update={"state": CardState.RINGING, "phones": (on_card(mobile, PhoneState.RINGING),)}
    )
    tell(desk, ringing)
    await ada.sees("Ringing …\nMobile: ringing")
    tell(desk, ringing.model_copy(update={"state": CardState.ANSWERED, "answered_on": "Mobile"}))
    await ada.sees("On the phone: Mobile")
    over = {"state": CardState.ENDED, "answered_on": "Mobile", "talk_seconds": 192.2}
    tell(desk, ringing.model_copy(update={**over, "cause": "normal"}))
    ended = await ada.sees("Answered on Mobile, 3:12")
    assert ended.id == message.id
    assert home.cards == {first.id: message.id}


async def test_a_blocked_caller_makes_no_sound(ada: Person, home: Home, desk: FakeDesk) -> None:
    tell(desk, card(home, CardState.BLOCKED, caller_name="Pest", cause="declined"))
    assert (await ada.sees("Call from Pest")).silent
    tell(desk, card(home, CardState.RINGING))
    assert not (await ada.sees("Call from Grace Hopper")).silent


async def test_a_call_that_was_taken_elsewhere_says_only_that(
    ada: Person, home: Home, desk: FakeDesk
) -> None:
    tell(desk, card(home, CardState.ENDED, cause=Cause.ELSEWHERE.word))
    shown = await ada.sees("Ended (answered on another device)")
    assert "Answered on" not in shown.text


async def test_a_bot_that_was_restarted_edits_the_card_of_before(
    ada: Person, home: Home, desk: FakeDesk, app: App
) -> None:
    shown = tell(desk, card(home))
    message = await ada.sees("Ringing …")
    await desk.acknowledges(1)
    app.bot_data["notices"]._state.cards.clear()
    tell(desk, shown.model_copy(update={"state": CardState.MISSED}))
    assert (await ada.sees("Missed")).id == message.id


async def test_a_card_that_was_deleted_is_shown_anew(
    ada: Person, home: Home, desk: FakeDesk
) -> None:
    shown = tell(desk, card(home))
    message = await ada.sees("Ringing …")
    await desk.acknowledges(1)
    ada.deletes(message)
    tell(desk, shown.model_copy(update={"state": CardState.MISSED}))
    again = await ada.sees("Missed")
    await desk.acknowledges(2)
    assert home.cards == {shown.id: again.id}


async def test_an_unchanged_card_does_no_harm(ada: Person, home: Home, desk: FakeDesk) -> None:
    shown = tell(desk, card(home))
    tell(desk, card(home, caller_name="Somebody else"))
    tell(desk, shown)
    await desk.acknowledges(3)
    assert len([message for message in ada.screen if "Ringing" in message.text]) == 2


@pytest.mark.parametrize(
    ("label", "action"),
    [
        ("Ring Mobile", CallAction.RING),
        ("Voicemail", CallAction.VOICEMAIL),
        ("Not now", CallAction.NOT_NOW),
        ("Hang up", CallAction.HANG_UP),
    ],
)
async def test_a_button_acts_on_the_call(
    ada: Person, home: Home, desk: FakeDesk, label: str, action: CallAction
) -> None:
    mobile = desk.phone(home)
    shown = card(home, actions=EVERYTHING, phones=(on_card(mobile),))
    home.running = [shown]
    tell(desk, shown)
    await ada.presses(label)
    asked = await desk.hears(ActOnCall)
    assert (asked.call, asked.action) == (shown.id, action)
    assert asked.phone == (mobile.id if action is CallAction.RING else None)


async def test_only_phones_that_do_not_ring_are_offered(home: Home, desk: FakeDesk) -> None:
    mobile, desk_phone = desk.phone(home), desk.phone(home, "Desk")
    phones = (on_card(mobile, PhoneState.RINGING), on_card(desk_phone))
    page = draw(Words.plain("en"), card(home, actions=(CallAction.RING,), phones=phones))
    assert [button.text for row in page.rows for button in row] == ["Ring Desk"]


async def test_blocking_asks_first(ada: Person, home: Home, desk: FakeDesk) -> None:
    shown = card(home, actions=EVERYTHING)
    home.running = [shown]
    tell(desk, shown)
    await ada.presses("Block")
    await ada.presses("No, do not block")
    await ada.sees("Not now")
    assert not [asked for asked in desk.asked if isinstance(asked, ActOnCall)]
    await ada.presses("Block")
    await ada.presses("Yes, block this caller")
    assert (await desk.hears(ActOnCall)).action is CallAction.BLOCK
    await ada.presses("Block list")
    await ada.sees("Nobody is blocked.")
    await ada.sees("Call from Grace Hopper")


async def test_a_press_that_came_too_late(ada: Person, home: Home, desk: FakeDesk) -> None:
    message_of = tell(desk, card(home, actions=EVERYTHING))
    await ada.presses("Voicemail")
    await ada.sees("This call is over already.")
    shown = await ada.sees("Call from Grace Hopper")
    assert [button["text"] for button in shown.buttons] == ["Call history"]
    assert message_of.id in home.cards


async def test_the_history_does_not_take_the_place_of_the_card(
    ada: Person, home: Home, desk: FakeDesk
) -> None:
    tell(desk, card(home, CardState.MISSED))
    await ada.presses("Call history")
    await ada.sees("No calls here yet.")
    await ada.sees("Call from Grace Hopper")


async def test_a_card_does_not_drop_an_open_question(
    ada: Person, home: Home, desk: FakeDesk
) -> None:
    await ada.says("/phones")
    await ada.presses("Add a phone")
    await ada.presses("Mobile")
    await ada.sees("Please type the number")
    shown = card(home, actions=EVERYTHING)
    home.running = [shown]
    tell(desk, shown)
    await ada.presses("Not now")
    await desk.hears(ActOnCall)
    await ada.says("+49 30 5555")
    await ada.sees("make sure that +49 30 5555 is yours")


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("quiet_hours", "It did not ring because of your quiet hours."),
        ("busy_line", "It did not ring because of another call."),
        ("no_phone", "none of your phones is switched on"),
        (
            "limit_house_minutes_today",
            "It did not ring: the minutes of this bridge for today are used up.",
        ),
        ("something_new", "That did not work (something_new)."),
    ],
)
async def test_why_it_did_not_ring(
    ada: Person, home: Home, desk: FakeDesk, reason: str, said: str
) -> None:
    tell(desk, card(home, CardState.MISSED, reason=reason, cause="no answer"))
    shown = await ada.sees(said)
    assert "Missed (no answer)" in shown.text


async def test_hostile_names_stay_names(ada: Person, home: Home, desk: FakeDesk) -> None:
    name = "<b>Bobby</b> & {who}\u202e'; DROP TABLE--\n" + "x" * 5000
    tell(desk, card(home, caller_name=name, account="<i>", caller_address="sip:<a>@b"))
    shown = await ada.sees("Call from <b>Bobby</b> & {who}'; DROP TABLE-- xxx")
    assert len(shown.text) < 300


async def test_nobody_shows_a_name(ada: Person, home: Home, desk: FakeDesk) -> None:
    tell(desk, card(home, caller_name="", caller_address=""))
    await ada.sees("Call from unknown caller")


async def test_one_way_sound_is_told(ada: Person, home: Home, desk: FakeDesk) -> None:
    call = card(home).id
    heard = {"user": home.user.id, "call": call, "seconds": 3.2, "likely": "never_heard"}
    desk.tell(NothingHeard(**heard, side="phone"))
    await ada.sees("I have heard nothing from your phone for 3 seconds.")
    desk.tell(NothingHeard(**heard, side="caller"))
    await ada.sees("I have heard nothing from the other side for 3 seconds.")


async def test_limits_and_lost_calls_are_told(ada: Person, home: Home, desk: FakeDesk) -> None:
    user = home.user.id
    desk.tell(LimitReached(user=user, call=None, rule="minutes_today", facts={"limit": "120"}))
    await ada.sees("Your 120 minutes for today are used up.")
    desk.tell(CallsLost(user=user, calls=2))
    await ada.sees("2 running calls were cut off")
    desk.tell(CallsLost(user=user, calls=0))
    await ada.sees("No call was running")


async def test_the_house_away_just_after_the_card_was_sent(
    ada: Person, home: Home, desk: FakeDesk, messenger: Messenger
) -> None:
    """The place of the card could not be noted: it is noted later, and no second card is begun."""
    from bridge.api.commands.calls import NoteCard
    from bridge.errors import NetworkDown

    desk.refusals[NoteCard] = NetworkDown("house_unreachable")
    shown = tell(desk, card(home))
    await desk.acknowledges(1)
    assert shown.id in home.cards
    assert len([message for message in ada.screen if "Ringing" in message.text]) == 1


async def test_a_member_who_is_gone_is_not_told(ada: Person, home: Home, desk: FakeDesk) -> None:
    shown = card(home)
    desk.homes.clear()
    tell(desk, shown)
    await desk.acknowledges(1)
    assert not [message for message in ada.screen if "Grace" in message.text]
    with pytest.raises(UnknownTarget):
        desk.home_of(CardChanged(user=shown.user, card=shown))
