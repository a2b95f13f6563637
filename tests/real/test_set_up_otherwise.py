"""Houses that are not the default: another database, another language, the chat as a program of
its own.
"""

import signal
from pathlib import Path

import pytest

from bridge.terms import Cause
from tests.peers.fixtures import postgres, postgres_database
from tests.peers.programs import until
from tests.real.apart import ChatApart
from tests.real.household import Household
from tests.real.service import Service

__all__ = ["postgres", "postgres_database"]

ANNOUNCED = (
    "Anruf von Ada Lovelace über Telefon. Drücke 1 zum Annehmen, 2 für den Anrufbeantworter, "
    "3 zum Ablehnen."
)


async def test_a_call_with_postgresql(tmp_path: Path, postgres_database: str) -> None:
    async with Household(tmp_path, DATABASE_URL=postgres_database) as home:
        await home.still_works()
        assert not list((tmp_path / "house").glob("*.db"))


async def test_the_chat_may_die_in_a_call_and_tells_its_end_when_it_is_back(
    tmp_path: Path,
) -> None:
    async with Household(tmp_path, ChatApart) as home, home.friend() as ada:
        await home.talks_to(ada)
        home.service.signal(signal.SIGKILL)
        await until(lambda: not home.service.alive, "the chat to be dead")
        await home.desk.press("5")
        await ada.pressed("5")
        assert ada.is_talking
        await ada.hang_up()
        await home.desk.happens("closed")
        call = await home.record()
        assert (call.answered_on, call.cause) == ("Desk", Cause.NORMAL.word)
        await home.service.restart()
        await home.service.sees("Answered on Desk")


async def test_a_german_terminal_gets_a_german_house(tmp_path: Path) -> None:
    async with Service(tmp_path, "de") as house:
        await house.claim()
        await house.sees("Hallo ")
        await house.says("/phones")
        await house.sees("Telefon hinzufügen")


@pytest.mark.asyncio(loop_scope="package")
async def test_who_chooses_german_is_called_in_german(home: Household) -> None:
    await home.rings("Desk")
    await home.service.says("/language")
    await home.service.presses("Deutsch")
    await home.service.sees("Ab jetzt spreche ich Deutsch.")
    async with home.friend() as ada:
        await ada.dial(home.number.uri)
        await home.desk.happens("incoming")
        await home.service.sees("Anruf von Ada Lovelace")
        await home.service.sees("Desk: klingelt")
        await home.desk.answer()
        await home.desk.happens("established")
        await home.desk.hears(await home.spoken(ANNOUNCED, "de"))
        await home.desk.press("1")
        await home.service.sees("Im Gespräch: Desk")
        await ada.happens("established")
        await ada.hang_up()
        await home.desk.happens("closed")
    await home.service.sees("Angenommen: Desk, 0:")
    await home.service.says("/language")
    await home.service.presses("English")
    await home.service.sees("From now on I speak English.")
