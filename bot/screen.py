"""A screen: one subject of the chat, with its commands, buttons, questions and events."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
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
Again = Callable[..., Awaitable[None]]
Fits = Callable[[Message], bool]
Kinds = Mapping[str, type[Any]]


def arguments(act: Callable[..., Any]) -> Kinds:
    """What `act` wants beside the request, by name."""
    hints = [(name, kind) for name, kind in get_type_hints(act).items() if name != "return"]
    return dict(hints[1:])


class ButtonPress(Generic[P]):
    """What a button does. The buttons are made here too, so what they carry is what is read."""

    def __init__(
        self, name: str, act: Callable[..., Awaitable[None]], kinds: Kinds | None = None
    ) -> None:
        """`kinds`: where `act` does not say itself what it wants."""
        self.name = name
        self.act = act
        self.arguments = arguments(act) if kinds is None else kinds

    def button(self, label: str, *args: P.args, **kwargs: P.kwargs) -> InlineKeyboardButton:
        carried = (*args, *kwargs.values())
        if len(carried) != len(self.arguments):
            raise TypeError(f"{self.name} carries {list(self.arguments)}, not {carried}")
        return button(label, self.name, *carried)

    async def __call__(self, request: RequestContext, *args: P.args, **kwargs: P.kwargs) -> None:
        await self.act(request, **dict(zip(self.arguments, args, strict=False)), **kwargs)

    def read(self, written: Sequence[str]) -> dict[str, Any]:
        """What a pressed button carries; Outdated when it does not fit."""
        return dict(zip(self.arguments, read(list(self.arguments.values()), written), strict=True))


class DialogueStep(Generic[P]):
    """What happens with the answer to a question: the member's next message."""

    def __init__(
        self,
        name: str,
        act: Callable[..., Awaitable[None]],
        *,
        secret: bool = False,
        media: bool = False,
        number: bool = False,
        again: Again | None = None,
    ) -> None:
        """`again` puts the question once more, and before it why the answer was not taken."""
        self.name = name
        self.act = act
        self.again = again
        self._secret = secret
        self._media = media
        self._number = number

    def expect(self, request: RequestContext, *args: P.args, **kwargs: P.kwargs) -> None:
        given = {**dict(zip(arguments(self.act), args, strict=False)), **kwargs}
        pending = Pending(self.name, given, self._secret, self._media, self._number)
        request.state.pending[request.chat] = pending


class Screen:
    """Its name is its command, described by `about`; without `about` it has no command.

    `stays`: its messages are not pages to leaf through but things that stay in the chat, such as a
    call card. Pressing a button there drops no open question, and no refusal takes their place.
    `asks`: its buttons answer its own open questions, so they drop none either.
    """

    def __init__(
        self, name: str, *, about: str = "", stays: bool = False, asks: bool = False
    ) -> None:
        self.name = name
        self.about = about
        self.stays = stays
        self.asks = asks
        self.presses: dict[str, ButtonPress[Any]] = {}
        self.steps: dict[str, DialogueStep[Any]] = {}
        self.tells: dict[type[Any], Telling] = {}
        self.takes: list[tuple[Fits, Act[[]]]] = []
        self.leave: Callable[..., Awaitable[None]] | None = None

    def opened(self, act: Act[[]]) -> ButtonPress[[]]:
        """The page one sees on coming in, by command or by button."""
        return self.add(ButtonPress(f"{self.name}.open", act))

    def pressed(self, act: Act[P]) -> ButtonPress[P]:
        return self.add(ButtonPress(f"{self.name}.{_name(act)}", act))

    def answered(self, act: Act[P]) -> DialogueStep[P]:
        return self.expects(DialogueStep(f"{self.name}.{_name(act)}", act))

    def answered_in_secret(self, act: Act[P]) -> DialogueStep[P]:
        return self.expects(DialogueStep(f"{self.name}.{_name(act)}", act, secret=True))

    def left(self, act: Act[P]) -> Act[P]:
        """What to do when the member goes elsewhere and leaves a question of this screen open."""
        self.leave = act
        return act

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

    def add(self, press: ButtonPress[P]) -> ButtonPress[P]:
        self.presses[press.name.partition(".")[2]] = press
        return press

    def expects(self, step: DialogueStep[P]) -> DialogueStep[P]:
        self.steps[step.name.partition(".")[2]] = step
        return step


def _name(act: Callable[..., Any]) -> str:
    return getattr(act, "__name__", "")
