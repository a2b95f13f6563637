"""What this is, and every command there is."""

import pytest

from bot.app import SCREENS
from bot.terminal.messenger import Messenger
from tests.bot.fake_desk import FakeDesk, Home
from tests.bot.person import Person

COMMANDS = {screen.name for screen in SCREENS if screen.about} - {"start", "help"}


@pytest.mark.parametrize("command", sorted(COMMANDS))
async def test_every_command_is_in_the_help(ada: Person, home: Home, command: str) -> None:
    await ada.says("/help")
    await ada.sees(f"/{command} –")


async def test_only_the_owner_is_told_of_invitations(
    home: Home, messenger: Messenger, desk: FakeDesk
) -> None:
    guest = Person(messenger, name="Grace", language="en")
    desk.member(guest.number, "Grace", owner=False)
    await guest.says("/help")
    shown = await guest.sees("/phones –")
    assert "/members" not in shown.text
