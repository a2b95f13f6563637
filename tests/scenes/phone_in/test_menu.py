"""The menu: keys, words, patience."""

import pytest

from bridge.calls.ivr.ivr import FAILURES, MORE_DIGITS, PATIENCE
from bridge.terms import Cause
from tests.fakes import SECONDS_A_WORD, now
from tests.house import House
from tests.people import until
from tests.scenes.phone_in.conftest import PhonesIn


async def test_it_says_which_key_leads_where(house: House, phones_in: PhonesIn) -> None:
    desk = await phones_in()
    for words in ("your people, press 1", "your messages, press 3", "settings, press 5"):
        assert words in desk.was_told()[-1]


async def test_a_key_interrupts_at_once(house: House, phones_in: PhonesIn) -> None:
    desk = await phones_in()
    await house.later(0.3)
    before = house.mixer.played[-1]
    await desk.presses("6")
    assert before.cut
    await desk.is_told("No new messages", within=0.2)


async def test_who_knows_the_way_types_ahead(house: House, phones_in: PhonesIn) -> None:
    house.directory.knows("Ada", "1")
    ada = await house.online("Ada")
    desk = await phones_in(pin=None)
    await desk.presses("2468#11")
    await ada.is_ringing()
    assert not any("Main menu" in text for text in desk.was_told())


async def test_0_says_it_again(house: House, phones_in: PhonesIn) -> None:
    desk = await phones_in()
    await house.later(1)
    await desk.presses("0")
    await house.later(0.2)
    assert [text.startswith("Main menu") for text in desk.was_told()[-2:]] == [True, True]


async def test_9_helps(house: House, phones_in: PhonesIn) -> None:
    desk = await phones_in()
    await desk.presses("9")
    await desk.is_told("Zero says it again")
    await desk.is_told("You can also say it")


async def test_9_says_where_only_keys_are_understood(house: House, phones_in: PhonesIn) -> None:
    house.recognizer.able = frozenset()
    desk = await phones_in()
    await desk.presses("9")
    await desk.is_told("only keys are understood")


async def test_9_speaks_of_words_only_where_there_are_some(
    house: House, phones_in: PhonesIn
) -> None:
    house.directory.knows("Ada", "1")
    desk = await phones_in()
    await desk.presses("1")
    await desk.is_told("Your people")
    await desk.presses("9")
    await desk.is_told("press it. Zero says it again, star goes back, hash goes on. You can also")
    await desk.presses("*")
    await desk.is_told("Main menu")
    await desk.presses("5")
    await desk.is_told("Settings")
    await desk.presses("9")
    await desk.is_told("only keys are understood")


async def test_star_goes_back(house: House, phones_in: PhonesIn) -> None:
    desk = await phones_in()
    await desk.presses("5")
    await desk.is_told("Settings")
    await desk.presses("*")
    await house.later(0.2)
    assert desk.was_told()[-1].startswith("Main menu")


async def test_a_key_that_leads_nowhere_is_told_politely(house: House, phones_in: PhonesIn) -> None:
    desk = await phones_in()
    await desk.presses("8")
    await desk.is_told("There is no 8 here. Main menu")


@pytest.mark.parametrize("key", ["8", ""])
async def test_three_failures_in_a_row_end_it(house: House, phones_in: PhonesIn, key: str) -> None:
    desk = await phones_in()
    for _ in range(FAILURES):
        await desk.presses(key)
        await house.later(20 if not key else 3)
    await desk.is_told("I hang up now. Goodbye.", within=30)
    await desk.is_gone(Cause.NORMAL, within=10)
    assert house.last_cdr.cause == Cause.NORMAL.word


async def test_a_right_key_makes_up_for_wrong_ones(house: House, phones_in: PhonesIn) -> None:
    desk = await phones_in()
    for _ in range(3):
        await desk.presses("88")
        await desk.presses("5*")
    await house.later(1)
    assert not desk.on_the_line.over
    assert not any("Goodbye" in text for text in desk.was_told())


async def test_the_patience_begins_when_all_is_said(house: House, phones_in: PhonesIn) -> None:
    desk = await phones_in()
    await house.later(PATIENCE + 3)  # the menu takes longer than that to say
    assert len([text for text in desk.was_told() if "Main menu" in text]) == 1


async def test_words_lead_on_too(house: House, phones_in: PhonesIn) -> None:
    desk = await phones_in()
    await house.later(20)  # all was said, and again
    await until(lambda: not _speaks(house), "silence", within=20)
    await desk.says("settings")
    await desk.is_told("Settings.")


async def test_who_speaks_does_not_wait_for_the_engine(house: House, phones_in: PhonesIn) -> None:
    """It comes up while he speaks; and not for somebody who only presses keys."""
    house.subscriber.change(barge_in=True)
    desk = await phones_in()
    await desk.presses("9")
    await house.later(1)
    assert not house.recognizer.warmed
    await desk.says("mumble")
    assert house.recognizer.warmed == 1


async def test_words_over_the_prompt_may_be_our_own_echo(house: House, phones_in: PhonesIn) -> None:
    desk = await phones_in()
    await house.later(1)
    await desk.says("settings")
    await house.later(2)
    assert not any("Settings" in text for text in desk.was_told()[-1:])


async def test_words_interrupt_where_the_user_wants_it(house: House, phones_in: PhonesIn) -> None:
    house.subscriber.change(barge_in=True)
    desk = await phones_in()
    await house.later(1)
    prompt = house.mixer.played[-1]
    await desk.says("settings")
    assert prompt.cut
    await desk.is_told("Settings.")


async def test_words_that_nobody_understands_are_told(house: House, phones_in: PhonesIn) -> None:
    house.subscriber.change(barge_in=True)
    house.recognizer.mishears["mumble"] = {}
    desk = await phones_in()
    await desk.says("mumble")
    await desk.is_told("I did not understand that. Main menu")


async def test_nobody_listens_where_the_user_does_not_want_it(
    house: House, phones_in: PhonesIn
) -> None:
    house.subscriber.change(voice=False, barge_in=True)
    desk = await phones_in()
    assert house.mixer.ears == {}
    await desk.presses("9")
    await desk.is_told("only keys are understood")


async def test_a_number_that_may_go_on_is_waited_for(house: House, phones_in: PhonesIn) -> None:
    house.directory.knows("Ada", "1")
    house.directory.knows("Ben", "12")
    desk = await phones_in()
    await desk.presses("1")
    await desk.is_told("Your people")
    await desk.presses("1")
    await house.later(MORE_DIGITS / 2)
    assert not any("Calling" in text for text in desk.was_told())
    await house.later(MORE_DIGITS)
    await desk.is_told("Ada cannot be reached at the moment")  # nobody of this name is there
    await desk.presses("12")
    await desk.is_told("Ben cannot be reached at the moment", within=1)


async def test_a_star_takes_back_half_a_number(house: House, phones_in: PhonesIn) -> None:
    house.directory.knows("Ada", "1")
    house.directory.knows("Ben", "12")
    desk = await phones_in()
    await desk.presses("1")
    await desk.is_told("Your people")
    await desk.presses("1*")
    await house.later(MORE_DIGITS + 1)
    assert desk.was_told()[-1].startswith("Your people")
    assert not any("There is no" in text for text in desk.was_told())


async def test_a_number_is_not_lost_to_a_word(house: House, phones_in: PhonesIn) -> None:
    """A television speaks while he types."""
    house.subscriber.change(barge_in=True)
    house.directory.knows("Ada", "1")
    house.directory.knows("Ben", "12")
    desk = await phones_in()
    await desk.presses("1")
    await desk.is_told("Your people")
    await desk.presses("1")
    await desk.says("Ben")
    await desk.is_told("Ada cannot be reached at the moment", within=MORE_DIGITS + 1)


async def test_a_word_makes_up_for_failures(house: House, phones_in: PhonesIn) -> None:
    house.subscriber.change(barge_in=True)
    desk = await phones_in()
    await desk.presses("88")
    await desk.says("settings")
    await desk.is_told("Settings.")
    await desk.presses("88")
    await house.later(1)
    assert not any("Goodbye" in text for text in desk.was_told())


def _speaks(house: House) -> bool:
    """The house, at this moment."""
    last = house.mixer.played[-1]
    over = last.at + SECONDS_A_WORD * len(last.text.split())
    return not last.cut and now() < over
