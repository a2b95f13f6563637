"""The card of a call-out: what is played, the keys, and what was missed."""

from typing import Any
from uuid import uuid4

import pytest

from bridge.api.commands.call_outs import PressKey
from bridge.api.commands.calls import ActOnCall
from bridge.api.commands.podcasts import CallPodcast
from bridge.api.events import CallOutMissed, CardChanged, StationDown
from bridge.api.listening_views import Medium, Playing, PlayoutKey
from bridge.api.views import CallAction, CallCard, CardState, PhoneState
from bridge.terms import Direction
from tests.bot.fake_desk import FakeDesk, Home, now
from tests.bot.person import Person
from tests.bot.things import card, on_card

PODCAST, EPISODE, STATION = uuid4(), uuid4(), uuid4()


@pytest.fixture(autouse=True)
async def met(ada: Person, home: Home, desk: FakeDesk) -> None:
    await ada.says("/help")
    await ada.sees("Your telephone bridge")
    desk.shelf(home.user.id).podcast(id=PODCAST)
    desk.shelf(home.user.id).stations = [
        desk.shelf(home.user.id).station().model_copy(update={"id": STATION})
    ]


def bees(**more: Any) -> Playing:
    usual = {
        "medium": Medium.PODCAST,
        "name": "The Daily",
        "title": "Bees",
        "seconds": 2580.0,
        "podcast": PODCAST,
        "episode": EPISODE,
    }
    return Playing(**{**usual, **more})


def call_out(home: Home, state: CardState, playing: Playing, **more: Any) -> CallCard:
    plain = {"caller_name": "", "caller_address": "", "called": "", "account": ""}
    return card(home, state, direction=Direction.CALL_OUT, playing=playing, **{**plain, **more})


async def test_from_ringing_to_the_end_it_is_one_message(
    ada: Person, home: Home, desk: FakeDesk
) -> None:
    phone = desk.phone(home)
    ringing = call_out(
        home, CardState.RINGING, bees(), phones=(on_card(phone, PhoneState.RINGING),)
    )
    desk.tell(CardChanged(user=home.user.id, card=ringing))
    first = await ada.sees("The Daily\nBees\ntoday")
    assert "Mobile: ringing" in first.text
    playing = bees(position=754, speed=1.3, paused=True)
    listening = ringing.model_copy(
        update={"state": CardState.ANSWERED, "playing": playing, "answered_on": "Mobile"}
    )
    desk.tell(CardChanged(user=home.user.id, card=listening))
    shown = await ada.sees("12:34 of 43:00, speed 1.3, paused")
    assert "On the phone: Mobile" in shown.text
    assert shown.id == first.id
    labels = [button["text"] for button in shown.buttons]
    assert labels[:3] == ["▶ Play", "Slower", "Heard, next"]
    assert labels[-1] == "Hang up"
    ended = listening.model_copy(update={"state": CardState.ENDED, "talk_seconds": 800})
    desk.tell(CardChanged(user=home.user.id, card=ended))
    await ada.sees("Call me now")
    await ada.presses("Call me now")
    asked = await desk.hears(CallPodcast)
    assert (asked.podcast, asked.episode) == (PODCAST, EPISODE)


@pytest.mark.parametrize(
    ("label", "key"),
    [
        ("⏸ Pause", PlayoutKey.PLAY),
        ("« 30 s", PlayoutKey.BACK),
        ("30 s »", PlayoutKey.FORWARD),
        ("Faster", PlayoutKey.FASTER),
        ("Where am I?", PlayoutKey.WHERE),
        ("Hang up", PlayoutKey.HANG_UP),
    ],
)
async def test_a_button_is_a_key(
    ada: Person, home: Home, desk: FakeDesk, label: str, key: PlayoutKey
) -> None:
    listening = call_out(home, CardState.ANSWERED, bees())
    desk.tell(CardChanged(user=home.user.id, card=listening))
    await ada.presses(label)
    asked = await desk.hears(PressKey)
    assert (asked.call, asked.key) == (listening.id, key)


async def test_radio_has_no_episodes_to_go_to(ada: Person, home: Home, desk: FakeDesk) -> None:
    radio = Playing(
        medium=Medium.RADIO, name="Radio Eins", title="Ada - Engine", position=61, station=STATION
    )
    listening = call_out(home, CardState.ANSWERED, radio)
    desk.tell(CardChanged(user=home.user.id, card=listening))
    shown = await ada.sees("Radio Eins\nAda - Engine\n1:01 so far")
    labels = [button["text"] for button in shown.buttons]
    assert labels == ["⏸ Pause", "Where am I?", "Hang up"]


async def test_while_it_rings_it_can_be_sent_away(ada: Person, home: Home, desk: FakeDesk) -> None:
    actions = (CallAction.NOT_NOW, CallAction.HANG_UP)
    ringing = call_out(home, CardState.RINGING, bees(), actions=actions)
    home.running = [ringing]
    desk.tell(CardChanged(user=home.user.id, card=ringing))
    await ada.presses("Not now")
    assert (await desk.hears(ActOnCall)).action is CallAction.NOT_NOW


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("house_was_down", "The bridge was not running at that time."),
        ("worker_lost", "I do not call a second time."),
        ("not_downloaded", "could not be downloaded in time"),
        ("not_accepted", "Nobody accepted the call"),
        ("minutes_today", "your minutes for today are used up"),
    ],
)
async def test_what_was_missed_is_told_with_a_way_to_hear_it(
    ada: Person, home: Home, desk: FakeDesk, reason: str, told: str
) -> None:
    event = CallOutMissed(user=home.user.id, due=now(), playing=bees(episode=None), reason=reason)
    desk.tell(event)
    shown = await ada.sees("Missed: The Daily (today")
    assert told in shown.text
    await ada.presses("Call me now")
    assert (await desk.hears(CallPodcast)).podcast == PODCAST


async def test_a_station_that_is_down_is_told(ada: Person, home: Home, desk: FakeDesk) -> None:
    desk.tell(StationDown(user=home.user.id, call=uuid4(), name="Radio <One>"))
    await ada.sees("Radio <One> cannot be reached. I keep trying")
