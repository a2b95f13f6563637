"""The methods of the Bot API that the bot calls (https://core.telegram.org/bots/api)."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from bot.terminal.messenger import Messenger
from bot.terminal.methods import changing, profile, sending
from bot.terminal.methods.parameters import Parameters

Method = Callable[[Messenger, Parameters], Awaitable[Any] | Any]

METHODS: dict[str, Method] = {
    "getMe": profile.me,
    "getUpdates": profile.updates,
    "deleteWebhook": profile.webhook,
    "sendMessage": sending.send_text,
    **{
        f"send{kind.title()}": partial(sending.send_media, kind=kind)
        for kind in ("voice", "audio", "document", "photo")
    },
    "editMessageText": changing.edit_text,
    "editMessageCaption": changing.edit_caption,
    "editMessageMedia": changing.edit_media,
    "editMessageReplyMarkup": changing.edit_buttons,
    "deleteMessage": changing.delete,
    "answerCallbackQuery": profile.answer_press,
    "getFile": profile.file,
    "setMyCommands": profile.set_commands,
}
