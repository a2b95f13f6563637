"""`python -m bot`: the chat, on Telegram with TELEGRAM_BOT_TOKEN, else in this terminal."""

import asyncio
import logging
import signal
import sys

from telegram.error import InvalidToken

from bot.app import build, serving
from bot.visit import Desk
from bridge.control.client import Client
from bridge.errors import SetupFault
from bridge.settings import Settings, load


def main() -> int:
    try:
        settings = load()
        logging.basicConfig(
            level=settings.log_level, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
        )
        # their everyday lines hold the address of the Bot API, which holds the token
        for library in ("httpx", "httpcore", "telegram"):
            logging.getLogger(library).setLevel(logging.WARNING)
        if settings.telegram_bot_token is None:
            from bot.terminal.__main__ import main as terminal

            return terminal()
        return asyncio.run(serve(settings))
    except SetupFault as why:
        print(f"{why} {why.facts.get('remedy', '')}".strip(), file=sys.stderr)
    except InvalidToken:
        print(
            "Telegram does not know the token in TELEGRAM_BOT_TOKEN. "
            "Copy it again from @BotFather into .env.",
            file=sys.stderr,
        )
    return 2


async def serve(settings: Settings) -> int:
    """The chat on Telegram until SIGTERM or Ctrl-C; running calls do not notice its end."""
    desk = Client(settings)
    chat = asyncio.create_task(_chat(settings, desk))
    loop = asyncio.get_running_loop()
    for each in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(each, chat.cancel)
    try:
        await asyncio.wait({chat})
    finally:
        await desk.close()
    return 0 if chat.cancelled() else chat.result()


async def _chat(settings: Settings, desk: Desk) -> int:
    async with serving(build(settings, desk)):
        await asyncio.Future()
    return 0


if __name__ == "__main__":
    sys.exit(main())
