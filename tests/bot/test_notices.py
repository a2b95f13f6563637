"""Notices wait for Telegram and for the house, lose nothing, and tell it once."""

import asyncio

import pytest

from bot.app import SCREENS, App
from bot.delivery import LONGEST_PAUSE
from bot.notices import Notices, Receipts
from bot.terminal.messenger import Messenger
from bridge.api.commands.access import GetUser
from bridge.api.events import CallsLost, CardChanged, Event, ScheduleChanged
from bridge.api.views import CardState
from tests.bot.fake_desk import FakeDesk, Home
from tests.bot.faults import Faults
from tests.bot.person import Person
from tests.bot.things import card


class Naps:
    """Sleeping that only remembers how long it would have been."""

    def __init__(self) -> None:
        self.taken: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.taken.append(seconds)
        await asyncio.sleep(0)


@pytest.fixture
def naps(app: App, home: Home) -> Naps:
    naps = Naps()
    notices(app)._state.sleep = naps
    return naps


@pytest.fixture(autouse=True)
async def met(ada: Person, home: Home) -> None:
    await ada.says("/help")
    await ada.sees("Your telephone bridge")


def notices(app: App) -> Notices:
    found: Notices = app.bot_data["notices"]
    return found


async def test_flood_control_is_waited_for_exactly(
    ada: Person, home: Home, desk: FakeDesk, faults: Faults, naps: Naps
) -> None:
    faults.throttle(37, method="sendMessage")
    desk.tell(CallsLost(user=home.user.id, calls=1))
    await ada.sees("a running call was cut off")
    assert naps.taken == [37]
    await desk.acknowledges(1)


async def test_telegram_away_for_long(
    ada: Person, home: Home, desk: FakeDesk, faults: Faults, naps: Naps
) -> None:
    faults.lose_requests(20, method="sendMessage")
    desk.tell(CallsLost(user=home.user.id, calls=1))
    await ada.sees("a running call was cut off")
    assert len(naps.taken) == 20
    assert max(naps.taken) <= LONGEST_PAUSE


async def test_acknowledged_only_after_delivery(
    ada: Person, home: Home, desk: FakeDesk, messenger: Messenger, faults: Faults, app: App
) -> None:
    gate = asyncio.Event()

    async def until_gate(seconds: float) -> None:
        await gate.wait()

    notices(app)._state.sleep = until_gate
    faults.lose_requests(1, method="sendMessage")
    other = desk.member(77, "Otto", owner=False)
    Person(messenger, name="Otto", number=77).chat.started = True
    desk.tell(CallsLost(user=home.user.id, calls=1))
    desk.tell(CallsLost(user=other.user.id, calls=1))
    otto = messenger.conversations[77]
    await otto.bell.until(lambda: list(otto.messages))
    assert desk.acknowledged == 0, "Otto's is delivered, but Ada's before it is not"
    gate.set()
    await desk.acknowledges(2)


async def test_quick_changes_of_a_card_fall_together(
    ada: Person, home: Home, desk: FakeDesk, app: App
) -> None:
    gate, waiting = asyncio.Event(), asyncio.Event()

    async def pace(seconds: float) -> None:
        waiting.set()
        await gate.wait()

    notices(app)._state.sleep = pace
    notices(app)._pace = 0.4
    shown = card(home, CardState.ARRIVED)
    desk.tell(CardChanged(user=home.user.id, card=shown))
    await waiting.wait()
    for state in (CardState.RINGING, CardState.ANSWERED, CardState.MISSED):
        desk.tell(CardChanged(user=home.user.id, card=shown.model_copy(update={"state": state})))
    desk.tell(CallsLost(user=home.user.id, calls=1))
    gate.set()
    await desk.acknowledges(5)
    edits = [entry for entry in ada.chat.log if entry.happening == "edited"]
    assert [("Missed" in entry.message.text) for entry in edits] == [True]


async def test_a_member_who_blocked_the_bot_holds_nobody_up(
    ada: Person, home: Home, desk: FakeDesk
) -> None:
    ada.blocks()
    desk.tell(CallsLost(user=home.user.id, calls=1))
    await desk.acknowledges(1)


async def test_the_house_away_for_a_moment(
    ada: Person, home: Home, desk: FakeDesk, naps: Naps
) -> None:
    desk.down = True
    desk.tell(CallsLost(user=home.user.id, calls=1))
    await desk.hears(GetUser, 3)
    assert len(naps.taken) >= 2
    desk.down = False
    await ada.sees("a running call was cut off")
    await desk.acknowledges(1)


async def test_a_fault_of_ours_does_not_stop_the_notices(
    ada: Person, home: Home, desk: FakeDesk, naps: Naps, app: App
) -> None:
    async def stumble(*_: object) -> None:
        raise RuntimeError("a fault of ours")

    tells = notices(app)._tells
    whole = tells[CallsLost]
    tells[CallsLost] = stumble
    desk.tell(CallsLost(user=home.user.id, calls=1))
    await desk.acknowledges(1)
    tells[CallsLost] = whole
    desk.tell(CallsLost(user=home.user.id, calls=3))
    await ada.sees("3 running calls were cut off")


def test_the_chat_has_words_for_all_that_it_is_told() -> None:
    kinds = Event.__subclasses__()
    told = {kind for kind in kinds if kind.told}
    assert told < set(kinds)  # some are only counted
    assert told == {kind for screen in SCREENS for kind in screen.tells}


def test_receipts_acknowledge_without_gaps() -> None:
    receipts = Receipts()
    assert all(receipts.take(number) for number in (3, 5, 8))
    assert not receipts.take(5), "told again by a house that came back"
    assert receipts.deliver(5) == 0
    assert receipts.deliver(3) == 5
    assert not receipts.take(4), "acknowledged already"
    assert receipts.deliver(8) == 8
    assert receipts.take(9)


def test_receipts_forget_what_was_not_acknowledged() -> None:
    receipts = Receipts()
    receipts.take(1)
    receipts.take(2)
    receipts.deliver(1)
    receipts.forget()
    assert receipts.take(2)
    assert not receipts.take(1)


async def test_what_only_the_scheduler_is_told_is_passed_over(
    ada: Person, home: Home, desk: FakeDesk, naps: Naps
) -> None:
    desk.tell(ScheduleChanged(user=home.user.id))
    desk.tell(CallsLost(user=home.user.id, calls=1))
    await ada.sees("a running call was cut off")
    await desk.acknowledges(2)
    assert naps.taken == []
