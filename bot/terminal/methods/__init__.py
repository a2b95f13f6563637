"""The methods of the Bot API, by their names (https://core.telegram.org/bots/api#available-methods)."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from bot.terminal.messenger import Messenger
from bot.terminal.methods import changing, profile, sending
from bot.terminal.methods.parameters import Parameters

Method = Callable[[Messenger, Parameters], Awaitable[Any] | Any]

MEDIA = ("voice", "audio", "document", "photo", "video", "animation")

METHODS: dict[str, Method] = {
    "getMe": profile.me,
    "getUpdates": profile.updates,
    "setWebhook": profile.webhook,
    "deleteWebhook": profile.webhook,
    "getWebhookInfo": profile.webhook_state,
    "logOut": profile.accept,
    "close": profile.accept,
    "sendMessage": sending.send_text,
    **{f"send{kind.title()}": partial(sending.send_media, kind=kind) for kind in MEDIA},
    "sendMediaGroup": sending.send_group,
    "sendChatAction": sending.send_action,
    "editMessageText": changing.edit_text,
    "editMessageCaption": changing.edit_caption,
    "editMessageMedia": changing.edit_media,
    "editMessageReplyMarkup": changing.edit_buttons,
    "deleteMessage": changing.delete,
    "deleteMessages": changing.delete_several,
    "pinChatMessage": changing.pin,
    "unpinChatMessage": changing.pin,
    "unpinAllChatMessages": changing.pin,
    "setMessageReaction": sending.send_action,
    "answerCallbackQuery": profile.answer_press,
    "getFile": profile.file,
    "setMyCommands": profile.set_commands,
    "deleteMyCommands": profile.delete_commands,
    "getMyCommands": profile.commands,
    "setChatMenuButton": profile.accept,
    "setMyDefaultAdministratorRights": profile.accept,
    **profile.PROFILE,
}
