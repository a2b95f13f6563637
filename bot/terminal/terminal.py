"""The chat in a terminal: what the bot does is printed, what is typed is done.

Driven by a script it works in step: each line waits until the bot has dealt with the one before.
"""

import asyncio
import getpass
import logging
import os
from collections.abc import Awaitable, Callable
from pathlib import Path

from bot.terminal.console import Console
from bot.terminal.conversation import ChatEntry, Happening
from bot.terminal.display import Display
from bot.terminal.messenger import Messenger
from bot.terminal.person import Person
from bot.terminal.phrases import Phrases, language_of_terminal
from bot.terminal.screen import lines
from bot.terminal.steps import (
    Mistyped,
    PressLabel,
    PressNumber,
    Quit,
    SendFile,
    Step,
    TypeText,
    WaitFor,
    read,
)

log = logging.getLogger(__name__)

DONE, MISTYPED, MISSED = 0, 2, 3
"""Exit codes: well, a script's line that means nothing, something waited for did not appear."""

PERSON = 2**51
"""The person's id: beyond every id that Telegram gives (its documentation promises at most 52 bits,
its ids end at 2**40), so that nobody on Telegram is ever taken for whoever sat at the terminal."""

SETTLING_SECONDS = 60.0


class Terminal:
    def __init__(
        self, messenger: Messenger, person: Person, console: Console, downloads: Path
    ) -> None:
        self.person = person
        self._messenger = messenger
        self._console = console
        self._display = Display(messenger, person, console, downloads)
        self._ = Phrases(person.language)
        self._mark = 0
        """Where in the log the answers to the last step begin."""

    @classmethod
    def of_process(cls, messenger: Messenger, downloads: Path) -> "Terminal":
        """For whoever started this process, in the language of their environment."""
        try:
            name = getpass.getuser()
        except (KeyError, OSError):  # a container without an entry for its user
            name = "you"
        language = language_of_terminal(os.environ)
        person = Person(messenger, name, language, PERSON)
        # at Telegram a bot may not write first; here it was the person who started it
        person.chat.started = True
        return cls(messenger, person, Console.of_process(), downloads)

    async def talk(self, handled: Callable[[], Awaitable[object]], claim: str = "") -> int:
        """Chat until the input ends, and tell the exit code.

        `handled` returns when the bot has dealt with every update it was given: the `join` of
        the Application's update queue. `claim` is the code by which the bridge gets its owner.
        """
        chat = self.person.chat
        chat.listeners.append(self._display.tell)
        if self._console.interactive:
            self._console.show(
                self._(
                    "Type a message, or /start. A number presses a button, @PATH sends a file, "
                    "!quit ends."
                )
            )
        if claim:
            line = f"/start {claim}"
            told = self._(
                "Nobody owns this bridge yet. To become its owner, type: {line}", line=line
            )
            self._console.show(told)
        try:
            async for line in self._console.lines():
                step = read(line, literal=chat.question is not None)
                status = await self._take(step) if step else DONE
                if isinstance(step, Quit) or (status != DONE and not self._console.interactive):
                    return status
                if not self._console.interactive:
                    await self._settle(handled)
            await self._settle(handled)
            return DONE
        finally:
            chat.listeners.remove(self._display.tell)
            self._console.conceal(False)

    # --- doing ---------------------------------------------------------------------------------

    async def _take(self, step: Step) -> int:
        if not isinstance(step, WaitFor):
            self._mark = self.person.chat.happenings
        match step:
            case TypeText(text):
                await self.person.says(text)
            case PressNumber(number):
                await self._press_number(number)
            case PressLabel(label, seconds):
                return await self._press_label(label, seconds)
            case SendFile(path):
                return await self._send(path)
            case WaitFor(text, seconds):
                return await self._wait(text, seconds)
            case Mistyped(word):
                return self._fail(MISTYPED, self._("There is no {word} here.", word=word))
        return DONE

    async def _press_number(self, number: int) -> None:
        found = self._display.numbered(number)
        if found:
            self.person.press(*found)
        else:
            await self.person.says(str(number))

    async def _press_label(self, label: str, seconds: float) -> int:
        patience = 0 if self._console.interactive else seconds
        try:
            await self.person.presses(label, within=patience)
        except TimeoutError:
            return self._fail(MISSED, self._("There is no button {label}.", label=f'"{label}"'))
        if self.person.chat.question:
            # whoever presses instead of answering has put the question aside
            self.person.chat.question = None
            self._console.conceal(False)
        return DONE

    async def _send(self, path: Path) -> int:
        try:
            await self.person.sends_file(path)
        except OSError as why:
            told = self._("{path} cannot be sent: {why}", path=path, why=why.strerror or why)
            return self._fail(MISTYPED, told)
        return DONE

    async def _wait(self, text: str, seconds: float) -> int:
        chat = self.person.chat

        def look() -> bool:
            for at, entry in chat.since(self._mark):
                if text in self._answer(entry):
                    self._mark = at
                    return True
            return False

        try:
            async with asyncio.timeout(seconds):
                await chat.bell.until(look)
        except TimeoutError:
            told = self._(
                "{text} did not appear within {seconds} s.",
                text=f'"{text}"',
                seconds=f"{seconds:g}",
            )
            return self._fail(MISSED, told)
        return DONE

    def _answer(self, entry: ChatEntry) -> str:
        """What can be waited for: what the bot said, not what became of it later."""
        spoke = entry.happening in {Happening.SENT, Happening.EDITED} and entry.message.by_bot
        if spoke or entry.happening in {Happening.TOLD, Happening.WARNED}:
            return "\n".join(lines(entry, self._, who=self.person.name))
        return ""

    def _fail(self, status: int, told: str) -> int:
        self._console.complain(told)
        return status

    async def _settle(self, handled: Callable[[], Awaitable[object]]) -> None:
        """Wait until the bot has taken, handled and answered all that was sent."""
        try:
            async with asyncio.timeout(SETTLING_SECONDS):
                await self._messenger.updates.confirmed()
                await handled()
                await self._messenger.quiet()
        except TimeoutError:
            log.warning("the bot is still busy after %g s", SETTLING_SECONDS)
