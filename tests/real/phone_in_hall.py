"""The household can be phoned: it has a number for that and a PIN, and Ada is its only contact."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bridge.api.commands.accounts import ChangeAccount, ListAccounts
from bridge.api.commands.calls import History
from bridge.api.commands.contacts import AddContact, ListContacts, RemoveContact
from bridge.api.commands.preferences import SetPin
from bridge.api.views import CallView
from bridge.terms import Direction
from tests.peers.baresip import Baresip
from tests.peers.kamailio import Account, Kamailio
from tests.peers.programs import until
from tests.peers.speech import Sound, say
from tests.real.household import ADA, Household

PHONE_IN, PIN = "4930555011", "7316"
ADA_ANSWERS = "This is Ada speaking. What a pleasure to hear you on an ordinary telephone."
ADAS_NAME = "Ada Lovelace"
INTRODUCTION = f"Your people. {ADAS_NAME}, telephone: press {{key}}."
QUESTION = f"{ADAS_NAME}? Press 1 or say yes. Press 2 or say no."


class Hall:
    """`number` is for phoning in, `ada` is at home; `adas_key` is her speed-dial number."""

    def __init__(self, home: Household, number: Account, ada: Baresip, adas_key: str) -> None:
        self.home, self.number, self.ada, self.adas_key = home, number, ada, adas_key

    async def phones_in(self, keys: str = f"{PIN}#") -> Baresip:
        desk = self.home.desk
        await desk.dial(self.number.uri)
        await desk.happens("established")
        await desk.press(keys)
        return desk

    async def introduction(self) -> Sound:
        """What is said in the room of the user's people."""
        return await self.home.spoken(INTRODUCTION.format(key=self.adas_key))

    async def question(self) -> Sound:
        """What is asked when her name was said."""
        return await self.home.spoken(QUESTION)

    @asynccontextmanager
    async def caller(self, jitter_frames: str = "5-10") -> AsyncIterator[Baresip]:
        """Somebody at a strange telephone, silent until he says something."""
        account = self.home.provider.account(ADA)
        async with Baresip(
            self.home.directory, "strange", account=account, jitter_frames=jitter_frames
        ) as phone:
            await phone.registered()
            yield phone

    async def records(self, direction: Direction, count: int) -> list[CallView]:
        """Those written since the test began; the newest first."""
        found: list[CallView] = []

        async def written() -> bool:
            asked = History(user=self.home.owner, limit=100)
            found[:] = [
                call
                for call in await self.home.front_desk.ask(asked)
                if call.direction is direction and call.id not in self.home._known
            ]
            return len(found) >= count

        await until(written, f"{count} records of {direction}")
        return found


@asynccontextmanager
async def phone_in_hall(home: Household) -> AsyncIterator[Hall]:
    number = await home.provider.add_user(PHONE_IN, "phone-in")
    await home.service.add_account(number)
    await may_be_phoned(home, number)
    async with ada_at_home(home.provider, home.directory) as ada:
        yield Hall(home, number, ada, await only_contact(home, ada.uri))


async def only_contact(home: Household, address: str) -> str:
    """Ada's speed-dial number: whom the tests of another file have known is nobody's now."""
    desk, owner = home.front_desk, home.owner
    for one in (await desk.ask(ListContacts(user=owner, limit=100))).contacts:
        await desk.ask(RemoveContact(user=owner, contact=one.id))
    ada = await desk.ask(AddContact(user=owner, name=ADAS_NAME, address=address))
    return ada.speed_dial


async def may_be_phoned(home: Household, number: Account) -> None:
    """With the PIN."""
    desk = home.front_desk
    for account in await desk.ask(ListAccounts(user=home.owner)):
        if number.user in account.address:
            change = ChangeAccount(user=home.owner, account=account.id, is_phone_in=True)
            await desk.ask(change)
    await desk.ask(SetPin(user=home.owner, pin=PIN))


@asynccontextmanager
async def ada_at_home(provider: Kamailio, directory: Path) -> AsyncIterator[Baresip]:
    """She has an address at the provider, and a telephone that speaks."""
    account = await provider.add_user("ada", "ada-at-home")
    async with Baresip(directory, "ada-at-home", account=account, speaks=say(ADA_ANSWERS)) as ada:
        await ada.registered()
        yield ada
