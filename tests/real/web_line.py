"""An account of a web app in the family's house, and a friend who uses the same app.

The account is set up by chat as a person would: numbers on pictures, what is typed is typed.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bridge.api.commands.accounts import ChangeAccount, ListAccounts, RemoveAccount
from bridge.api.views import AccountView
from bridge.connectors.desktop.sandbox.network import HOUSE
from tests.bridge.connectors.desktop.namespaces import namespaces_are_needed
from tests.peers.programs import until
from tests.peers.speech import Sound
from tests.peers.web_telephone import WebTelephone
from tests.real.household import Household, accepts
from tests.real.readiness import accounts_are_ready
from tests.real.service import Service
from tests.real.web_friend import CLEAR, WebFriend

ME, ADA = "me", "ada"
PASSWORD = "nobody knows it"
_PICTURES = 60.0
"""Seconds for a browser to start, and to be looked at."""


async def add_web_account(chat: Service, address: str, program: str = "Web app") -> None:
    """From the list of accounts to the last picture."""
    await chat.says("/accounts")
    await chat.sees("Add an account")
    await chat.presses("Add an account")
    await chat.sees("On which network")
    await chat.presses("Program or web app")
    await chat.sees("Which program?")
    await chat.presses(program)
    await chat.sees("The web app's address")
    await chat.says(address)
    await sign_in(chat)


async def sign_in(chat: Service) -> None:
    """At the sign-in page: name, password, button."""
    for number, typed in (("1", ME), ("2", PASSWORD)):
        await chat.sees("Where shall I click?", _PICTURES)
        await chat.presses(number)
        await chat.sees("What shall I type there?")
        await chat.says(typed)
    await chat.sees("Where shall I click?")
    await chat.presses("3")
    await chat.sees("is set up")


@dataclass
class WebLine:
    """`me` of the web app, served in the house; and Ada, in her own browser."""

    home: Household
    app: WebTelephone
    ada: WebFriend
    account: AccountView

    async def is_ready(self, within: float = 15.0) -> None:
        """Signed in, with the page open; and the house says so."""

        await accounts_are_ready(self.home.service, within)
        await until(partial(self._is_here, True), "the page to be open")

    async def begins_anew(self) -> None:
        """Without the pauses that grow when a session is lost again and again."""
        for on in (False, True):
            change = ChangeAccount(user=self.home.owner, account=self.account.id, enabled=on)
            await self.home.front_desk.ask(change)
            await until(
                lambda on=on: self.app.is_here(ME) is on, "the app's page to come or go", 40
            )
        await self.is_ready()

    def _is_here(self, on: bool) -> bool:
        return self.app.is_here(ME) is on

    async def rings(self) -> None:
        """Ada calls, and the desk phone rings with her name."""
        await self.home.rings("Desk")
        await self.ada.calls(ME)
        shown = await self.home.desk.happens("incoming", timeout=20)
        assert shown.display_name == ADA

    async def talks(self) -> None:
        """She is taken, and heard."""
        await self.rings()
        await accepts(self.home.desk)
        await self.ada.is_answered()
        # she says it again and again: on a busy machine the browsers' buffers take their time
        await self.home.desk.hears(self.ada.says, 45, enough=CLEAR)


@asynccontextmanager
async def web_line(
    home: Household, directory: Path, says: Sound, program: str = "Web app"
) -> AsyncIterator[WebLine]:
    """It is removed again afterwards."""
    namespaces_are_needed()
    async with (
        WebTelephone(directory / "app", {ME: PASSWORD, ADA: "lovelace"}) as app,
        WebFriend(directory / "ada", app, ADA, says) as ada,
    ):
        before = {one.id for one in await home.front_desk.ask(ListAccounts(user=home.owner))}
        await add_web_account(home.service, app.page(HOUSE), program)
        accounts = await home.front_desk.ask(ListAccounts(user=home.owner))
        [account] = [one for one in accounts if one.id not in before]
        line = WebLine(home, app, ada, account)
        await line.is_ready()
        yield line
        await home.front_desk.ask(RemoveAccount(user=home.owner, account=account.id))
