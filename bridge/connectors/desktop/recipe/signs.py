"""By what a recipe recognises something: a notification, a stream, the page, or a window."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from bridge.connectors.desktop.protocol.messages import Notified
from bridge.connectors.desktop.protocol.scene import Scene


class Keys(BaseModel):
    """A table of a recipe: unknown keys are mistakes."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def _compiled(text: str) -> str:
    try:
        re.compile(text)
    except re.error as why:
        raise ValueError(f"is no regular expression ({why})") from None
    return text


Pattern = Annotated[str, AfterValidator(_compiled)]
"""A regular expression (Python's), searched for in upper or lower case."""


def matches(pattern: str | None, text: str) -> bool:
    """None matches everything."""
    return pattern is None or re.search(pattern, text, re.IGNORECASE) is not None


def matches_action(pattern: str, key: str, label: str) -> bool:
    """Its key or what is written on it, as a whole: Chromium's keys are nothing but positions."""
    return any(re.fullmatch(pattern, text, re.IGNORECASE) for text in (key, label))


class _Looks(Keys):
    """What must be so; at least one thing."""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.model_fields_set:
            raise ValueError(f"needs at least one of {', '.join(sorted(keys_of(type(self))))}")
        return self


class NotificationLooks(_Looks):
    """How a notification is recognised."""

    app: Pattern | None = None
    summary: Pattern | None = None
    body: Pattern | None = None
    action: Pattern | None = None

    def fits(self, one: Notified) -> bool:
        return (
            matches(self.app, one.app)
            and matches(self.summary, one.summary)
            and matches(self.body, one.body)
            and (
                self.action is None
                or any(matches_action(self.action, it.key, it.label) for it in one.actions)
            )
        )


class StreamLooks(Keys):
    """How a program's sound is recognised."""

    does: Literal["plays", "records"]
    program: Pattern | None = None
    """Without it: the recipe's own program."""
    media: Pattern | None = None
    without: Literal["plays", "records"] | None = None


class PageLooks(_Looks):
    """How something on the page is recognised."""

    url: Pattern | None = None
    element: str | None = None


class WindowLooks(_Looks):
    """How a window is recognised."""

    wm_class: Pattern | None = Field(None, alias="class")
    title: Pattern | None = None
    width: int | None = Field(None, gt=0)
    height: int | None = Field(None, gt=0)
    popup: bool | None = None


def keys_of(model: type[BaseModel]) -> dict[str, Any]:
    """The fields of a table, by the names that are written in a recipe."""
    return {field.alias or name: field for name, field in model.model_fields.items()}


@dataclass(frozen=True)
class FoundSign:
    """A sign was found. `key` is what it was found in, the same as long as that is there."""

    key: tuple[str, str | int]
    name: str = ""
    address: str = ""


RANKS = ("notification", "stream", "page", "window")
"""What is believed first. A program's D-Bus, between the first two, is for steps: it is asked, it
does not tell.
"""
_TEXTS = {"notification": ("summary", "body"), "stream": (), "window": ("title",)}


class Sign(Keys):
    """One of the four, and what of it says who is calling."""

    notification: NotificationLooks | None = None
    stream: StreamLooks | None = None
    page: PageLooks | None = None
    window: WindowLooks | None = None
    min_ms: int = Field(0, ge=0, le=10_000)
    name: str = ""
    address: str = ""

    @property
    def kind(self) -> str:
        return next(kind for kind in RANKS if getattr(self, kind) is not None)

    @property
    def rank(self) -> int:
        """Small ones are believed first."""
        return RANKS.index(self.kind)

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if sum(getattr(self, kind) is not None for kind in RANKS) != 1:
            raise ValueError(f"needs one of {', '.join(RANKS)}, and only one")
        for key, source in (("name", self.name), ("address", self.address)):
            allowed = _TEXTS.get(self.kind)
            if source and allowed is not None and source not in allowed:
                could = " or ".join(f'"{one}"' for one in allowed) or "nothing"
                raise ValueError(f"{key} can be {could} for a {self.kind}, not {source!r}")
        return self

    def found(self, scene: Scene, program: str, *, corked: bool = False) -> Iterator[FoundSign]:
        """Everything in the scene that fits. `program` is a pattern for the names of the recipe's
        own program; a corked (paused) stream counts only where `corked` says so.
        """
        if self.notification is not None:
            for note in scene.notifications.values():
                if self.notification.fits(note):
                    texts = {"summary": note.summary, "body": note.body}
                    yield self._named(("notification", note.id), texts)
        elif self.stream is not None:
            yield from _streams(self.stream, scene, program, corked)
        elif self.page is not None:
            yield from self._on_page(self.page, scene)
        elif self.window is not None:
            yield from self._windows(self.window, scene)

    def _on_page(self, looks: PageLooks, scene: Scene) -> Iterator[FoundSign]:
        page = scene.page
        if page is None or not matches(looks.url, page.url):
            return
        if looks.element is None or looks.element in page.shown:
            yield self._named(("page", looks.element or ""), page.texts)

    def _windows(self, looks: WindowLooks, scene: Scene) -> Iterator[FoundSign]:
        for one in scene.windows.values():
            if (
                matches(looks.wm_class, one.wm_class)
                and matches(looks.title, one.title)
                and looks.width in (None, one.width)
                and looks.height in (None, one.height)
                and looks.popup in (None, one.override_redirect)
            ):
                yield self._named(("window", one.id), {"title": one.title})

    def _named(self, key: tuple[str, str | int], texts: dict[str, str]) -> FoundSign:
        return FoundSign(key, *(self._text(texts, source) for source in (self.name, self.address)))

    def _text(self, texts: dict[str, str], source: str) -> str:
        """Where the pattern for it has a group called `name`, only that."""
        text = texts.get(source, "")
        looks = self.notification or self.window
        pattern = getattr(looks, source, None) if source else None
        searched = re.search(pattern, text, re.IGNORECASE) if pattern else None
        if searched and searched.groupdict().get("name"):
            text = searched["name"]
        return " ".join(text.split())


def _streams(looks: StreamLooks, scene: Scene, program: str, corked: bool) -> Iterator[FoundSign]:
    whose = looks.program or program
    own = [one for one in scene.streams.values() if matches(f"^(?:{whose})$", one.program)]
    if any(one.stream == looks.without and not one.corked for one in own):
        return
    for one in own:
        counts = one.stream == looks.does and (corked or not one.corked)
        if counts and matches(looks.media, one.name):
            yield FoundSign((one.stream, one.index))
