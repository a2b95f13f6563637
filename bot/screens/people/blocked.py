"""The block list: whose calls do not ring."""

import base64
from hashlib import sha256

from bot.keyboard import to
from bot.links import links
from bot.request_context import Page, RequestContext
from bot.screen import Screen
from bot.wording.texts import N_, Words, lines
from bridge.api.commands.calls import Block, ListBlocked, Unblock
from bridge.api.views import BlockedView

ANONYMOUS = "anonymous"
ON_A_PAGE = 10

screen = Screen("block", about=N_("Whose calls do not ring"))


@screen.opened
async def block_list(request: RequestContext) -> None:
    await page(request, 0)


@screen.pressed
async def page(request: RequestContext, offset: int) -> None:
    await _show(request, await request.ask(ListBlocked(user=request.user)), offset)


async def _show(request: RequestContext, blocked: list[BlockedView], offset: int = 0) -> None:
    words = request.words
    offset = min(max(offset, 0), max(len(blocked) - 1, 0))
    text = lines(
        words("<b>Block list</b>"),
        words("Press a caller to take it off the list.")
        if blocked
        else words("Nobody is blocked."),
    )
    rows = [
        [remove.button(words.label("Unblock {who}", who=_who(words, each)), _mark(each))]
        for each in blocked[offset:][:ON_A_PAGE]
    ]
    turns = []
    if offset:
        turns.append(page.button(words.label("Previous"), max(offset - ON_A_PAGE, 0)))
    if len(blocked) > offset + ON_A_PAGE:
        turns.append(page.button(words.label("More"), offset + ON_A_PAGE))
    adds = [add.button(words.label("Block somebody"))]
    if all(each.address != ANONYMOUS for each in blocked):
        adds.append(add_anonymous.button(words.label("Block hidden numbers")))
    await request.show(Page(text, [*rows, turns, adds, links(words, "start")]))


@screen.pressed
async def add(request: RequestContext) -> None:
    words = request.words
    typed.expect(request)
    text = words(
        "Please type the number or address to block. "
        "A star at the end blocks all that begin so: +4990012*"
    )
    await request.show(Page(text, [[to(words.label("Cancel"), "block")]]))


@screen.answered
async def typed(request: RequestContext) -> None:
    await _show(request, await request.ask(Block(user=request.user, address=request.text)))


@screen.pressed
async def add_anonymous(request: RequestContext) -> None:
    await _show(request, await request.ask(Block(user=request.user, address=ANONYMOUS)))


@screen.pressed
async def remove(request: RequestContext, mark: str) -> None:
    for each in await request.ask(ListBlocked(user=request.user)):
        if _mark(each) == mark:
            await _show(
                request, await request.ask(Unblock(user=request.user, address=each.address))
            )
            return
    await block_list(request)


def _mark(blocked: BlockedView) -> str:
    """16 characters of its digest stand for an address, which may be too long for a button."""
    return base64.urlsafe_b64encode(sha256(blocked.address.encode()).digest()[:12]).decode()


def _who(words: Words, blocked: BlockedView) -> str:
    if blocked.address == ANONYMOUS:
        return words.label("hidden numbers")
    return words.party(blocked.name, blocked.address)
