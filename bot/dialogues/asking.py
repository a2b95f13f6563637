"""Questions to the member. What they have in common stands here only: nothing is lost before the
member was asked; an answer that was refused is asked for again, with the reason above the question
and [Cancel] still under it.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.dialogues.sending import Does, Subject, carries, does_and_shows, leads, wanted
from bot.keyboard import Rows, columns
from bot.request_context import Page, RequestContext
from bot.screen import ButtonPress, DialogueStep, Screen, arguments
from bot.wording.texts import N_, Words, lines

Asks = str | Callable[..., Awaitable[str | Page]]
"""A sentence, or what draws the question of what the button carries."""
Facts = Callable[..., Awaitable[Mapping[str, object]]]
"""What a sentence and the labels under it say of what the button carries."""


def confirms(
    screen: Screen,
    name: str,
    asks: Asks,
    does: Does,
    *,
    no: Subject,
    then: Subject = "",
    facts: Facts | None = None,
    labels: tuple[str, str] = (N_("Yes, remove it"), N_("No, keep it")),
    says: str = "",
    sure: str = "",
) -> ButtonPress[...]:
    """Asks whether to do it. Yes does it and shows `then`, or says so, with the way there; no leads
    back to `no`.

    `sure`: what the button goes by that does it, if not by `name`_for_good.
    """
    kinds = carries(does) if isinstance(asks, str) else arguments(asks)
    act = does_and_shows(does, then, says)
    yes = ButtonPress[...](f"{screen.name}.{sure or f'{name}_for_good'}", act, kinds)
    screen.add(yes)

    async def press(request: RequestContext, **carried: Any) -> None:
        told = await facts(request, **carried) if facts else {}
        page = await _drawn(request, asks, told, carried)
        sure, keep = (request.words.label(label, **told) for label in labels)
        rows = [[yes.button(sure, *carried.values())], [leads(keep, no, carried)]]
        await request.show(Page(page.text, [*page.rows, *rows]))

    return screen.add(ButtonPress(f"{screen.name}.{name}", press, kinds))


def asks_text(
    screen: Screen,
    name: str,
    asks: Asks,
    does: Does,
    field: str = "",
    *,
    back: Subject,
    media: bool = False,
    number: bool = False,
) -> ButtonPress[...]:
    """Asks for a text, which becomes the command's `field`, and shows `back`.

    `does` may also be a function that reads the answer itself and shows what comes of it. `media`:
    the answer may be a file, a voice message or a location too. `number`: a contact that is sent
    stands for its telephone number.
    """
    kinds = {key: kind for key, kind in carries(does).items() if key != field}
    act = does_and_shows(does, back if field else "")

    async def press(request: RequestContext, **carried: Any) -> None:
        await again(request, "", **carried)

    async def again(request: RequestContext, why: str, **carried: Any) -> None:
        page = await _drawn(request, asks, {}, carried)
        step.expect(request, **carried)
        cancel = leads(request.words.label(N_("Cancel")), back, carried)
        await request.show(Page(lines(why, page.text), [*page.rows, [cancel]]))

    async def answered(request: RequestContext, **carried: Any) -> None:
        typed = {field: request.text} if field else {}
        await act(request, **carried, **typed)

    step = DialogueStep[...](
        f"{screen.name}.{name}", answered, media=media, number=number, again=again
    )
    screen.expects(step)
    return screen.add(ButtonPress(step.name, press, kinds))


@dataclass(frozen=True)
class Options:
    """Values that `press` carries last, each under its label."""

    press: ButtonPress[...]
    values: Sequence[object]
    label: Callable[[Words, Any], str]
    in_a_row: int = 2

    def rows(self, words: Words, carried: Iterable[object]) -> Rows:
        before = tuple(carried)
        buttons = [
            self.press.button(self.label(words, value), *before, value) for value in self.values
        ]
        return columns(buttons, self.in_a_row)


def chooses(
    screen: Screen,
    name: str,
    asks: Asks,
    *options: Options,
    back: Subject,
    facts: Facts | None = None,
) -> ButtonPress[...]:
    """Asks which of several it shall be."""
    kinds = dict(list(options[0].press.arguments.items())[:-1])

    async def press(request: RequestContext, **carried: Any) -> None:
        told = await facts(request, **carried) if facts else {}
        page = await _drawn(request, asks, told, carried)
        rows = [row for each in options for row in each.rows(request.words, carried.values())]
        last = leads(request.words.label(N_("Back")), back, carried)
        await request.show(Page(page.text, [*rows, [last]]))

    return screen.add(ButtonPress(f"{screen.name}.{name}", press, kinds))


async def _drawn(
    request: RequestContext, asks: Asks, told: Mapping[str, object], carried: Mapping[str, Any]
) -> Page:
    if isinstance(asks, str):
        return Page(request.words(asks, **told))
    drawn = await asks(request, **wanted(arguments(asks), carried))
    return drawn if isinstance(drawn, Page) else Page(drawn)
