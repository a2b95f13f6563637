"""One private chat: its messages as they are now, and everything that happened in it, in order."""

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import islice
from typing import Any

from bot.terminal.bell import Bell
from bot.terminal.files import Media
from bot.terminal.formatting import Entity
from bot.terminal.reply_markup import Button, Keyboard, ReplyPrompt

Json = dict[str, Any]


class Happening(StrEnum):
    """What can happen in a chat."""

    SENT = "sent"
    EDITED = "edited"
    DELETED = "deleted"
    PRESSED = "pressed"
    TOLD = "told"
    """The bot answered a press with a short notice."""
    WARNED = "warned"
    """The same, as an alert that the person must close."""


@dataclass(frozen=True)
class ChatMessage:
    """A message as it is now."""

    id: int
    by_bot: bool
    date: int
    """Unix time in seconds, as `edited`."""
    text: str = ""
    """The text, or the caption when there is `media`."""
    entities: tuple[Entity, ...] = ()
    media: Media | None = None
    keyboard: Keyboard = field(default_factory=list)
    question: ReplyPrompt | None = None
    reply_to: int | None = None
    edited: int | None = None
    silent: bool = False
    """Sent without the sound of a new message."""
    secret: bool = False
    """Whether it answers a question for a secret: then it is shown to nobody."""
    extra: Mapping[str, Any] = field(default_factory=dict)
    """What else the Bot API says of it, such as a location."""

    @property
    def buttons(self) -> list[Button]:
        return [button for row in self.keyboard for button in row]


@dataclass(frozen=True)
class ChatEntry:
    """What happened: `message` as it was just then, `text` is the label pressed or the notice."""

    happening: Happening
    message: ChatMessage
    text: str = ""


MOST = 1000
"""Messages and happenings that a conversation remembers: a terminal may be open for months."""


class Chat:
    """One private chat: its messages, and all that happened in it, in order."""

    def __init__(self, person: Json, me: Json) -> None:
        self.person = person
        self._me = me
        self.started = False
        """Whether the person ever wrote: a bot cannot write first."""
        self.blocked = False
        self.messages: dict[int, ChatMessage] = {}
        self.log: deque[ChatEntry] = deque(maxlen=MOST)
        self.happenings = 0
        """How many there ever were; the oldest are forgotten."""
        self.question: ChatMessage | None = None
        """The bot's open ForceReply, which the person's next message answers."""
        self.listeners: list[Callable[[ChatEntry], None]] = []
        self.bell = Bell()

    @property
    def id(self) -> int:
        return int(self.person["id"])

    @property
    def answers_secret(self) -> bool:
        """Whether the person's next message is a secret."""
        asked = self.question
        return asked is not None and asked.question is not None and asked.question.secret

    def add(self, message: ChatMessage) -> ChatMessage:
        if message.by_bot:
            self.question = message if message.question else self.question
        else:
            asked, secret = self.question, self.answers_secret
            self.question, self.started = None, True
            reply = message.reply_to or (asked.id if asked else None)
            message = replace(message, reply_to=reply, secret=secret)
        self.messages[message.id] = message
        if len(self.messages) > MOST:
            del self.messages[next(iter(self.messages))]
        self.happened(Happening.SENT, message)
        return message

    def edit(self, message: ChatMessage, now: int, **changes: Any) -> ChatMessage:
        edited = replace(message, edited=now, **changes)
        self.messages[message.id] = edited
        self.happened(Happening.EDITED, edited)
        return edited

    def delete(self, message_id: int) -> bool:
        message = self.messages.pop(message_id, None)
        if message is None:
            return False
        if self.question and self.question.id == message_id:
            self.question = None
        self.happened(Happening.DELETED, message)
        return True

    def happened(self, happening: Happening, message: ChatMessage, text: str = "") -> None:
        entry = ChatEntry(happening, message, text)
        self.log.append(entry)
        self.happenings += 1
        for listener in self.listeners:
            listener(entry)
        self.bell.ring()

    def since(self, happenings: int) -> Iterator[tuple[int, ChatEntry]]:
        """What happened after so many happenings, each with its number from 0."""
        oldest = self.happenings - len(self.log)
        begin = max(happenings, oldest)
        return enumerate(islice(self.log, begin - oldest, None), begin)

    # --- as the Bot API writes it --------------------------------------------------------------

    def chat_json(self) -> Json:
        named = ("first_name", "last_name", "username")
        known = {key: self.person[key] for key in named if key in self.person}
        return {"id": self.id, "type": "private"} | known

    def json(self, message: ChatMessage) -> Json:
        """The message with the one it replies to, as far as that is still there."""
        written = self._alone(message)
        answered = self.messages.get(message.reply_to) if message.reply_to else None
        if answered:
            written["reply_to_message"] = self._alone(answered)
        return written

    def _alone(self, message: ChatMessage) -> Json:
        written: Json = {
            "message_id": message.id,
            "date": message.date,
            "chat": self.chat_json(),
            "from": self._me if message.by_bot else self.person,
            **message.extra,
        }
        text, entities = ("caption", "caption_entities") if message.media else ("text", "entities")
        if message.text:
            written[text] = message.text
        if message.entities:
            written[entities] = list(message.entities)
        if message.media:
            written[message.media.kind] = message.media.as_json()
        if message.keyboard:
            written["reply_markup"] = {"inline_keyboard": message.keyboard}
        if message.edited:
            written["edit_date"] = message.edited
        return written
