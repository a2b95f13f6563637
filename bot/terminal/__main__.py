"""`python -m bot.terminal`: the chat in this terminal, with no account at Telegram."""

import asyncio
import signal
import sys
import time

from bot.app import build, serving
from bot.terminal import BotApi, Messenger, Terminal
from bot.terminal.terminal import PERSON
from bridge.api.client import Client
from bridge.api.commands.access import OpenClaim
from bridge.errors import HouseError, SetupFault
from bridge.logs import set_up
from bridge.settings import Settings, load

_EPOCH = 1_700_000_000
"""Message ids begin with the seconds since then: higher than in any earlier chat, which the house
remembers, and low enough for 32 bits."""


def main() -> int:
    """The exit code: 0, or what a script's line came to (see bot.terminal.terminal)."""
    try:
        settings = load()
        set_up(settings.log_level)
        return asyncio.run(chat(settings))
    except SetupFault as why:
        print(f"skype2sip: {why.sentence}", file=sys.stderr)
        return 2


async def chat(settings: Settings) -> int:
    """Until the input ends, or SIGTERM or Ctrl-C; running calls do not notice its end."""
    desk = Client(settings)
    messenger = Messenger(first_message=int(time.time()) - _EPOCH)
    terminal = Terminal.of_process(messenger, settings.data_dir / "chat" / str(PERSON))
    application = build(settings, desk, BotApi(messenger))
    loop = asyncio.get_running_loop()
    async with serving(application):
        handled, claim = application.update_queue.join, await _open_claim(desk)
        talk = asyncio.create_task(terminal.talk(handled, claim))
        for each in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(each, talk.cancel)
        await asyncio.wait({talk})
        return 0 if talk.cancelled() else talk.result()


async def _open_claim(desk: Client) -> str:
    try:
        return await desk.ask(OpenClaim())
    except HouseError:  # the bot says so when it is asked for something
        return ""


if __name__ == "__main__":
    sys.exit(main())
