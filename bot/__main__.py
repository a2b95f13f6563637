"""`python -m bot`: the chat, on Telegram with TELEGRAM_BOT_TOKEN, else in this terminal."""

import asyncio
import signal
import sys

from telegram.error import InvalidToken

from bot.app import build, serving
from bridge.api.client import Client
from bridge.api.front_desk import FrontDesk
from bridge.errors import SetupFault
from bridge.kernel import keep_memory_private
from bridge.logs import set_up, set_up_child
from bridge.settings import Settings, load


def main() -> int:
    keep_memory_private()
    try:
        settings = load()
        if settings.telegram_bot_token is None:
            from bot.terminal.__main__ import main as terminal

            return terminal()
        set_up_child(settings.log_level) if "--child" in sys.argv else set_up(settings.log_level)
        return asyncio.run(serve(settings))
    except SetupFault as why:
        print(f"skype2sip: {why.sentence}", file=sys.stderr)
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


async def _chat(settings: Settings, desk: FrontDesk) -> int:
    async with serving(build(settings, desk)):
        await asyncio.Future()
    return 0


if __name__ == "__main__":
    sys.exit(main())
