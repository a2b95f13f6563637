"""A list that is leafed through, some entries at a time."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Concatenate, ParamSpec

from telegram import InlineKeyboardButton

from bot.keyboard import Rows
from bot.request_context import Page, RequestContext
from bot.screen import ButtonPress, Screen, arguments
from bot.wording.texts import N_

P = ParamSpec("P")
Draws = Callable[Concatenate[RequestContext, P], Awaitable["Listing"]]

NEWEST_FIRST = (N_("Newer"), N_("Older"))
BACK_AND_ON = (N_("Back"), N_("More"))


@dataclass(frozen=True)
class Listing:
    """`entries` are all there are; or those from `start` on, of which more than are shown tell that
    there are more.
    """

    text: str
    entries: Sequence[InlineKeyboardButton]
    below: Rows = ()
    start: int = 0


def pages(
    screen: Screen, size: int, turns: tuple[str, str] = (N_("Previous"), N_("More"))
) -> Callable[[Draws[P]], ButtonPress[P]]:
    """`size` entries at a time, from `offset` on, which is the last argument; where it is the only
    one, the list is what its screen opens with.
    """

    def declare(act: Draws[P]) -> ButtonPress[P]:
        draw: Callable[..., Awaitable[Listing]] = act
        kinds = arguments(act)

        async def show(request: RequestContext, offset: int, **carried: Any) -> None:
            offset = max(offset, 0)
            listing = await draw(request, offset=offset, **carried)
            first = offset - listing.start
            shown = listing.entries[first : first + size]
            if not shown and offset:  # those there were are gone
                return await show(request, offset - size, **carried)
            turn = [
                page.button(request.words.label(label), *carried.values(), max(there, 0))
                for label, there, is_one in (
                    (turns[0], offset - size, offset > 0),
                    (turns[1], offset + size, len(listing.entries) > first + size),
                )
                if is_one
            ]
            rows = [*([each] for each in shown), turn, *listing.below]
            await request.show(Page(listing.text, rows))

        async def opened(request: RequestContext) -> None:
            await show(request, 0)

        page: ButtonPress[Any] = ButtonPress(f"{screen.name}.page", show, kinds)
        if list(kinds) == ["offset"]:
            screen.opened(opened)
        return screen.add(page)

    return declare
