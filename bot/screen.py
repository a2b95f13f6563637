"""A screen: one subject of the chat, with its commands, buttons, questions and events."""

from collections.abc import Awaitable, Callable
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar, get_type_hints

from telegram import InlineKeyboardButton, Message

from bot.bot_state import Pending
from bot.keyboard import button, read
from bot.request_context import RequestContext
from bridge.api.events import Event

P = ParamSpec("P")
E = TypeVar("E", bound=Event)

Act = Callable[Concatenate[RequestContext, P], Awaitable[None]]
Telling = Callable[[RequestContext, Any], Awaitable[None]]
Fits = Callable[[Message], bool]


class ButtonPress(Generic[P]):
    """What a button does. The buttons are made here too, so mypy checks what they carry."""

    def __init__(self, name: str, act: Act[P]) -> None:
        self.name = name
        self.act = act
        hints = [kind for key, kind in get_type_hints(act).items() if key != "return"]
        self._kinds: list[type[Any]] = hints[1:]

    def button(self, label: str, *args: P.args, **kwargs: P.kwargs) -> InlineKeyboardButton:
        return button(label, self.name, *args, *kwargs.values())

    async def __call__(self, request: RequestContext, *args: P.args, **kwargs: P.kwargs) -> None:
        await self.act(request, *args, **kwargs)

    async def follow(self, request: RequestContext, written: list[str]) -> None:
        """Do what a pressed button carries; Outdated when it does not fit."""
        act: Callable[..., Awaitable[None]] = self.act
        await act(request, *read(self._kinds, written))


class DialogueStep(Generic[P]):
    """What happens with the answer to a question: the member's next message."""

    def __init__(self, act: Act[P], *, secret: bool, media: bool) -> None:
        self.act = act
        self._secret = secret
        self._media = media

    def expect(self, request: RequestContext, *args: P.args, **kwargs: P.kwargs) -> Pending:
        async def answered(later: RequestContext) -> None:
            await self.act(later, *args, **kwargs)

        pending = Pending(answered, self._secret, self._media)
        request.state.pending[request.chat] = pending
        return pending


class Screen:
    """Its name is its command, described by `about`; without `about` it has no command.

    `stays`: its messages are not pages to leaf through but things that stay in the chat, such as a
    call card. Pressing a button there drops no open question, and no refusal takes their place.
    """

    def __init__(self, name: str, *, about: str = "", stays: bool = False) -> None:
        self.name = name
        self.about = about
        self.stays = stays
        self.presses: dict[str, ButtonPress[Any]] = {}
        self.tells: dict[type[Any], Telling] = {}
        self.takes: list[tuple[Fits, Act[[]]]] = []

    def opened(self, act: Act[[]]) -> ButtonPress[[]]:
        """The page one sees on coming in, by command or by button."""
        return self._add("open", act)

    def pressed(self, act: Act[P]) -> ButtonPress[P]:
        return self._add(getattr(act, "__name__", ""), act)

    def answered(self, act: Act[P]) -> DialogueStep[P]:
        return DialogueStep(act, secret=False, media=False)

    def answered_in_secret(self, act: Act[P]) -> DialogueStep[P]:
        return DialogueStep(act, secret=True, media=False)

    def answered_by_any(self, act: Act[P]) -> DialogueStep[P]:
        """The answer may be a voice message, a sound file or a location."""
        return DialogueStep(act, secret=False, media=True)

    def unasked(self, fits: Fits) -> Callable[[Act[[]]], Act[[]]]:
        """What to do with something that fits and was sent though no question asked for it."""

        def add(act: Act[[]]) -> Act[[]]:
            self.takes.append((fits, act))
            return act

        return add

    def told(
        self, kind: type[E]
    ) -> Callable[
        [Callable[[RequestContext, E], Awaitable[None]]],
        Callable[[RequestContext, E], Awaitable[None]],
    ]:
        """How the chat shows an event of the house."""

        def add(
            telling: Callable[[RequestContext, E], Awaitable[None]],
        ) -> Callable[[RequestContext, E], Awaitable[None]]:
            self.tells[kind] = telling
            return telling

        return add

    def _add(self, act_name: str, act: Act[P]) -> ButtonPress[P]:
        press = ButtonPress(f"{self.name}.{act_name}", act)
        self.presses[act_name] = press
        return press
