from collections.abc import AsyncIterator

import pytest
from telegram import Bot

from bot.terminal import TOKEN, Messenger
from tests.bot.faults import Faults, FaultyBotApi
from tests.bot.person import Person
from tests.bot.terminal.sample import polling


@pytest.fixture
def messenger() -> Messenger:
    return Messenger()


@pytest.fixture
async def ada(messenger: Messenger) -> AsyncIterator[Person]:
    """A person, with the sample bot at the other end."""
    person = Person(messenger, name="Ada")
    async with polling(messenger):
        yield person


@pytest.fixture
async def bot(messenger: Messenger, faults: Faults) -> AsyncIterator[Bot]:
    """The library's bot without an application: nobody takes the updates."""
    request = FaultyBotApi(messenger, faults)
    async with Bot(TOKEN, request=request, get_updates_request=request) as bot:
        yield bot


@pytest.fixture
async def eve(messenger: Messenger) -> Person:
    """A person who has started the chat and whom nobody answers."""
    person = Person(messenger, name="Eve")
    await person.says("/start")
    return person
