"""A button that sends a command to the house, and what is shown then."""

from collections.abc import Awaitable, Callable, Mapping
from types import NoneType
from typing import Any, Protocol, TypeVar, get_args
from uuid import UUID

from telegram import InlineKeyboardButton

from bot.keyboard import button, to
from bot.links import TITLES, links
from bot.request_context import Page, RequestContext
from bot.screen import ButtonPress, Kinds, Screen, arguments
from bot.wording.texts import N_, Words
from bridge.api.command import Command
from bridge.errors import UnknownTarget

Does = type[Command[Any]] | Callable[..., Awaitable[None]]
Subject = ButtonPress[...] | str
"""A press of the same screen; another screen, by its name; or a press of another one, by its name,
with the same arguments.
"""


def sends(
    screen: Screen, name: str, does: Does, *fields: str, then: Subject = "", says: str = ""
) -> ButtonPress[...]:
    """Does it, then shows `then`; or the sentence `says`, with the way back to `then`.

    `fields`: what the button carries beside what the command must have.
    """
    act = does_and_shows(does, then, says)
    return screen.add(ButtonPress(f"{screen.name}.{name}", act, carries(does, *fields)))


class Toggle:
    """A switch. Its button says what a press would do."""

    def __init__(
        self,
        screen: Screen,
        name: str,
        does: Does,
        field: str,
        then: Subject,
        *,
        on: str = N_("Switch on"),
        off: str = N_("Switch off"),
    ) -> None:
        self._press = sends(screen, name, does, field, then=then)
        self._on, self._off = on, off

    def button(self, words: Words, is_on: bool, *carried: object) -> InlineKeyboardButton:
        label = words.label(self._off if is_on else self._on)
        return self._press.button(label, *carried, not is_on)


def does_and_shows(does: Does, then: Subject, says: str = "") -> Callable[..., Awaitable[None]]:
    async def act(request: RequestContext, **carried: Any) -> None:
        if isinstance(does, type):
            await request.ask(does(user=request.user, **carried))
        else:
            await does(request, **wanted(arguments(does), carried))
        if says:
            await request.show(Page(request.words(says), [_ways(request.words, then, carried)]))
        elif isinstance(then, ButtonPress):
            await then.act(request, **wanted(then.arguments, carried))

    return act


def _ways(words: Words, then: Subject, carried: Mapping[str, Any]) -> list[InlineKeyboardButton]:
    if isinstance(then, str) and then in TITLES:
        return links(words, *dict.fromkeys((then, "start")))
    return [leads(words.label(N_("Back")), then, carried)]


def carries(does: Does, *fields: str) -> Kinds:
    """What a command must have, and then `fields`, with their types."""
    if not (isinstance(does, type) and issubclass(does, Command)):
        return arguments(does)
    must = [name for name, field in does.model_fields.items() if field.is_required()]
    names = [name for name in must if name != "user" and name not in fields]
    return {name: _kind(does.model_fields[name].annotation) for name in (*names, *fields)}


def wanted(kinds: Kinds, carried: Mapping[str, Any]) -> dict[str, Any]:
    return {name: carried[name] for name in kinds}


def leads(label: str, subject: Subject, carried: Mapping[str, Any]) -> InlineKeyboardButton:
    """A button to `subject`."""
    if isinstance(subject, ButtonPress):
        return subject.button(label, *wanted(subject.arguments, carried).values())
    return button(label, subject, *carried.values()) if "." in subject else to(label, subject)


class Identified(Protocol):
    """A view that has an id."""

    @property
    def id(self) -> UUID: ...


V = TypeVar("V", bound=Identified)


def found(owned: list[V], id: UUID, missing: str) -> V:
    """The one with this id; UnknownTarget(missing)."""
    for each in owned:
        if each.id == id:
            return each
    raise UnknownTarget(missing)


def _kind(annotation: Any) -> type[Any]:
    """`int` of `int | None`."""
    kinds = [each for each in get_args(annotation) if each is not NoneType]
    kind: type[Any] = kinds[0] if kinds else annotation
    return kind
