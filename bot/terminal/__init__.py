"""The chat without Telegram: the same bot, in a terminal or under test (tests/bot/person.py).

    messenger = Messenger()
    application = (
        Application.builder()
        .token(TOKEN)
        .request(BotApi(messenger))
        .get_updates_request(BotApi(messenger))
        .build()
    )

In a terminal, while the application polls:

    terminal = Terminal.of_process(messenger, downloads=Path("var/chat"))
    exit_code = await terminal.talk(handled=application.update_queue.join)
"""

from bot.constants import TOKEN
from bot.terminal.api import BotApi
from bot.terminal.conversation import ChatMessage, Happening
from bot.terminal.messenger import Messenger
from bot.terminal.terminal import Terminal

__all__ = [
    "TOKEN",
    "BotApi",
    "ChatMessage",
    "Happening",
    "Messenger",
    "Terminal",
]
