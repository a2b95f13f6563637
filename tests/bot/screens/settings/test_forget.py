"""Leaving, by a word that must be typed; and what the help promises."""

from bot.app import SCREENS
from tests.bot.fake_desk import FakeDesk, Home
from tests.bot.person import Person


async def test_everything_is_deleted_by_the_typed_word_only(
    ada: Person, home: Home, desk: FakeDesk
) -> None:
    await ada.says("/forget")
    await ada.sees("please type: DELETE")
    await ada.says("yes")
    await ada.sees("Nothing was deleted.")
    await ada.says("DELETE")
    await ada.sees("I did not understand that.")
    assert desk.homes
    await ada.says("/forget")
    await ada.sees("please type: DELETE")
    await ada.says("delete")
    await ada.sees("Everything about you is deleted.")
    assert not desk.homes


async def test_the_help_says_no_emergency_calls_and_names_only_commands(
    ada: Person, home: Home
) -> None:
    await ada.says("/help")
    shown = await ada.sees("This bridge cannot make emergency calls.")
    commands = {screen.name for screen in SCREENS if screen.about}
    named = {line[1:].split()[0] for line in shown.text.splitlines() if line.startswith("/")}
    assert named <= commands
    assert len(named) >= 10
