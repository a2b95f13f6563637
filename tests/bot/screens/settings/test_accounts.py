"""The accounts: how they are, switching, renaming, removing."""

import pytest

from bridge.api.commands.accounts import BeginSignIn, ChangeAccount
from bridge.api.events import HealthChanged
from bridge.terms import Health
from tests.bot.fake_desk import FakeDesk, Home
from tests.bot.person import Person


async def test_an_account_tells_how_it_is_and_what_to_do(
    ada: Person, home: Home, desk: FakeDesk
) -> None:
    desk.account(home, health=Health.NEEDS_SIGN_IN, reason="wrong_password")
    await ada.says("/accounts")
    await ada.sees("✗ Work: needs you to sign in again")
    await ada.presses("Work")
    shown = await ada.sees("The provider does not accept this user name and password.")
    assert "ada@sip.example, since " in shown.text
    assert "Sign in again" in [button["text"] for button in shown.buttons]


async def test_switching_renaming_and_the_trunk(ada: Person, home: Home, desk: FakeDesk) -> None:
    desk.account(home)
    await ada.says("/accounts")
    await ada.presses("Work")
    await ada.presses("Switch off")
    await ada.sees("– Work: switched off")
    await ada.presses("Switch on")
    await ada.sees("… Work: signing in")
    await ada.presses("Call my phones through it")
    await ada.sees("Your phones are called through this account.")
    assert desk.last(ChangeAccount).is_trunk is True
    await ada.presses("Do not call my phones through it")
    await ada.presses("Rename")
    await ada.sees("Please type the new name")
    await ada.says("Landline")
    await ada.sees("… Landline: signing in")


async def test_only_a_sip_account_can_call_phones(ada: Person, home: Home, desk: FakeDesk) -> None:
    account = desk.account(home)
    home.accounts = [account.model_copy(update={"network": "xmpp"})]
    await ada.says("/accounts")
    await ada.presses("Work")
    shown = await ada.sees("Rename")
    assert not [button for button in shown.buttons if "phones" in button["text"]]


async def test_removing_is_confirmed(ada: Person, home: Home, desk: FakeDesk) -> None:
    desk.account(home)
    await ada.says("/accounts")
    await ada.presses("Work")
    await ada.presses("Remove")
    await ada.presses("No, keep it")
    await ada.sees("✓ Work: ready")
    await ada.presses("Remove")
    await ada.sees("Remove Work?")
    assert home.accounts
    await ada.presses("Yes, remove it")
    await ada.sees("You have none yet.")
    assert not home.accounts


@pytest.mark.parametrize(
    ("health", "reason", "said"),
    [
        (Health.OFFLINE, "not_registered_timeout", "sip.example does not answer."),
        (Health.READY, "", "✓ Work: ready"),
        (Health.BROKEN, "", "This is a fault of the bridge."),
        (Health.NEEDS_SIGN_IN, "wrong_password", "Sign in again"),
    ],
)
async def test_a_change_of_health_is_told(
    ada: Person, home: Home, desk: FakeDesk, health: Health, reason: str, said: str
) -> None:
    account = desk.account(home, health=health, reason=reason, facts={"host": "sip.example"})
    await ada.says("/accounts")
    await ada.sees("Your accounts")
    desk.tell(HealthChanged(user=home.user.id, account=account, was=Health.READY))
    await ada.sees("Show the account")
    await ada.sees(said)


async def test_signing_in_again_names_the_account(ada: Person, home: Home, desk: FakeDesk) -> None:
    account = desk.account(home, health=Health.NEEDS_SIGN_IN)
    await ada.says("/accounts")
    await ada.presses("Work")
    await ada.presses("Sign in again")
    await ada.sees("Let us set up the account")
    begun = desk.last(BeginSignIn)
    assert (begun.network, begun.account) == ("sip", account.id)
