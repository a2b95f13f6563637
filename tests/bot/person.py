"""Somebody who chats with the bot under test: what they do, and what they see.

ada = Person(messenger, name="Ada")
await ada.says("/start")
await ada.presses("Phones")
shown = await ada.sees("No phone yet", within=5)
"""

import asyncio
import itertools
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from bot.terminal import person
from bot.terminal.conversation import ChatMessage, Happening, Json
from bot.terminal.messenger import Messenger
from bot.terminal.phrases import Phrases
from bot.terminal.screen import lines, shown

T = TypeVar("T")

_ids = itertools.count(1001)


class Unseen(AssertionError):
    """What a person waited for did not appear in time; tells what the screen shows instead."""


class Person(person.Person):
    """Does all that can be done in a chat, and waits for what is to be seen in it."""

    def __init__(
        self,
        messenger: Messenger,
        *,
        name: str = "Ada",
        language: str = "en",
        number: int | None = None,
    ) -> None:
        """`number` is the id of the Telegram user and of the chat; by default a new one."""
        super().__init__(messenger, name, language, next(_ids) if number is None else number)

    # --- doing ---------------------------------------------------------------------------------

    async def says(self, text: str, reply_to: ChatMessage | None = None) -> ChatMessage:
        """`reply_to`: as the reply to that, and to no question that is open."""
        if reply_to is None:
            return await super().says(text)
        return self._send(replace(self._new(text), reply_to=reply_to.id))

    async def presses(self, label: str, within: float = 5) -> ChatMessage:
        try:
            return await super().presses(label, within)
        except TimeoutError:
            raise self._unseen(f"no button {label!r}", within) from None

    async def sends_voice(self, voice: bytes | Path, caption: str = "") -> ChatMessage:
        """A voice message: OGG/Opus as bytes, or the path of such a file."""
        content = voice if isinstance(voice, bytes) else await asyncio.to_thread(voice.read_bytes)
        return self._send_file("voice", content, "", caption)

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
        self._block(True)

    def unblocks(self) -> None:
        self._block(False)

    # --- seeing --------------------------------------------------------------------------------

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
                    if message.by_bot and text in _words_of(message)
                ),
                None,
            )

        return await self._until(look, within, f"no {text!r}")

    async def sees_no(self, text: str, within: float = 5) -> None:
        """Until no message of the bot shows `text` any more."""

        def look() -> bool:
            return not any(message.by_bot and text in _words_of(message) for message in self.screen)

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

    def _block(self, blocked: bool) -> None:
        """The person shuts the bot out, or lets it in again; the bot is told."""
        self.chat.blocked = blocked
        member = {"status": "member", "user": self._messenger.me}
        kicked = {"status": "kicked", "user": self._messenger.me, "until_date": 0}
        change: Json = {
            "chat": self.chat.chat_json(),
            "from": self.chat.person,
            "date": self._messenger.now(),
            "old_chat_member": member if blocked else kicked,
            "new_chat_member": kicked if blocked else member,
        }
        self._messenger.updates.push("my_chat_member", change)

    async def _until(self, look: Callable[[], T | None], within: float, otherwise: str) -> T:
        try:
            async with asyncio.timeout(within):
                return await self.chat.bell.until(look)
        except TimeoutError:
            raise self._unseen(otherwise, within) from None

    def _unseen(self, what: str, within: float) -> Unseen:
        so_far = "\n".join(self.transcript()[-40:])
        return Unseen(f"{what} within {within:g} s; the chat so far:\n{so_far}")


def _words_of(message: ChatMessage) -> str:
    """All that can be read of a message: its text, then its buttons."""
    return "\n".join([shown(message), *(button["text"] for button in message.buttons)])
