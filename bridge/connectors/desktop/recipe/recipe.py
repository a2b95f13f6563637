"""A recipe: how one client program is started, understood and steered. Data, never code.

`docs/recipes.md` explains every key. A recipe is written by hand, by somebody who cannot be asked:
whatever is wrong in it is found when it is read, and becomes one sentence with file, key and
remedy.
"""

import re
from collections.abc import Mapping
from typing import Self
from urllib.parse import urlsplit

from pydantic import Field, model_validator

from bridge.connectors.desktop.protocol.requests import Start, Watch
from bridge.connectors.desktop.recipe.placeholders import (
    DIGIT,
    PEER,
    filled,
    filled_argument,
    placeholders,
    stand_in_quotes,
)
from bridge.connectors.desktop.recipe.signs import Keys, Pattern, Sign
from bridge.connectors.desktop.recipe.steps import Point, RecipeStep
from bridge.connectors.desktop.recipe.tables import (
    Contacts,
    Native,
    RecipeQuestion,
    SignTable,
    Steps,
    WebApp,
    Word,
)
from bridge.errors import UnknownTarget

CHROMIUM = "chromium"
RING_BY_SOUND_MS = 1000


class Recipe(Keys):
    """`values`, in its methods, are the answers to the questions, by name."""

    title: str = Field(min_length=1, max_length=40)
    network: Word
    verified: str = ""
    """With which version, on which system; "": nobody has yet, and the user is told so."""
    program: Native | None = None
    web: WebApp | None = None
    elements: dict[Word, str] = Field(default_factory=dict)
    """Of the page, by name: CSS selectors, or Playwright's own."""
    ask: dict[Word, RecipeQuestion] = Field(default_factory=dict)
    signs: SignTable
    answer: Steps = Field(min_length=1)
    decline: Steps = ()
    hang_up: Steps = Field(min_length=1)
    dial: Steps = ()
    press: Steps = ()
    hold: Steps = ()
    unhold: Steps = ()
    peer: Pattern = r"[^-\x00-\x1f\x7f][^\x00-\x1f\x7f]*"
    """What can be dialled, as a whole."""
    contacts: Contacts | None = None

    @property
    def needs_screen(self) -> bool:
        shown = self.program or self.web
        return shown is not None and shown.screen

    @property
    def browser(self) -> bool:
        return self.web is not None

    @property
    def binary(self) -> str:
        """A pattern for the whole name by which PulseAudio knows the program."""
        if self.program is None:
            return CHROMIUM
        return self.program.binary or re.escape(self.program.run[0].rpartition("/")[2])

    def start(self, values: Mapping[str, str]) -> Start:
        if self.web is not None:
            return Start(address=filled(self.web.address, values))
        assert self.program is not None  # one of the two: checked when it was read
        return Start(
            argv=tuple(filled_argument(word, values) for word in self.program.run),
            environment={
                name: filled(value, values) for name, value in self.program.environment.items()
            },
            microphone_after_ms=self.program.microphone_after_ms,
        )

    def watch(self) -> Watch | None:
        """The elements that the signs need."""
        wanted = {
            name
            for sign in self.signs.each()
            if sign.page is not None
            for name in (sign.page.element, sign.name, sign.address)
            if name
        }
        elements = {name: self.elements[name] for name in sorted(wanted)}
        return Watch(elements=elements) if self.web is not None else None

    def origins(self, values: Mapping[str, str]) -> tuple[str, ...]:
        """As Chromium's policies want them: "https://host:port"."""
        if self.web is None:
            return ()
        places = [filled(one, values) for one in self.web.origins or (self.web.address,)]
        parts = [urlsplit(place) for place in places]
        return tuple(dict.fromkeys(f"{part.scheme}://{part.netloc}" for part in parts))

    def target(self, peer: str) -> str:
        """Raises UnknownTarget("cannot_dial") for one that cannot exist, or where the recipe does
        not say how to dial.
        """
        peer = peer.strip()
        if not self.dial or not re.fullmatch(self.peer, peer):
            raise UnknownTarget("cannot_dial")
        return peer

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if (self.program is None) == (self.web is None):
            raise ValueError("needs one of program, web, and only one")
        for sign in self.signs.rings:
            self._rings_by_more_than_sound(sign)
        for sign in self.signs.each():
            if sign.page is not None:
                self._page_sign(sign)
            if sign.window is not None:
                self._on_screen("signs: a window")
        for name in STEPS:
            for step in getattr(self, name):
                self._step(name, step)
        if self.contacts is not None:
            self._element("contacts.element", self.contacts.element)
        self._known("program or web", self._starting(), set())
        for key, selector in self.elements.items():
            self._known(f"elements.{key}", [selector], {PEER, DIGIT})
            if not stand_in_quotes(selector):
                raise ValueError(f"elements.{key}: a placeholder must stand in quotes")
        return self

    @staticmethod
    def _rings_by_more_than_sound(sign: Sign) -> None:
        stream = sign.stream
        if stream is not None and (
            (stream.does, stream.without) != ("plays", "records") or sign.min_ms < RING_BY_SOUND_MS
        ):
            raise ValueError(
                'signs.rings: a stream is a sign for a ring only with does = "plays", without = '
                f'"records" and min_ms of at least {RING_BY_SOUND_MS}: programs play other things'
            )

    def _page_sign(self, sign: Sign) -> None:
        if self.web is None:
            raise ValueError("signs: only a recipe with [web] has a page")
        assert sign.page is not None
        for name in (sign.page.element, sign.name, sign.address):
            self._element("signs", name or "")
            if placeholders([self.elements.get(name or "", "")]):
                raise ValueError(f"elements.{name}: a sign's element cannot hold a placeholder")

    def _step(self, name: str, step: RecipeStep) -> None:
        if self.web is None and step.open is not None:
            raise ValueError(f"{name}: only a recipe with [web] can open an address")
        if step.kind in ("close", "keys") or isinstance(step.click, Point):
            self._on_screen(f"{name}: {step.kind}")
        self._element(name, step.element)
        more = {"dial": {PEER}, "press": {DIGIT}}.get(name, set())
        self._known(name, [*step.texts(), self.elements.get(step.element, "")], more)
        if step.fill is not None:
            self._known(name, [step.fill.text], more | set(self.ask))

    def _on_screen(self, what: str) -> None:
        if not self.needs_screen:
            raise ValueError(f"{what} needs screen = true")

    def _element(self, key: str, name: str) -> None:
        if name and name not in self.elements:
            raise ValueError(f"{key}: no element is called {name!r}; add it to [elements]")

    def _starting(self) -> list[str]:
        run = self.contacts.run if self.contacts is not None else ()
        if self.web is not None:
            return [*run, self.web.address, *self.web.origins]
        assert self.program is not None
        return [*run, *self.program.run, *self.program.environment.values()]

    def _known(self, key: str, texts: list[str], more: set[str]) -> None:
        """Secrets are typed and nothing else: a command can be read by others while it runs."""
        for name in sorted(placeholders(texts) - more):
            if name not in self.ask:
                raise ValueError(f"{key}: nothing is asked for {{{name}}}; add [ask.{name}]")
            if self.ask[name].secret:
                raise ValueError(f"{key}: {{{name}}} is secret, and can only be typed (fill)")


STEPS = ("answer", "decline", "hang_up", "dial", "press", "hold", "unhold")
