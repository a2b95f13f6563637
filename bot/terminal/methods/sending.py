"""The methods that send messages."""

from dataclasses import replace

from bot.terminal.conversation import Chat, Json
from bot.terminal.files import Media
from bot.terminal.formatting import Entity, units
from bot.terminal.messenger import Messenger
from bot.terminal.methods.parameters import Parameters, preview
from bot.terminal.refusal import bad_request
from bot.terminal.reply_markup import keyboard, question

LONGEST_TEXT = 4096
LONGEST_CAPTION = 1024


def send_text(messenger: Messenger, given: Parameters) -> Json:
    conversation = messenger.reach(given.get("chat_id"))
    text, entities = given.formatted("text")
    if not text:
        raise bad_request("message text is empty")
    if units(text) > LONGEST_TEXT:
        raise bad_request("message is too long")
    return _send(messenger, conversation, given, text, entities)


def send_media(messenger: Messenger, given: Parameters, kind: str) -> Json:
    conversation = messenger.reach(given.get("chat_id"))
    text, entities = caption(given.formatted("caption"))
    seconds = given.number("duration") if given.get("duration") is not None else None
    media = messenger.files.upload(kind, given.get(kind), given.parts, seconds)
    return _send(messenger, conversation, given, text, entities, media)


def caption(written: tuple[str, tuple[Entity, ...]]) -> tuple[str, tuple[Entity, ...]]:
    if units(written[0]) > LONGEST_CAPTION:
        raise bad_request("message caption is too long")
    return written


def _send(
    messenger: Messenger,
    conversation: Chat,
    given: Parameters,
    text: str,
    entities: tuple[Entity, ...],
    media: Media | None = None,
) -> Json:
    markup = given.get("reply_markup")
    sent = replace(
        messenger.message(by_bot=True, text=text),
        entities=entities,
        media=media,
        keyboard=keyboard(markup),
        question=question(markup),
        silent=given.flag("disable_notification"),
        extra=preview(given),
    )
    return conversation.json(conversation.add(sent))
