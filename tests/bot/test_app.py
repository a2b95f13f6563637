"""The life of the chat: beginning, ending, beginning again; commands; everybody in their turn."""

import asyncio
import logging

import pytest
from telegram.error import InvalidToken

from bot.app import build, serving
from bot.terminal.api import BotApi
from bot.terminal.messenger import Messenger
from bridge.api.commands.access import GetUser
from bridge.api.commands.phones import ListPhones
from bridge.api.events import CallsLost
from bridge.settings import Settings
from tests.bot.fake_desk import FakeDesk, Home
from tests.bot.faults import Faults, FaultyBotApi
from tests.bot.person import Person


async def test_what_a_dead_bot_did_not_deliver_is_told_by_the_next(
    settings: Settings, desk: FakeDesk, messenger: Messenger, faults: Faults
) -> None:
    ada = Person(messenger, name="Ada")
    ada.chat.started = True
    home = desk.member(ada.number)
    faults.lose_requests(10**6, method="sendMessage")
    async with serving(build(settings, desk, FaultyBotApi(messenger, faults))):
        desk.tell(CallsLost(user=home.user.id, calls=1))
        await desk.hears(GetUser)
    assert desk.acknowledged == 0
    faults.clear()
    async with serving(build(settings, desk, FaultyBotApi(messenger, faults))):
        await ada.sees("a running call was cut off")
        await desk.acknowledges(1)


async def test_telegram_away_at_the_beginning(
    settings: Settings,
    desk: FakeDesk,
    messenger: Messenger,
    faults: Faults,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.app.asyncio.sleep", lambda seconds: real_sleep(0))
    faults.lose_requests(3, method="getMe")
    async with serving(build(settings, desk, FaultyBotApi(messenger, faults))):
        ada = Person(messenger)
        desk.member(ada.number)
        await ada.says("/help")
        await ada.sees("Your telephone bridge")


real_sleep = asyncio.sleep


async def test_a_token_that_telegram_does_not_know(
    settings: Settings, desk: FakeDesk, messenger: Messenger, faults: Faults
) -> None:
    faults.refuse(401, "Unauthorized", method="getMe")
    with pytest.raises(InvalidToken):
        async with serving(build(settings, desk, FaultyBotApi(messenger, faults))):
            pass


async def test_commands_are_registered_in_both_languages(ada: Person, messenger: Messenger) -> None:
    await messenger.quiet()
    english = messenger.commands[("all_private_chats", "en")]
    german = messenger.commands[("all_private_chats", "de")]
    assert messenger.commands[("all_private_chats", "")] == english
    assert [one["command"] for one in english] == [one["command"] for one in german]
    assert {"start", "phones", "accounts", "calls", "voicemail", "status", "test"} <= {
        one["command"] for one in english
    }
    told = {one["command"]: one["description"] for one in german}
    assert told["phones"] == "Deine Telefone"


async def test_one_person_is_served_in_turn_and_nobody_waits_for_another(
    ada: Person, home: Home, desk: FakeDesk, messenger: Messenger
) -> None:
    otto = Person(messenger, name="Otto")
    desk.member(otto.number, "Otto", owner=False)
    gate = asyncio.Event()
    ask = desk.ask

    async def slowly(command):  # type: ignore[no-untyped-def]
        if isinstance(command, ListPhones) and command.user == home.user.id:
            await gate.wait()
        return await ask(command)

    desk.ask = slowly  # type: ignore[method-assign]
    try:
        await ada.says("/phones")
        await ada.says("/help")
        await otto.says("/phones")
        await otto.sees("You have none yet.")
        assert not [message for message in ada.screen if message.by_bot]
    finally:
        gate.set()
    await ada.sees("Your telephone bridge")
    shown = [message.text for message in ada.screen if message.by_bot]
    assert shown[0].startswith("Your phones")


async def test_the_token_is_not_logged(
    settings: Settings, desk: FakeDesk, messenger: Messenger, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        async with serving(build(settings, desk, BotApi(messenger))):
            pass
    assert "bot1:" not in caplog.text
