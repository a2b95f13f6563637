"""Whoever hangs up, or is cut off, wherever he is in the house, leaves nothing behind."""

import pytest

from bridge.api.listening_views import Medium
from bridge.calls.ports.library import Offered
from bridge.terms import Cause, Direction
from tests.house import House
from tests.scenes.phone_in.conftest import PhonesIn

PLACES = {
    "main menu": "",
    "people": "1",
    "spelling": "2",
    "spelling, a letter typed": "23",
    "a name was found": "2232#",
    "which way": "12",
    "dialling": "11",
    "messages": "3",
    "what to hear": "4",
    "listening": "41",
    "settings": "5",
    "which phones": "53",
    "how things are": "6",
    "help": "9",
    "a wrong key": "8",
}


@pytest.fixture
async def furnished(house: House) -> House:
    """There is something in every room."""
    house.directory.knows("Ada", "1")
    several = house.directory.knows("Ben", "2").ways * 2
    house.directory.kept.pop()
    house.directory.knows("Ben", "2", *several)
    house.mailbox.holds("Ada")
    house.library.podcast("One")
    house.library.on_offer = [Offered(Medium.PODCAST, "News", house.library.order, 1)]
    return house


@pytest.mark.parametrize("after", [0.0, 1.0, 12.0])
@pytest.mark.parametrize("place", PLACES)
async def test_hanging_up(furnished: House, phones_in: PhonesIn, place: str, after: float) -> None:
    await furnished.online("Ada")
    desk = await phones_in()
    await desk.presses(PLACES[place])
    await furnished.later(after)
    await desk.hangs_up()
    await furnished.is_quiet()
    furnished.is_empty()
    assert [cdr.direction for cdr in furnished.subscriber.cdrs].count(Direction.PHONED_IN) == 1


@pytest.mark.parametrize("place", PLACES)
async def test_the_house_is_closed(furnished: House, phones_in: PhonesIn, place: str) -> None:
    await furnished.online("Ada")
    desk = await phones_in()
    await desk.presses(PLACES[place])
    await furnished.later(1)
    await furnished.switchboard.drain(0)
    await desk.is_gone(Cause.NORMAL)
    furnished.is_empty()


@pytest.mark.parametrize("delay", [0.0, 0.5])
async def test_hanging_up_while_talking(
    furnished: House, phones_in: PhonesIn, delay: float
) -> None:
    furnished.directory.delay = delay
    ada = await furnished.online("Ada")
    desk = await phones_in()
    await desk.presses("11")
    await ada.is_ringing()
    await ada.picks_up()
    await desk.hears(ada)
    await desk.hangs_up()
    await ada.is_gone(Cause.NORMAL)
    await furnished.is_quiet()
    furnished.is_empty()
    causes = {cdr.direction: cdr.cause for cdr in furnished.subscriber.cdrs}
    assert causes == {
        Direction.OUTGOING: Cause.NORMAL.word,
        Direction.PHONED_IN: Cause.NORMAL.word,
    }
    assert furnished.directory.talked_to == [furnished.directory.kept[0].id]


async def test_sixty_in_a_row(furnished: House, phones_in: PhonesIn) -> None:
    ada = await furnished.online("Ada")
    for _ in range(60):
        desk = await phones_in()
        await desk.presses("11")
        await ada.is_ringing()
        await ada.picks_up()
        await desk.hears(ada)
        await desk.presses("**")
        await desk.hangs_up()
        await furnished.is_quiet()
        furnished.is_empty()
    assert len(furnished.subscriber.cdrs) == 120
