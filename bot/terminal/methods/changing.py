"""The methods that change or delete messages."""

from dataclasses import replace
from typing import Any

from bot.terminal.conversation import Chat, ChatMessage, Json
from bot.terminal.formatting import units
from bot.terminal.messenger import Messenger
from bot.terminal.methods.parameters import Parameters, formatted, preview
from bot.terminal.methods.sending import LONGEST_TEXT, caption
from bot.terminal.refusal import bad_request
from bot.terminal.reply_markup import keyboard

DELETABLE_SECONDS = 48 * 3600
"""How long a bot may delete a message, its own or the person's."""


def edit_text(messenger: Messenger, given: Parameters) -> Json:
    conversation, message = _to_edit(messenger, given)
    if message.media:
        raise bad_request("there is no text in the message to edit")
    text, entities = given.formatted("text")
    if not text:
        raise bad_request("message text is empty")
    if units(text) > LONGEST_TEXT:
        raise bad_request("MESSAGE_TOO_LONG")
    return _change(
        messenger,
        conversation,
        message,
        given,
        text=text,
        entities=entities,
        extra=preview(given),
    )


def edit_caption(messenger: Messenger, given: Parameters) -> Json:
    conversation, message = _to_edit(messenger, given)
    if not message.media:
        raise bad_request("there is no caption in the message to edit")
    text, entities = caption(given.formatted("caption"))
    return _change(messenger, conversation, message, given, text=text, entities=entities)


def edit_media(messenger: Messenger, given: Parameters) -> Json:
    conversation, message = _to_edit(messenger, given)
    one = given.get("media") or {}
    if one.get("type") != "photo" or (message.media and message.media.kind == "voice"):
        raise bad_request("message media can't be edited")
    text, entities = caption(formatted(one, "caption"))
    # an InputMedia that holds its file directly leaves "media" out; its part is called "media"
    media = messenger.files.upload("photo", one.get("media") or "media", given.parts)
    return _change(
        messenger, conversation, message, given, text=text, entities=entities, media=media
    )


def edit_buttons(messenger: Messenger, given: Parameters) -> Json:
    conversation, message = _to_edit(messenger, given)
    return _change(messenger, conversation, message, given)


def delete(messenger: Messenger, given: Parameters) -> bool:
    conversation = messenger.reach(given.get("chat_id"))
    message = conversation.messages.get(given.number("message_id"))
    if message is None:
        raise bad_request("message to delete not found")
    if messenger.now() - message.date > DELETABLE_SECONDS:
        raise bad_request("message can't be deleted for everyone")
    return conversation.delete(message.id)


def _to_edit(messenger: Messenger, given: Parameters) -> tuple[Chat, ChatMessage]:
    conversation = messenger.reach(given.get("chat_id"))
    message = conversation.messages.get(given.number("message_id"))
    if message is None:
        raise bad_request("message to edit not found")
    if not message.by_bot:
        raise bad_request("message can't be edited")
    return conversation, message


def _change(
    messenger: Messenger,
    conversation: Chat,
    message: ChatMessage,
    given: Parameters,
    **changes: Any,
) -> Json:
    """The buttons go unless the request names them again, as everywhere in the Bot API."""
    changes["keyboard"] = keyboard(given.get("reply_markup"))
    if replace(message, **changes) == message:
        raise bad_request(
            "message is not modified: specified new message content and reply markup are exactly "
            "the same as a current content and reply markup of the message"
        )
    return conversation.json(conversation.edit(message, messenger.now(), **changes))
