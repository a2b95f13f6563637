"""The chat as people have it: the real application, an in-process Bot API, a house in memory."""

from collections.abc import AsyncIterator

import pytest

from bot.app import App, build, serving
from bot.terminal.messenger import Messenger
from bridge.settings import Settings
from tests.bot.fake_desk import FakeDesk, Home
from tests.bot.faults import Faults, FaultyBotApi
from tests.bot.person import Person


@pytest.fixture
def settings() -> Settings:
    return Settings(_env_file=None)


@pytest.fixture
def desk() -> FakeDesk:
    return FakeDesk()


@pytest.fixture
def messenger() -> Messenger:
    return Messenger()


@pytest.fixture
def faults() -> Faults:
    """Nothing is wrong with the way to Telegram until a test says so."""
    return Faults()


@pytest.fixture
async def app(
    settings: Settings, desk: FakeDesk, messenger: Messenger, faults: Faults
) -> AsyncIterator[App]:
    application = build(settings, desk, FaultyBotApi(messenger, faults))
    async with serving(application):
        yield application


@pytest.fixture
def ada(app: App, messenger: Messenger) -> Person:
    return Person(messenger, name="Ada", language="en")


@pytest.fixture
def home(ada: Person, desk: FakeDesk) -> Home:
    """What Ada has; she is the owner."""
    return desk.member(ada.number, "Ada")
