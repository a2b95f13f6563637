"""The block list: whose calls do not ring."""

import base64
from hashlib import sha256

from bot.dialogues.asking import asks_text
from bot.dialogues.leafing import Listing, pages
from bot.links import links
from bot.request_context import RequestContext
from bot.screen import Screen
from bot.wording.texts import N_, Words, lines
from bridge.api.commands.calls import Block, ListBlocked, Unblock
from bridge.api.views import BlockedView

ANONYMOUS = "anonymous"
ON_A_PAGE = 10

screen = Screen("block", about=N_("Whose calls do not ring"))


@pages(screen, ON_A_PAGE)
async def page(request: RequestContext, offset: int) -> Listing:
    words = request.words
    blocked = await request.ask(ListBlocked(user=request.user))
    text = lines(
        words("<b>Block list</b>"),
        words("Press a caller to take it off the list.")
        if blocked
        else words("Nobody is blocked."),
    )
    entries = [
        remove.button(words.label("Unblock {who}", who=_who(words, each)), _mark(each))
        for each in blocked
    ]
    adds = [add.button(words.label("Block somebody"))]
    if all(each.address != ANONYMOUS for each in blocked):
        adds.append(add_anonymous.button(words.label("Block hidden numbers")))
    return Listing(text, entries, [adds, links(words, "start")])


async def _typed(request: RequestContext) -> None:
    await request.ask(Block(user=request.user, address=request.text))
    await page(request, 0)


add = asks_text(
    screen,
    "add",
    N_(
        "Please type the number or address to block. "
        "A star at the end blocks all that begin so: +4990012*"
    ),
    _typed,
    back="block",
    number=True,
)


@screen.pressed
async def add_anonymous(request: RequestContext) -> None:
    await request.ask(Block(user=request.user, address=ANONYMOUS))
    await page(request, 0)


@screen.pressed
async def remove(request: RequestContext, mark: str) -> None:
    for each in await request.ask(ListBlocked(user=request.user)):
        if _mark(each) == mark:
            await request.ask(Unblock(user=request.user, address=each.address))
    await page(request, 0)


def _mark(blocked: BlockedView) -> str:
    """16 characters of its digest stand for an address, which may be too long for a button."""
    return base64.urlsafe_b64encode(sha256(blocked.address.encode()).digest()[:12]).decode()


def _who(words: Words, blocked: BlockedView) -> str:
    if blocked.address == ANONYMOUS:
        return words.label("hidden numbers")
    return words.party(blocked.name, blocked.address)
