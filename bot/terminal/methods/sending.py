"""The methods that send messages."""

from dataclasses import replace
from typing import Any

from bot.terminal.conversation import Chat, Json
from bot.terminal.files import Media
from bot.terminal.formatting import Entity, units
from bot.terminal.messenger import Messenger
from bot.terminal.methods.parameters import Parameters, formatted, preview
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


def send_group(messenger: Messenger, given: Parameters) -> list[Json]:
    conversation = messenger.reach(given.get("chat_id"))
    group = given.get("media") or []
    if not 2 <= len(group) <= 10:
        raise bad_request("group send requires 2-10 media")
    return [
        _send(messenger, conversation, given, *caption(formatted(one, "caption")), media)
        for one in group
        for media in [input_media(messenger, given, one)]
    ]


def send_action(messenger: Messenger, given: Parameters) -> bool:
    messenger.reach(given.get("chat_id"))
    return True


def caption(written: tuple[str, tuple[Entity, ...]]) -> tuple[str, tuple[Entity, ...]]:
    if units(written[0]) > LONGEST_CAPTION:
        raise bad_request("message caption is too long")
    return written


def input_media(messenger: Messenger, given: Parameters, one: dict[str, Any]) -> Media:
    """The file of an InputMedia, which is attached to the same request."""
    seconds = int(one["duration"]) if one.get("duration") is not None else None
    kind = str(one.get("type", ""))
    # an InputMedia that holds its file directly leaves "media" out; its part is called "media"
    where = one.get("media") or "attach://media"
    return messenger.files.upload(kind, where, given.parts, seconds)


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
        reply_to=_replied(conversation, given),
        silent=given.flag("disable_notification"),
        extra=preview(given),
    )
    return conversation.json(conversation.add(sent))


def _replied(conversation: Chat, given: Parameters) -> int | None:
    reply = given.get("reply_parameters") or {}
    wanted = reply.get("message_id", given.get("reply_to_message_id"))
    if wanted is None:
        return None
    if int(wanted) in conversation.messages:
        return int(wanted)
    if reply.get("allow_sending_without_reply") or given.flag("allow_sending_without_reply"):
        return None
    raise bad_request("message to be replied not found")
