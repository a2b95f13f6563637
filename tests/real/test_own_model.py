"""A house whose host supplied a model: German words are understood, and messages written down.

The engine stands in for Vosk; its model always hears the same.
"""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from bridge.api.commands.accounts import ChangeAccount, ListAccounts
from bridge.api.commands.calls import ListVoicemails
from bridge.api.commands.contacts import AddContact
from bridge.api.commands.preferences import ChangeSettings, SetPin
from tests.peers.baresip import Baresip
from tests.peers.speech import say
from tests.real.household import ADA, Household, picks_up
from tests.real.service import REPOSITORY

STAND_IN = REPOSITORY / "tests" / "bridge" / "audio" / "speech" / "stand_in"
PHONE_IN, PIN, HEARD = "4930555011", "7316", "ada lovelace"


@pytest_asyncio.fixture
async def german(tmp_path: Path) -> AsyncIterator[Household]:
    model = tmp_path / "model"
    model.mkdir()
    (model / "says.txt").write_text(HEARD)
    paths = filter(None, [str(STAND_IN), os.environ.get("PYTHONPATH")])
    settings = {
        "SPEECH_ENGINE": "vosk",
        "SPEECH_MODEL": str(model),
        "SPEECH_LANGUAGES": "de",
        "PYTHONPATH": os.pathsep.join(paths),
    }
    async with Household(tmp_path / "home", **settings) as home:
        yield home


async def speaks_german(home: Household) -> None:
    """From now on; it was set up in English, by buttons with English labels."""
    await home.front_desk.ask(ChangeSettings(user=home.owner, language="de"))


async def test_a_message_is_written_down_under_its_note(german: Household) -> None:
    await speaks_german(german)
    await german.rings()
    async with german.friend(talks=30) as ada:
        await ada.dial(german.number.uri)
        await ada.happens("established", timeout=20)
        await german.service.sees("hinterlässt")
        await german.is_recording(seconds=german.ada_says.seconds + 6)
        await ada.hang_up()
    await german.service.sees("Nachricht von Ada Lovelace")
    await german.service.sees("Von einer Maschine mitgeschrieben")
    [kept] = await german.front_desk.ask(ListVoicemails(user=german.owner))
    assert kept.transcript == HEARD


async def test_a_contact_is_called_by_her_name_in_german(german: Household) -> None:
    desk = german.front_desk
    number = await german.provider.add_user(PHONE_IN, "phone-in")
    await german.service.add_account(number)
    await speaks_german(german)
    for account in await desk.ask(ListAccounts(user=german.owner)):
        if PHONE_IN in account.address:
            change = ChangeAccount(user=german.owner, account=account.id, is_phone_in=True)
            await desk.ask(change)
    await desk.ask(SetPin(user=german.owner, pin=PIN))
    at_home = await german.provider.add_user("ada", "ada-at-home")
    async with (
        Baresip(german.directory, "ada-at-home", account=at_home) as ada,
        Baresip(german.directory, "strange", account=german.provider.account(ADA)) as phone,
    ):
        await ada.registered()
        await phone.registered()
        await desk.ask(AddContact(user=german.owner, name="Ada Lovelace", address=ada.uri))
        await phone.dial(number.uri)
        await phone.happens("established")
        await phone.press(f"{PIN}#1")
        people = "Deine Leute. Ada Lovelace, Telefon: Drücke 1."
        await phone.hears(await german.spoken(people, "de"), 20)
        await phone.says(say("Ada Lovelace", "de"))
        question = "Ada Lovelace? Drücke 1 oder sage ja. Drücke 2 oder sage nein."
        await phone.hears(await german.spoken(question, "de"), 20)
        await phone.press("1")
        await picks_up(ada)
        await ada.hang_up()
        await phone.hang_up()
