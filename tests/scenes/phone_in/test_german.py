"""In German by voice, with an engine that knows it; with one that does not, by keys."""

import pytest

from tests.house import House
from tests.people import OwnPhone


async def rings_in(house: House) -> OwnPhone:
    house.rings("desk")
    house.subscriber.change(has_pin=True, language="de", barge_in=True)
    house.directory.knows("Ada", "7")
    desk = house.phone("desk")
    await desk.calls("bridge")
    await desk.is_told("PIN")
    await desk.presses("2468#")
    await desk.is_told("Hauptmenü.")
    await house.later(1)
    return desk


async def test_the_menu_listens_in_german(house: House) -> None:
    house.recognizer.able = frozenset({"de"})
    ada = await house.online("Ada")
    desk = await rings_in(house)
    await desk.says("Kontakte")
    await desk.is_told("Deine Leute.")
    await house.later(1)
    await desk.says("Ada")
    await desk.is_told("Ada? Drücke 1 oder sage ja.")
    await house.later(5)
    await desk.says("ja")
    await ada.is_ringing()


@pytest.mark.parametrize("able", [{"de"}, {"en"}])
async def test_the_help_says_whether_words_are_understood(house: House, able: set[str]) -> None:
    house.recognizer.able = frozenset(able)
    desk = await rings_in(house)
    await desk.presses("9")
    told = "Du kannst es auch sagen" if "de" in able else "nur Tasten verstanden"
    await desk.is_told(told)
