"""Prints what happens in a chat, the moment it happens."""

from pathlib import Path

from bot.terminal.console import Console
from bot.terminal.conversation import ChatEntry, ChatMessage, Happening
from bot.terminal.downloads import Downloads
from bot.terminal.messenger import Messenger
from bot.terminal.numbers import Numbers
from bot.terminal.person import Person
from bot.terminal.phrases import Phrases
from bot.terminal.reply_markup import Button
from bot.terminal.screen import lines


class Display:
    def __init__(
        self, messenger: Messenger, person: Person, console: Console, downloads: Path
    ) -> None:
        self._files = messenger.files
        self._person = person
        self._console = console
        self._downloads = Downloads(downloads)
        self._numbers = Numbers()
        self._ = Phrases(person.language)

    def tell(self, entry: ChatEntry) -> None:
        """A listener of the conversation."""
        message = entry.message
        hidden = self._person.chat.answers_secret
        self._console.conceal(hidden)  # before the question is read, and so before it is answered
        self._count(entry)
        typed = entry.happening is Happening.SENT and not message.by_bot
        if not (typed and self._console.interactive):
            self._print(entry)
        if hidden and message.question and self._console.interactive:
            self._console.show(self._("(What you type now is not shown.)"))

    def numbered(self, number: int) -> tuple[ChatMessage, Button] | None:
        """The button that has this number now."""
        found = self._numbers.find(number)
        message = self._person.chat.messages.get(found[0]) if found else None
        if found is None or message is None:
            return None
        return message, next(
            button for button in message.buttons if button.get("callback_data") == found[1]
        )

    def _print(self, entry: ChatEntry) -> None:
        saved = self._save(entry.message) if entry.message.by_bot else None
        who, number = self._person.name, self._numbers.of
        for line in lines(entry, self._, who=who, number=number, saved=saved):
            self._console.show(line)

    def _count(self, entry: ChatEntry) -> None:
        if entry.happening in {Happening.SENT, Happening.EDITED}:
            self._numbers.show(entry.message)
        elif entry.happening is Happening.DELETED:
            self._numbers.drop(entry.message)

    def _save(self, message: ChatMessage) -> Path | None:
        content = self._files.content(message.media.id) if message.media else None
        if content is None:
            return None
        try:
            return self._downloads.save(message, content)
        except OSError as why:
            self._console.complain(self._("A file could not be saved: {why}", why=why))
            return None
