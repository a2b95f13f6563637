"""Radio by chat: stations and their programmes."""

import re
from datetime import time
from pathlib import Path

import pytest

from bridge.api.commands.radio import AddProgramme, AddStation, CallStation
from bridge.api.listening_views import Times
from tests.bot.fake_desk import FakeDesk, Home
from tests.bot.fake_shelf import Shelf
from tests.bot.person import Person


@pytest.fixture
async def shelf(ada: Person, home: Home, desk: FakeDesk) -> Shelf:
    await ada.says("/help")
    await ada.sees("Your telephone bridge")
    return desk.shelf(home.user.id)


async def opened(ada: Person, station: str = "Radio Eins") -> None:
    await ada.says("/radio")
    await ada.presses(station)
    await ada.sees("radio.example/eins.mp3")


async def test_a_station_is_added(ada: Person, desk: FakeDesk, shelf: Shelf) -> None:
    await ada.says("/radio")
    await ada.sees("There is no station yet.")
    await ada.presses("Add a station")
    await ada.says("Radio Eins")
    await ada.says("the first one")
    await ada.sees("Please try once more, or send /cancel.")
    await ada.says("radio.example/eins.mp3")
    await ada.sees("Radio Eins")
    assert desk.last(AddStation).name == "Radio Eins"


async def test_a_station_is_called_for_renamed_and_removed(
    ada: Person, home: Home, desk: FakeDesk, shelf: Shelf
) -> None:
    station = shelf.station()
    await opened(ada)
    await ada.presses("Call me now")
    await ada.sees("No phone of yours rings.")
    desk.phone(home)
    await opened(ada)
    await ada.presses("Call me now")
    await ada.sees("I call you now.")
    assert desk.last(CallStation).station == station.id
    await ada.presses("Back")
    await ada.presses("Rename")
    await ada.says("Eins")
    await opened(ada, "Eins")
    await ada.presses("Remove")
    await ada.presses("Yes, remove it")
    await ada.sees("There is no station yet.")


async def test_a_programme_by_weekday_and_time(ada: Person, desk: FakeDesk, shelf: Shelf) -> None:
    shelf.station()
    await opened(ada)
    await ada.presses("Add a programme")
    await ada.says("Sun 11:05")
    await ada.sees("How long shall I play it?")
    await ada.presses("60 min")
    shown = await ada.sees("It begins: 11:05, Sun.")
    assert "I play it for 60 minutes." in shown.text
    assert re.search(r"Next time: .*11:05", shown.text)
    assert desk.last(AddProgramme).times == Times(weekdays=frozenset({6}), at=time(11, 5))


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("5 11 * * 0", "by cron: 5 11 * * 0"),
        ("https://radio.example/programme.ics", "by its calendar"),
    ],
)
async def test_a_programme_by_cron_or_calendar(
    ada: Person, shelf: Shelf, typed: str, told: str
) -> None:
    shelf.station()
    await opened(ada)
    await ada.presses("Add a programme")
    await ada.says(typed)
    await ada.presses("Until I hang up")
    shown = await ada.sees(told)
    assert "until you hang up" in shown.text


async def test_a_programme_by_a_calendar_file(ada: Person, shelf: Shelf, tmp_path: Path) -> None:
    shelf.station()
    file = tmp_path / "programme.ics"
    await opened(ada)
    await ada.presses("Add a programme")
    file.write_text("Dear Ada")
    await ada.sends_file(file)
    await ada.sees("Please try once more, or send /cancel.")
    file.write_text("BEGIN:VCALENDAR\nEND:VCALENDAR\n")
    await ada.sends_file(file)
    await ada.sees("How long shall I play it?")


async def test_what_cannot_be_understood_is_asked_for_again(ada: Person, shelf: Shelf) -> None:
    shelf.station()
    await opened(ada)
    await ada.presses("Add a programme")
    await ada.says("whenever you like it")
    await ada.sees("Please try once more, or send /cancel.")
    assert shelf.programmes == []


async def test_a_programme_is_named_switched_and_removed(
    ada: Person, desk: FakeDesk, shelf: Shelf
) -> None:
    shelf.station()
    await opened(ada)
    await ada.presses("Add a programme")
    await ada.says("Sun 11:05")
    await ada.presses("30 min")
    await ada.presses("Name")
    await ada.says("Sunday jazz")
    await ada.sees("Sunday jazz\nRadio Eins")
    await ada.presses("Switch off")
    await ada.sees("I do not call you.")
    await ada.presses("Programmes")
    await ada.presses("Sunday jazz, switched off")
    await ada.presses("Switch on")
    await ada.presses("Remove")
    await ada.sees("I do not call you for it any more.")
    await ada.presses("Yes, remove it")
    await ada.sees("There is none yet. Choose a station and add one.")
