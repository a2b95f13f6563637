"""The chat put together: the screens, the library's application around them, and its life."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Sequence
from contextlib import asynccontextmanager
from typing import Any
from weakref import WeakValueDictionary

from telegram import BotCommand, BotCommandScopeAllPrivateChats, Update
from telegram.constants import ParseMode
from telegram.error import Conflict, TelegramError
from telegram.ext import (
    Application,
    ApplicationBuilder,
    BaseUpdateProcessor,
    CallbackQueryHandler,
    Defaults,
    MessageHandler,
    filters,
)
from telegram.request import BaseRequest, HTTPXRequest

from bot.access import Access
from bot.bot_state import BotState
from bot.constants import TOKEN
from bot.delivery import patiently
from bot.notices import Notices
from bot.router import Router
from bot.screen import Screen
from bot.screens import every_screen
from bot.wording.catalog import LANGUAGES
from bot.wording.texts import Words
from bridge.api.front_desk import FrontDesk
from bridge.settings import Settings

log = logging.getLogger(__name__)

SCREENS = every_screen()

AT_ONCE = 64
"""How many members are served at the same moment."""

PACE = 0.4
"""Seconds between two edits of a card: Telegram slows down a bot that is quicker for long."""

App = Application[Any, Any, Any, Any, Any, Any]


def build(
    host: Settings,
    desk: FrontDesk,
    request: BaseRequest | None = None,
    screens: Sequence[Screen] = SCREENS,
) -> App:
    """The chat on Telegram, or on `request` if one is given: the terminal, or a test."""
    builder = ApplicationBuilder().concurrent_updates(InTurn(AT_ONCE)).job_queue(None)
    builder = builder.defaults(Defaults(parse_mode=ParseMode.HTML))
    if request:
        builder = builder.token(TOKEN).request(request).get_updates_request(request)
    elif host.telegram_bot_token:
        builder = builder.token(host.telegram_bot_token.get_secret_value())
        builder = builder.request(HTTPXRequest(connection_pool_size=AT_ONCE))
    application: App = builder.build()
    state = BotState(desk, application.bot)
    router = Router(state, Access(desk), screens, host)
    private = filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE
    application.add_handler(MessageHandler(private, router.sent))
    application.add_handler(CallbackQueryHandler(router.pressed))
    application.add_error_handler(router.failed)
    pace = 0.0 if request else PACE
    application.bot_data["notices"] = Notices(state, screens, pace=pace)
    return application


@asynccontextmanager
async def serving(application: App) -> AsyncIterator[None]:
    """The chat is served as long as this lasts. Telegram may be away when it begins: it waits.

    Raises telegram.error.InvalidToken when Telegram does not know the token.
    """
    await patiently(application.initialize, sleep=asyncio.sleep)
    try:
        await application.start()
        polling = application.updater
        assert polling
        await polling.start_polling(
            allowed_updates=[Update.MESSAGE, Update.CALLBACK_QUERY],
            bootstrap_retries=-1,
            error_callback=_polling_failed,
        )
        tasks = [
            asyncio.create_task(application.bot_data["notices"].run()),
            asyncio.create_task(_register(application)),
        ]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await polling.stop()
            await application.stop()
    finally:
        await application.shutdown()


class InTurn(BaseUpdateProcessor):
    """What one person does is served in its order; different people do not wait for each other."""

    def __init__(self, at_once: int) -> None:
        super().__init__(at_once)
        self._turns: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        person = update.effective_user if isinstance(update, Update) else None
        turn = self._turns.setdefault(person.id if person else 0, asyncio.Lock())
        async with turn:
            await coroutine

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to let go."""


async def _register(application: App) -> None:
    try:
        await patiently(lambda: _set_commands(application), sleep=asyncio.sleep)
    except TelegramError as why:
        log.error("the commands could not be registered: %s", why)


async def _set_commands(application: App) -> None:
    """Per language; what Telegram shows to all others is English."""
    scope = BotCommandScopeAllPrivateChats()
    for spoken in LANGUAGES:
        words = Words.plain(spoken)
        commands = [
            BotCommand(screen.name, words.label(screen.about)) for screen in SCREENS if screen.about
        ]
        await application.bot.set_my_commands(commands, scope, language_code=spoken)
        if spoken == "en":
            await application.bot.set_my_commands(commands, scope)


def _polling_failed(why: TelegramError) -> None:
    """The library tries again by itself; one line is enough."""
    if isinstance(why, Conflict):
        log.error("another program uses this bot's token; stop one of the two")
    else:
        log.warning("Telegram cannot be reached: %s", why)
