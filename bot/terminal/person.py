"""Somebody who chats with the bot.

ada = Person(messenger, "Ada", "en", 1001)
await ada.says("/start")
await ada.presses("Phones", within=5)
"""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from bot.terminal.conversation import ChatMessage, Json
from bot.terminal.files import KINDS
from bot.terminal.formatting import commands
from bot.terminal.messenger import Messenger
from bot.terminal.reply_markup import Button


class Person:
    """Somebody who chats with the bot."""

    def __init__(self, messenger: Messenger, name: str, language: str, number: int) -> None:
        """`number` is the id of the Telegram user and of the chat."""
        self.number = number
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

    async def says(self, text: str) -> ChatMessage:
        """Send a text or a command; while the bot asks a question it is the reply to that."""
        return self._send(replace(self._new(text), entities=tuple(commands(text))))

    async def presses(self, label: str, within: float) -> ChatMessage:
        """Press the newest button whose label contains `label`, as soon as there is one.
        TimeoutError when there is none `within` so many seconds.
        """

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

        async with asyncio.timeout(within):
            message, button = await self.chat.bell.until(look)
        self.press(message, button)
        return message

    def press(self, message: ChatMessage, button: Button) -> None:
        self._messenger.press(self.chat, message, button["text"], button["callback_data"])

    async def sends_file(self, path: Path) -> ChatMessage:
        """A file as clients send it: as voice, audio, photo or document, by its ending."""
        kind = KINDS.get(path.suffix.lower(), "document")
        content = await asyncio.to_thread(path.read_bytes)
        return self._send_file(kind, content, path.name)

    @property
    def screen(self) -> Sequence[ChatMessage]:
        """The messages that are there now, oldest first."""
        return list(self.chat.messages.values())

    def _new(self, text: str = "") -> ChatMessage:
        return self._messenger.message(by_bot=False, text=text)

    def _send(self, message: ChatMessage) -> ChatMessage:
        sent = self.chat.add(message)
        self._messenger.updates.push("message", self.chat.json(sent))
        return sent

    def _send_file(self, kind: str, content: bytes, name: str, caption: str = "") -> ChatMessage:
        media = self._messenger.files.keep(kind, content, name)
        return self._send(replace(self._new(caption), media=media))
