"""Whatever breaks while somebody phones in: he hears so, goes on in the menu, and no record is
lost.
"""

import asyncio
from collections.abc import Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from bridge.api.listening_views import Medium
from bridge.calls.ports.library import Offered
from bridge.errors import NetworkDown
from bridge.terms import Cause, Direction
from tests.house import House
from tests.people import OwnPhone, until
from tests.scenes.phone_in.conftest import PhonesIn

Fault = Callable[..., Any]
TOLD = (
    "does not work at the moment",
    "cannot be",
    "failed. Please try again",
    "nothing to hear of",
)


async def refuses(*_: object, **__: object) -> Any:
    raise NetworkDown("store_unreachable")


async def crashes(*_: object, **__: object) -> Any:
    raise RuntimeError("a fault")


async def hangs(*_: object, **__: object) -> Any:
    await asyncio.Future()


FAULTS = {"refuses": refuses, "crashes": crashes, "hangs": hangs}


@pytest.fixture(params=FAULTS)
def fault(request: pytest.FixtureRequest) -> Fault:
    return FAULTS[request.param]


def within(fault: Fault) -> Callable[..., Any]:
    """The same of what is entered."""

    @asynccontextmanager
    async def entered(*_: object) -> Any:
        await fault()
        yield

    return entered


@pytest.fixture
async def furnished(house: House) -> House:
    """There is something in every room."""
    house.directory.knows("Ada", "1")
    house.mailbox.holds("Ada")
    house.library.podcast("One")
    house.library.on_offer = [Offered(Medium.PODCAST, "News", house.library.order, 1)]
    await house.online("Ada")
    return house


def tells(desk: OwnPhone, since: int) -> bool:
    return any(words in text for text in desk.was_told()[since:] for words in TOLD)


@pytest.mark.parametrize(
    ("part", "verb", "keys"),
    [
        ("directory", "contacts", "1"),
        ("directory", "contacts", "2"),
        ("directory", "dial", "11"),
        ("directory", "who_has", "38"),
        ("mailbox", "messages", "3"),
        ("mailbox", "messages", "6"),
        ("mailbox", "sound", "3"),
        ("mailbox", "delete", "37"),
        ("library", "offered", "4"),
        ("library", "playlist", "41"),
        ("subscriber", "accounts", "6"),
        ("subscriber", "prefer", "51"),
        ("subscriber", "enable_phone", "531"),
        ("subscriber", "open_leg", "11"),
        ("mixer", "playback", "3"),
    ],
)
async def test_it_is_told_and_the_menu_goes_on(
    furnished: House, phones_in: PhonesIn, fault: Fault, part: str, verb: str, keys: str
) -> None:
    desk = await phones_in()
    before = len(desk.was_told())
    broken = within(fault) if verb in ("sound", "playback") else fault
    setattr(getattr(furnished, part), verb, broken)
    await desk.presses(keys)
    await until(lambda: tells(desk, before), "it is told", within=30)
    await furnished.later(8)
    await desk.presses("**")
    await furnished.later(1)
    assert desk.was_told()[-1].startswith("Main menu")
    await desk.hangs_up()
    await furnished.is_quiet()
    furnished.is_empty()
    assert furnished.last_cdr.direction is Direction.PHONED_IN


async def test_joining(furnished: House, phones_in: PhonesIn) -> None:
    furnished.mixer.fault = RuntimeError("a fault")
    ada = furnished.friend("Ada")
    desk = await phones_in()
    await desk.presses("11")
    await ada.is_ringing()
    await ada.picks_up()
    await desk.is_told("The call to Ada failed. Please try again.")
    await desk.is_told("Your people", within=10)
    assert ada.on_the_line.over
    assert furnished.last_cdr.cause == Cause.FAILED.word


@pytest.mark.parametrize("verb", ["talked", "close_leg", "write"])
async def test_what_is_kept_after_a_call(
    furnished: House, phones_in: PhonesIn, fault: Fault, verb: str
) -> None:
    part = furnished.directory if verb == "talked" else furnished.subscriber
    kept = getattr(part, verb)
    setattr(part, verb, fault)
    ada = furnished.friend("Ada")
    desk = await phones_in()
    await desk.presses("11")
    await ada.is_ringing()
    await ada.picks_up()
    await desk.hears(ada)
    before = len(desk.was_told())
    await ada.hangs_up()
    await furnished.later(35)
    assert any(text.startswith("Your people") for text in desk.was_told()[before:])
    setattr(part, verb, kept)
    await desk.hangs_up()
    await furnished.is_quiet()
    furnished.subscriber.open.clear()  # where it could not be closed


async def test_a_message_is_heard_on_though_it_cannot_be_marked(
    furnished: House, phones_in: PhonesIn, fault: Fault
) -> None:
    furnished.mixer.shelf.lengths["message of Ada"] = 6.0
    furnished.mailbox.heard = fault  # type: ignore[method-assign]
    desk = await phones_in()
    await desk.presses("3")
    await furnished.later(30)
    assert not any("cannot be played" in text for text in desk.was_told())
    assert any("To hear it again" in text for text in desk.was_told())


async def test_a_message_without_an_end(furnished: House, phones_in: PhonesIn) -> None:
    furnished.mixer.shelf.lengths["message of Ada"] = 1e6
    desk = await phones_in()
    await desk.presses("3")
    await desk.is_told("To hear it again", within=60)


async def test_the_pin_cannot_be_checked(
    furnished: House, phones_in: PhonesIn, fault: Fault
) -> None:
    furnished.subscriber.check_pin = fault  # type: ignore[method-assign]
    desk = await phones_in(pin=None)
    await desk.presses("2468#")
    await desk.is_told("Your PIN cannot be checked at the moment", within=15)
    await desk.is_gone(Cause.NORMAL, within=15)
    assert furnished.last_cdr.answered is None


@pytest.mark.parametrize("part", ["speaker", "mixer"])
async def test_a_voice_that_fails_costs_no_key(
    furnished: House, phones_in: PhonesIn, fault: Fault, part: str
) -> None:
    desk = await phones_in()
    verb = "say" if part == "speaker" else "play"
    setattr(getattr(furnished, part), verb, fault)
    await desk.presses("1")
    await furnished.later(1)
    await desk.presses("1")
    await furnished.friend("Ada").is_ringing()
    await furnished.friend("Ada").declines()
    await desk.is_gone(Cause.NORMAL, within=150)  # nobody can be told anything


async def test_a_recognizer_that_fails_costs_no_key(
    furnished: House, phones_in: PhonesIn, fault: Fault
) -> None:
    furnished.subscriber.change(barge_in=True)
    furnished.recognizer.choose = fault  # type: ignore[method-assign]
    desk = await phones_in()
    await desk.says("settings")
    await furnished.later(1)
    await desk.presses("5")
    await desk.is_told("Settings.")


async def test_an_ear_that_fails_costs_no_key(
    furnished: House, phones_in: PhonesIn, fault: Fault
) -> None:
    furnished.mixer.tap_speech = within(fault)  # type: ignore[method-assign]
    desk = await phones_in()
    await desk.presses("5")
    await desk.is_told("Settings.")


async def test_a_network_that_takes_no_keys_takes_two_stars(
    furnished: House, phones_in: PhonesIn
) -> None:
    ada = furnished.friend("Ada")
    desk = await phones_in()
    await desk.presses("11")
    await ada.is_ringing()
    await ada.picks_up()
    await desk.hears(ada)
    furnished.breaks(ada, "press")
    await desk.presses("5")
    await furnished.later(3)
    await desk.presses("**")
    await ada.is_gone(Cause.NORMAL)
    await desk.is_told("Your people", within=10)


async def test_a_network_that_does_not_let_us_answer(furnished: House) -> None:
    furnished.rings("desk")
    furnished.subscriber.change(has_pin=True)
    desk = furnished.phone("desk")
    leg = await desk.session.dial("bridge", desk.party)
    desk.takes(leg)  # type: ignore[arg-type]  # a loopback leg
    furnished.breaks(desk, "answer")
    await furnished.is_quiet(within=20)
    assert furnished.last_cdr.cause == Cause.NETWORK_LOST.word
