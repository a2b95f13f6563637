"""The history of calls, newest first."""

from uuid import UUID

from markupsafe import Markup

from bot.links import links
from bot.request_context import Page, RequestContext
from bot.screen import Screen
from bot.screens.calls import voicemail
from bot.screens.people import blocked
from bot.wording import own_calls
from bot.wording.sentences import card_reason, cause
from bot.wording.texts import N_, Words, bold, lines
from bridge.api.commands.calls import Block, History
from bridge.api.views import CallView
from bridge.errors import UnknownTarget
from bridge.terms import Cause, Direction

ON_A_PAGE = 6

screen = Screen("calls", about=N_("Calls so far"))


@screen.opened
async def calls(request: RequestContext) -> None:
    await page(request, 0)


@screen.pressed
async def page(request: RequestContext, offset: int) -> None:
    words = request.words
    offset = max(offset, 0)
    # one more than is shown tells whether there is an older page
    found = await request.ask(History(user=request.user, limit=ON_A_PAGE + 1, offset=offset))
    shown = found[:ON_A_PAGE]
    text = lines(
        words("<b>Calls</b>"),
        *(line(words, call) for call in shown),
        "" if shown else words("No calls here yet. They appear as soon as somebody calls you."),
    )
    rows = [[one.button(_label(words, call), call.id, offset)] for call in shown]
    turns = []
    if offset:
        turns.append(page.button(words.label("Newer"), max(offset - ON_A_PAGE, 0)))
    if len(found) > ON_A_PAGE:
        turns.append(page.button(words.label("Older"), offset + ON_A_PAGE))
    await request.show(Page(text, [*rows, turns, links(words, "start")]))


@screen.pressed
async def one(request: RequestContext, call: UUID, offset: int) -> None:
    words = request.words
    chosen = await _find(request, call, offset)
    rows = []
    if chosen.voicemail:
        rows.append([voicemail.play.button(words.label("Play the message"), chosen.voicemail)])
    if chosen.direction is Direction.INCOMING:
        rows.append([block.button(words.label("Block this caller"), call, offset)])
    rows.append([page.button(words.label("Back"), offset), *links(words, "start")])
    await request.show(Page(details(words, chosen), rows))


@screen.pressed
async def block(request: RequestContext, call: UUID, offset: int) -> None:
    words = request.words
    chosen = await _find(request, call, offset)
    text = words("Block {who}? Calls from there will not ring any more.", who=_who(words, chosen))
    yes = [block_for_good.button(words.label("Yes, block this caller"), call, offset)]
    no = [one.button(words.label("No, do not block"), call, offset)]
    await request.show(Page(text, [yes, no]))


@screen.pressed
async def block_for_good(request: RequestContext, call: UUID, offset: int) -> None:
    chosen = await _find(request, call, offset)
    address = chosen.caller_address or blocked.ANONYMOUS
    await request.ask(Block(user=request.user, address=address, name=chosen.caller_name))
    await blocked.page(request, 0)


async def _find(request: RequestContext, call: UUID, offset: int) -> CallView:
    """The call, near where it was: newer calls push it further back."""
    start = max(offset - ON_A_PAGE, 0)
    for each in await request.ask(History(user=request.user, limit=100, offset=start)):
        if each.id == call:
            return each
    raise UnknownTarget("no_such_call")


def line(words: Words, call: CallView) -> Markup:
    return words(
        "{when}: <b>{who}</b>, {how}",
        when=words.when(call.started),
        who=_who(words, call),
        how=_how(words, call),
    )


def details(words: Words, call: CallView) -> Markup:
    quality = ""
    if call.codec:
        quality = words(
            "Sound: {codec}, loss {loss} %, jitter {jitter} ms",
            codec=call.codec,
            loss=round(call.loss * 100, 1),
            jitter=round(call.jitter_ms),
        )
    account = own_calls.place(words, call) if call.direction in own_calls.OWN else call.account
    who, address = _who(words, call), words.address(call.caller_address)
    return lines(
        bold(who),
        "" if address in who else address,
        words("{when}, via {account}", when=words.when(call.started), account=account)
        if account
        else words.when(call.started),
        _how(words, call),
        card_reason(words, call.reason),
        _ending(words, call),
        quality,
    )


def _who(words: Words, call: CallView) -> str:
    match call.direction:
        case Direction.VERIFICATION:
            return words.label("Verification call")
        case Direction.TEST:
            return words.label("Test call")
        case Direction.OUTGOING | Direction.PHONED_IN:
            return own_calls.entry(words, call)
        case _:
            return words.party(call.caller_name, call.caller_address)


def _how(words: Words, call: CallView) -> Markup:
    if call.direction in own_calls.OWN:
        return own_calls.went(words, call)
    if call.answered_on and call.answered:
        return words(
            "{length} on {phone}",
            length=words.length(call.talk_seconds),
            phone=call.answered_on,
        )
    if call.voicemail:
        return words("left a message")
    return words("not answered")


def _ending(words: Words, call: CallView) -> Markup:
    """How it ended, where that is worth telling."""
    if not call.cause or call.cause == Cause.NORMAL.word:
        return Markup("")
    own = call.direction in own_calls.OWN
    why = own_calls.why_over(words, call) if own else cause(words, call.cause)
    return words("Ended: {cause}", cause=why)


def _label(words: Words, call: CallView) -> str:
    own = call.direction in own_calls.OWN
    who = own_calls.label(words, call) if own else _who(words, call)
    return f"{who}, {words.when(call.started)}"
