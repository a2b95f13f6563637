"""Somebody who chats with the bot: what they do, and what they see.

ada = Person(messenger, name="Ada")
await ada.says("/start")
await ada.presses("Phones")
shown = await ada.sees("No phone yet", within=5)
"""

import asyncio
import itertools
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from bot.terminal.conversation import ChatMessage, Happening, Json
from bot.terminal.files import KINDS
from bot.terminal.formatting import commands
from bot.terminal.messenger import Messenger
from bot.terminal.phrases import Phrases
from bot.terminal.reply_markup import Button
from bot.terminal.screen import lines, words_of

T = TypeVar("T")

_ids = itertools.count(1001)


class Unseen(AssertionError):
    """What a person waited for did not appear in time; tells what the screen shows instead."""


class Person:
    """Somebody who chats with the bot: what they do, and what they see."""

    def __init__(
        self,
        messenger: Messenger,
        *,
        name: str = "Ada",
        language: str = "en",
        number: int | None = None,
    ) -> None:
        """`number` is the id of the Telegram user and of the chat; by default a new one."""
        self.number = next(_ids) if number is None else number
        self.name = name
        self.language = language
        user: Json = {
            "id": self.number,
            "is_bot": False,
            "first_name": name,
            "language_code": language,
        }
        self._messenger = messenger
        self.chat = messenger.meet(user)

    # --- doing ---------------------------------------------------------------------------------

    async def says(self, text: str, reply_to: ChatMessage | None = None) -> ChatMessage:
        """Send a text or a command; while the bot asks a question it is the reply to that."""
        entities = tuple(commands(text))
        return self._send(replace(self._new(text), entities=entities), reply_to)

    async def presses(self, label: str, within: float = 5) -> ChatMessage:
        """Press the newest button whose label contains `label`, as soon as there is one."""

        def look() -> tuple[ChatMessage, Button] | None:
            return next(
                (
                    (message, button)
                    for message in reversed(self.screen)
                    for button in message.buttons
                    if "callback_data" in button and label.casefold() in button["text"].casefold()
                ),
                None,
            )

        message, button = await self._until(look, within, f"no button {label!r}")
        self.press(message, button)
        return message

    def press(self, message: ChatMessage, button: Button) -> None:
        self._messenger.press(self.chat, message, button["text"], button["callback_data"])

    async def sends_voice(self, voice: bytes | Path, caption: str = "") -> ChatMessage:
        """A voice message: OGG/Opus as bytes, or the path of such a file."""
        content = voice if isinstance(voice, bytes) else await asyncio.to_thread(voice.read_bytes)
        return self._send_file("voice", content, "", caption)

    async def sends_file(self, path: Path, caption: str = "") -> ChatMessage:
        """A file as clients send it: as voice, audio, photo or document, by its ending."""
        kind = KINDS.get(path.suffix.lower(), "document")
        content = await asyncio.to_thread(path.read_bytes)
        return self._send_file(kind, content, path.name, caption)

    async def sends_location(self, latitude: float, longitude: float) -> ChatMessage:
        place = {"location": {"latitude": latitude, "longitude": longitude}}
        return self._send(replace(self._new(), extra=place))

    async def sends_contact(self, number: str, first_name: str, **more: Any) -> ChatMessage:
        """Somebody of the person's address book; `more` as in the Bot API's Contact."""
        contact = {"phone_number": number, "first_name": first_name, **more}
        return self._send(replace(self._new(), extra={"contact": contact}))

    def deletes(self, message: ChatMessage) -> None:
        """Delete a message for both sides; the bot is not told."""
        self.chat.delete(message.id)

    def blocks(self) -> None:
        self._messenger.block(self.chat, True)

    def unblocks(self) -> None:
        self._messenger.block(self.chat, False)

    # --- seeing --------------------------------------------------------------------------------

    @property
    def screen(self) -> Sequence[ChatMessage]:
        """The messages that are there now, oldest first."""
        return list(self.chat.messages.values())

    @property
    def newest(self) -> ChatMessage | None:
        """The newest message of the bot, if there is any."""
        return next((message for message in reversed(self.screen) if message.by_bot), None)

    async def sees(self, text: str, within: float = 5) -> ChatMessage:
        """The newest message of the bot that shows `text`, in its words or on its buttons."""

        def look() -> ChatMessage | None:
            return next(
                (
                    message
                    for message in reversed(self.screen)
                    if message.by_bot and text in words_of(message)
                ),
                None,
            )

        return await self._until(look, within, f"no {text!r}")

    async def sees_no(self, text: str, within: float = 5) -> None:
        """Until no message of the bot shows `text` any more."""

        def look() -> bool:
            return not any(message.by_bot and text in words_of(message) for message in self.screen)

        await self._until(look, within, f"still {text!r}")

    async def is_told(self, text: str, within: float = 5) -> None:
        """Until a press was answered with a notice or an alert that contains `text`."""

        def look() -> bool:
            told = {Happening.TOLD, Happening.WARNED}
            return any(entry.happening in told and text in entry.text for entry in self.chat.log)

        await self._until(look, within, f"no notice {text!r}")

    def content(self, message: ChatMessage) -> bytes:
        """The file of a message."""
        found = self._messenger.files.content(message.media.id) if message.media else None
        if found is None:
            raise LookupError(f"message {message.id} has no file")
        return found

    @property
    def menu(self) -> list[str]:
        """The commands that the client offers in this person's language."""
        known = self._messenger.commands
        for scope in ("all_private_chats", "default"):
            for language in (self.language, ""):
                if known.get((scope, language)):
                    return [command["command"] for command in known[(scope, language)]]
        return []

    def transcript(self) -> list[str]:
        """Everything that happened in this chat, in order, as lines of text."""
        phrases = Phrases(self.language)
        return [line for entry in self.chat.log for line in lines(entry, phrases, who=self.name)]

    # --- inside --------------------------------------------------------------------------------

    def _new(self, text: str = "") -> ChatMessage:
        return self._messenger.message(by_bot=False, text=text)

    def _send(self, message: ChatMessage, reply_to: ChatMessage | None = None) -> ChatMessage:
        if reply_to:
            message = replace(message, reply_to=reply_to.id)
        sent = self.chat.add(message)
        self._messenger.updates.push("message", self.chat.json(sent))
        return sent

    def _send_file(self, kind: str, content: bytes, name: str, caption: str) -> ChatMessage:
        media = self._messenger.files.keep(kind, content, name)
        return self._send(replace(self._new(caption), media=media))

    async def _until(self, look: Callable[[], T | None], within: float, otherwise: str) -> T:
        try:
            async with asyncio.timeout(within):
                return await self.chat.bell.until(look)
        except TimeoutError:
            so_far = "\n".join(self.transcript()[-40:])
            told = f"{otherwise} within {within:g} s; the chat so far:\n{so_far}"
            raise Unseen(told) from None
