"""What can be done with a call while it goes on, and what the house tells of it."""

from uuid import UUID

from telegram import InlineKeyboardButton

from bot.keyboard import Rows, columns
from bot.links import links
from bot.request_context import Page, RequestContext
from bot.screen import Screen
from bot.screens.calls import calls
from bot.screens.people import blocked
from bot.wording.refusals import sentence_of
from bot.wording.sentences import LIKELY
from bot.wording.texts import N_, Words, lines
from bridge.api.commands.calls import ActOnCall, RunningCalls
from bridge.api.events import CallsLost, LimitReached, NothingHeard
from bridge.api.views import CallAction, CallCard, CardState
from bridge.errors import UnknownTarget

OVER = {CardState.ENDED, CardState.MISSED, CardState.DECLINED, CardState.BLOCKED}

_ACTS = {
    CallAction.VOICEMAIL: N_("Voicemail"),
    CallAction.NOT_NOW: N_("Not now"),
    CallAction.HANG_UP: N_("Hang up"),
}

screen = Screen("live", stays=True)


@screen.pressed
async def ring(request: RequestContext, call: UUID, phone: UUID) -> None:
    await _act(request, call, CallAction.RING, phone)


@screen.pressed
async def act(request: RequestContext, call: UUID, action: CallAction) -> None:
    await _act(request, call, action)


@screen.pressed
async def block(request: RequestContext, call: UUID) -> None:
    """Asks first, under the card itself; the next change of the card takes the question away."""
    words = request.words
    await _buttons(
        request,
        [
            [block_for_good.button(words.label("Yes, block this caller"), call)],
            [keep.button(words.label("No, do not block"), call)],
        ],
    )


@screen.pressed
async def block_for_good(request: RequestContext, call: UUID) -> None:
    await _act(request, call, CallAction.BLOCK)
    await _buttons(request, [[block_list.button(request.words.label("Block list"))]])


@screen.pressed
async def keep(request: RequestContext, call: UUID) -> None:
    shown = request.state.cards.get(call)
    running = [shown.card] if shown else await request.ask(RunningCalls(user=request.user))
    card = next((card for card in running if card.id == call), None)
    await _buttons(request, buttons(request.words, card) if card else [_history(request.words)])


@screen.pressed
async def history(request: RequestContext) -> None:
    await calls.page(request, 0)


@screen.pressed
async def block_list(request: RequestContext) -> None:
    await blocked.page(request, 0)


@screen.told(NothingHeard)
async def nothing_heard(request: RequestContext, event: NothingHeard) -> None:
    words = request.words
    seconds = round(event.seconds)
    told = (
        words("I have heard nothing from the other side for {seconds} seconds.", seconds=seconds)
        if event.side == "caller"
        else words("I have heard nothing from your phone for {seconds} seconds.", seconds=seconds)
    )
    likely = LIKELY.get(event.likely)
    advice = words(likely) if likely else words("Likely cause: {likely}.", likely=event.likely)
    await request.say(Page(lines(told, advice), [links(words, "test")]))


@screen.told(LimitReached)
async def limit_reached(request: RequestContext, event: LimitReached) -> None:
    words = request.words
    told = sentence_of(words, event.rule, event.facts)
    await request.say(Page(told, [links(words, "status")]))


@screen.told(CallsLost)
async def calls_lost(request: RequestContext, event: CallsLost) -> None:
    words = request.words
    told = words.count(
        "The bridge had to restart and a running call was cut off. It is ready again.",
        "The bridge had to restart and {number} running calls were cut off. It is ready again.",
        event.calls,
    )
    if event.calls == 0:
        told = words("The bridge had to restart. No call was running, and it is ready again.")
    await request.say(Page(told, [_history(words)]))


def buttons(words: Words, card: CallCard) -> Rows:
    """What can be done now; the house says what may be done at all."""
    rows: list[list[InlineKeyboardButton]] = []
    if CallAction.RING in card.actions:
        rings = [
            ring.button(words.label("Ring {phone}", phone=phone.label), card.id, phone.id)
            for phone in card.phones
            if phone.state is None
        ]
        rows.extend(list(row) for row in columns(rings))
    acts = [
        act.button(words.label(label), card.id, action)
        for action, label in _ACTS.items()
        if action in card.actions
    ]
    if CallAction.BLOCK in card.actions:
        acts.append(block.button(words.label("Block"), card.id))
    rows.extend(list(row) for row in columns(acts))
    if card.state in OVER:
        rows.append(_history(words))
    return rows


async def _act(
    request: RequestContext, call: UUID, action: CallAction, phone: UUID | None = None
) -> None:
    """The card itself shows what came of it, by the event that follows."""
    try:
        await request.ask(ActOnCall(user=request.user, call=call, action=action, phone=phone))
    except UnknownTarget:
        await _buttons(request, [_history(request.words)])  # its buttons are from before
        raise


async def _buttons(request: RequestContext, rows: Rows) -> None:
    if request.pressed:
        await request.edit_buttons(request.pressed.message_id, rows)


def _history(words: Words) -> list[InlineKeyboardButton]:
    return [history.button(words.label("Call history"))]
