"""Calls that the house makes to the user's own phone: the test call, and proving a phone."""

import pytest

from bridge.api.commands.phones import ListPhones, RemovePhone
from tests.peers.baresip import Baresip
from tests.peers.hearing import heard_sentence
from tests.peers.speech import load
from tests.real.household import Household

pytestmark = pytest.mark.asyncio(loop_scope="package")

QUESTION = "If you heard yourself, press 1, if not, press 2."


async def test_a_test_call_plays_back_what_is_said_and_reports(home: Household) -> None:
    await home.service.says("/test")
    await home.service.sees("Which phone shall I call")
    await home.service.presses("Desk")
    await home.service.presses("Call Desk now")
    await home.desk.happens("incoming")
    await home.desk.answer()
    await home.desk.happens("established")
    await home.desk.hears(await home.spoken(QUESTION), timeout=30)
    assert any(heard_sentence(third, load(home.desk.heard())) for third in home.desk_says.parts(3))
    await home.desk.press("142#")
    await home.desk.happens("closed", timeout=20)
    report = await home.service.sees("Test call to Desk")
    assert "I heard you." in report
    assert "You heard me." in report
    assert "Keys received: 142" in report
    assert "PCMA" in report
    assert "Everything works in both directions." in report


async def test_a_phone_that_types_wrong_digits_three_times_must_rest(home: Household) -> None:
    async with Baresip(home.directory, "cellar") as cellar:
        digits = await home.service.calls_to_prove("Cellar", cellar)
        wrong = digits[1:] + ("0" if digits[-1] != "0" else "1")
        await cellar.happens("incoming")
        await cellar.answer()
        await cellar.happens("established")
        for _ in range(3):
            await cellar.press(wrong)
        await cellar.happens("closed", timeout=30)
        told = await home.service.sees("Cellar could not be verified: too many tries.")
        assert "You can try again from" in told
        cellar.forget()
        await home.service.says("/phones")
        await home.service.sees("Cellar")
        await home.service.presses("Cellar")
        await home.service.sees("Too many tries.")
        assert cellar.is_quiet
    await remove(home, "Cellar")


async def remove(home: Household, label: str) -> None:
    phones = await home.front_desk.ask(ListPhones(user=home.owner))
    [phone] = [one for one in phones if one.label == label]
    await home.front_desk.ask(RemovePhone(user=home.owner, phone=phone.id))
