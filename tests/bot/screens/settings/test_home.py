"""Coming in, and the main menu."""

from bridge.api.preferences import Preferences
from tests.bot.fake_desk import FakeDesk, Home
from tests.bot.person import Person


async def test_the_menu_says_what_is_missing_first(ada: Person, home: Home, desk: FakeDesk) -> None:
    await ada.says("/start")
    await ada.sees("First add and verify the phone")
    desk.phone(home)
    await ada.says("/start")
    await ada.sees("Now add an account")
    desk.account(home)
    await ada.says("/start")
    await ada.sees("1 phone rings when somebody calls you.\nAccounts ready: 1 of 1.")


async def test_phones_that_do_not_ring_are_told_first(
    ada: Person, home: Home, desk: FakeDesk
) -> None:
    desk.phone(home)
    desk.account(home)
    home.settings = home.settings.model_copy(update={"preferences": Preferences(forwarding=False)})
    await ada.says("/start")
    shown = await ada.sees("Hello Ada.\n⚠ Your phones do not ring.")
    assert shown.buttons[0]["text"] == "Let my phones ring again"
    await ada.presses("Let my phones ring again")
    await ada.sees("1 phone rings when somebody calls you.")
    assert home.settings.preferences.forwarding
