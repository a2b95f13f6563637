"""The user says a name, or spells it on the keys: nobody is dialled on a guess."""

import pytest

from bridge.calls.ivr.ivr import MORE_DIGITS
from bridge.calls.ports.directory import OpenAddress
from tests.house import House
from tests.people import Friend, OwnPhone
from tests.scenes.phone_in.conftest import PhonesIn
from tests.scenes.phone_in.room import among_people


async def ada_is_named(house: House, phones_in: PhonesIn) -> tuple[Friend, OwnPhone]:
    """Ada, whose number is 7, and the phone on which her name was said."""
    house.subscriber.change(barge_in=True)
    house.directory.knows("Ada", "7")
    ada = await house.online("Ada")
    desk = await among_people(house, phones_in)
    await desk.says("Ada")
    return ada, desk


# --- by voice -------------------------------------------------------------------------------------


async def test_a_name_is_said_and_confirmed_by_key(house: House, phones_in: PhonesIn) -> None:
    ada, desk = await ada_is_named(house, phones_in)
    await desk.is_told("Ada? Press 1 or say yes. Press 2 or say no.")
    await house.later(10)
    assert not ada.rings, "nobody is dialled on a guess"
    await desk.presses("1")
    await ada.is_ringing()


async def test_a_name_is_confirmed_by_word(house: House, phones_in: PhonesIn) -> None:
    ada, desk = await ada_is_named(house, phones_in)
    await desk.is_told("Ada?")
    await house.later(5)
    await desk.says("yes")
    await ada.is_ringing()


async def test_the_echo_of_the_question_is_no_answer(house: House, phones_in: PhonesIn) -> None:
    """It says “say yes” itself."""
    ada, desk = await ada_is_named(house, phones_in)
    await desk.is_told("Ada?")
    await house.later(1)
    await desk.says("yes")
    await house.later(4)
    assert ada.leg is None


@pytest.mark.parametrize("no", ["2", "*"])
async def test_somebody_else_was_meant(house: House, phones_in: PhonesIn, no: str) -> None:
    ada, desk = await ada_is_named(house, phones_in)
    await desk.is_told("Ada?")
    await desk.presses(no)
    await house.later(1)
    assert desk.was_told()[-1].startswith("Your people")
    assert ada.leg is None


async def test_two_names_that_sound_alike_are_asked(house: House, phones_in: PhonesIn) -> None:
    house.subscriber.change(barge_in=True)
    house.directory.knows("Maier", "1")
    house.directory.knows("Meyer", "2")
    house.directory.knows("Ada", "3")
    house.recognizer.mishears["Meier"] = {"Maier": 0.6, "Meyer": 0.5, "Ada": 0.1}
    meyer = await house.online("Meyer")
    desk = await among_people(house, phones_in)
    await desk.says("Meier")
    await desk.is_told("Maier: press 1. Meyer: press 2.")
    assert "Ada" not in desk.was_told()[-1]
    await desk.presses("2")
    await meyer.is_ringing()


async def test_more_names_than_fit_are_heard_in_rounds(house: House, phones_in: PhonesIn) -> None:
    house.subscriber.change(barge_in=True)
    names = [f"{first}{second}a" for first in "BDFGK" for second in "aeiou"]
    for place, name in enumerate(names):
        house.directory.knows(name, f"{place // 8 + 1}{place % 8 + 1}")
    desk = await among_people(house, phones_in)
    await desk.says(names[-1])
    await desk.is_told(f"{names[-1]}?")


# --- by its letters -------------------------------------------------------------------------------


async def test_a_name_is_spelled(house: House, phones_in: PhonesIn) -> None:
    house.directory.knows("Ada Lovelace", "1", OpenAddress("xmpp", "ada"))
    house.directory.knows("Jürgen Groß", "2", OpenAddress("xmpp", "juergen"))
    ada = await house.online("Ada")
    desk = await phones_in()
    await desk.presses("2")
    await desk.is_told("Type the beginning of a name")
    await desk.presses("568")  # L o v
    await house.later(MORE_DIGITS)
    await desk.is_told("Ada Lovelace. To call, press 1.")
    await desk.presses("1")
    await ada.is_ringing()


@pytest.mark.parametrize("keys", ["587436", "5837436", "476", "47677"])
async def test_umlauts_are_spelled_either_way(house: House, phones_in: PhonesIn, keys: str) -> None:
    house.directory.knows("Jürgen Groß", "2")
    desk = await phones_in()
    await desk.presses(f"2{keys}#")
    await desk.is_told("Jürgen Groß.")


async def test_several_begin_like_that(house: House, phones_in: PhonesIn) -> None:
    house.directory.knows("Ada", "1")
    house.directory.knows("Bea", "2")
    house.directory.knows("Adam", "3")
    desk = await phones_in()
    await desk.presses("222#")
    await desk.is_told("Nobody is spelled like that")
    await desk.presses("23#")
    await desk.is_told("Several people begin like that. Ada: press 1. Bea: press 2. Adam: press 3.")


async def test_too_many_begin_like_that(house: House, phones_in: PhonesIn) -> None:
    for place, letter in enumerate("abcdefghijk"):
        house.directory.knows(f"Ann{letter}", f"1{place % 8 + 1}" if place < 8 else f"2{place - 7}")
    desk = await phones_in()
    await desk.presses("2266#")
    await desk.is_told("11 people begin like that. Type more letters")
    await desk.presses("5#")
    await desk.is_told("Annj: press 1. Annk: press 2.")
