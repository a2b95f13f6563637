"""Leading somebody through menus, by keys or by what he says (interactive voice response)."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from bridge.audio.speech.recognizer import Candidate
from bridge.calls.call.listener import Listener
from bridge.calls.ivr.inputs import (
    Inputs,
    KeyInput,
    Prompt,
    SpeechInput,
    Understand,
    silent_if_broken,
    tell,
)
from bridge.calls.ivr.meant import is_it, which
from bridge.calls.ivr.menu import BACK, CONTROLS, HELP, NEXT, REPEAT, Menu, MenuEntry
from bridge.calls.ivr.understanding import close_ones, understanding
from bridge.calls.ports.call_services import CallServices
from bridge.calls.spoken import N_, Phrase, digits, spoken

T = TypeVar("T")

PATIENCE = 6.0
"""Seconds without a key after all was said."""
MORE_DIGITS = 1.5
"""Seconds in which a number that may be longer goes on."""
FAILURES = 3
"""So many in a row, and we hang up."""
LAST_WORDS = 0.5
"""Seconds for the last word to reach an ear through the phone's jitter buffer."""

_MORE = Phrase(N_("For more, press hash."))
_NO_MORE = Phrase(N_("There is nothing more."))
_NO_SUCH_KEY = N_("There is no {digits} here.")
_NOT_UNDERSTOOD = N_("I did not understand that.")
_KEYS_ONLY = N_("Here only keys are understood, no words.")
_WORDS_TOO = N_("You can also say it.")
_GOODBYE = N_("I hang up now. Goodbye.")


@dataclass(frozen=True)
class UnknownDigits:
    """Digits that lead nowhere."""

    digits: str


class Ivr:
    """For one call: `leave` ends it, when nobody answers any more."""

    def __init__(
        self, services: CallServices, listener: Listener, leave: Callable[[], None]
    ) -> None:
        self._services = services
        self._listener = listener
        self._leave = leave
        self._failures = 0

    @property
    def language(self) -> str:
        return self._services.subscriber.rules().language

    # --- menus -----------------------------------------------------------------------------------

    async def choose(self, menu: Menu[T], first: Prompt | None = None) -> T | None:
        """Where it leads; None: one step back. `first` is heard before the menu, once."""
        pages = menu.pages()
        page, before, whole = 0, "", True
        while True:
            text = f"{before} {self._page(menu, pages, page)}" if whole else before
            answer = await self._answer(menu, self._prompt(text, first))
            before, whole, first = "", True, None
            match answer:
                case MenuEntry():
                    self._failures = 0
                    return answer.leads
                case SpeechInput(choices):
                    found = await self._meant(menu, choices)
                    if found is not None:
                        self._failures = 0
                        return found.leads
                    if not choices:
                        await self._failed()
                        before = spoken(self.language, _NOT_UNDERSTOOD)
                case UnknownDigits(typed):
                    await self._failed()
                    before = spoken(self.language, _NO_SUCH_KEY, digits=digits(typed))
                case KeyInput(key):
                    self._failures = 0
                    if key == BACK:
                        return None
                    if key == HELP:
                        before, whole = self._help(menu), False
                    elif key == NEXT and page + 1 < len(pages):
                        page += 1
                    elif key == NEXT:
                        before, whole = _NO_MORE.within(self.language), False
                    else:
                        page = 0
                case None:
                    await self._failed()

    async def _answer(
        self, menu: Menu[T], prompt: Prompt
    ) -> MenuEntry[T] | KeyInput | SpeechInput | UnknownDigits | None:
        """None: nothing came. A Key is one of the CONTROLS."""
        typed = ""
        understand = self._understand(menu)
        async with Inputs.open(
            self._services, self._listener, prompt, understand, self._barge_in and not menu.decides
        ) as inputs:
            while True:
                match await inputs.next(MORE_DIGITS if typed else PATIENCE):
                    case KeyInput(key) as control if not typed and key in CONTROLS:
                        return control
                    case KeyInput(key) if key == BACK:  # half a number: once more
                        return KeyInput(REPEAT)
                    case KeyInput(key):
                        typed += "" if key == NEXT else key
                        if key == NEXT or not menu.goes_on(typed):
                            return menu.by_key(typed) or UnknownDigits(typed)
                    case SpeechInput() as said:
                        return said
                    case None:
                        return (menu.by_key(typed) or UnknownDigits(typed)) if typed else None

    # --- what is said ----------------------------------------------------------------------------

    @property
    def _barge_in(self) -> bool:
        return self._services.subscriber.rules().preferences.barge_in

    @property
    def hears(self) -> bool:
        """Whether anything that is said can be understood."""
        recognizer = self._services.recognizer
        able = recognizer is not None and self.language in recognizer.languages
        return able and self._services.subscriber.rules().preferences.voice

    def _understand(self, menu: Menu[T]) -> Understand | None:
        recognizer = self._services.recognizer
        if not self.hears or recognizer is None:
            return None
        return understanding(recognizer, menu, self.language)

    async def _meant(self, menu: Menu[T], choices: Sequence[Candidate]) -> MenuEntry[T] | None:
        """Nobody is dialled on a guess: what was said is asked again, where it matters."""
        entries = [entry for one in close_ones(choices) if (entry := menu.by_key(one.key))]
        match entries:
            case [entry] if not menu.confirm:
                return entry
            case [entry]:
                return await self.choose(is_it(entry, self.language))
            case [_, *_]:
                return await self.choose(which(entries, self.language))
        return None

    # --- a number or a name by keys --------------------------------------------------------------

    async def type(
        self,
        sentence: str,
        typed: str = "",
        *,
        most: int = 32,
        pause: float = MORE_DIGITS,
        **facts: str,
    ) -> str | None:
        """Digits up to #, `most` of them, or a `pause`; those that were `typed` before come first.
        None: one step back. When nothing is typed, it is asked again.
        """
        prompt = self._prompt(spoken(self.language, sentence, **facts))
        while True:
            more = await self._typed(prompt, most - len(typed), pause)
            if more is None:
                return None
            if more:
                self._failures = 0
                return typed + more
            await self._failed()

    async def _typed(self, prompt: Prompt, most: int, pause: float) -> str | None:
        typed = ""
        async with Inputs.open(self._services, self._listener, prompt) as inputs:
            while len(typed) < most:
                match await inputs.next(pause if typed else PATIENCE):
                    case KeyInput("*"):
                        return None
                    case None | KeyInput("#"):
                        break
                    case KeyInput(digit):
                        typed += digit
        return typed

    async def say(self, sentence: str, **facts: str) -> None:
        """To its end, unless a key interrupts it; the key is for what comes next."""
        await self.read_out(spoken(self.language, sentence, **facts))

    async def read_out(self, text: str) -> None:
        """The same with what is in the user's language already."""
        await tell(self._services, self._listener, self._prompt(text))

    async def last_words(self, sentence: str) -> None:
        """Whatever is pressed; returns once it has reached an ear."""
        await silent_if_broken(partial(self._services.say, self._listener.leg.audio, sentence))
        await asyncio.sleep(LAST_WORDS)

    # --- what is read out ------------------------------------------------------------------------

    def _prompt(self, text: str, first: Prompt | None = None) -> Prompt:
        async def prompt() -> None:
            if first is not None:
                await silent_if_broken(first)
            await self._services.read_out(self._listener.leg.audio, text.strip())

        return prompt

    def _page(self, menu: Menu[T], pages: Sequence[tuple[MenuEntry[T], ...]], page: int) -> str:
        phrases = [] if page else [menu.title]
        phrases += [entry.sentence for entry in pages[page]]
        if page + 1 < len(pages):
            phrases.append(_MORE)
        return " ".join(phrase.within(self.language) for phrase in phrases if phrase.sentence)

    def _help(self, menu: Menu[T]) -> str:
        more = _KEYS_ONLY if self._understand(menu) is None else _WORDS_TOO
        return f"{menu.help.within(self.language)} {spoken(self.language, more)}"

    # --- nobody there ----------------------------------------------------------------------------

    async def _failed(self) -> None:
        """Once more nothing, or nothing useful; after the third time it is over."""
        self._failures += 1
        if self._failures < FAILURES:
            return
        await self.last_words(_GOODBYE)
        self._leave()
        await asyncio.Future()  # the call is being left
