"""The history of calls, newest first."""

from uuid import UUID

from markupsafe import Markup

from bot.dialogues.asking import confirms
from bot.dialogues.leafing import NEWEST_FIRST, Listing, pages
from bot.dialogues.sending import found
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
from bridge.terms import Cause, Direction

ON_A_PAGE = 6

screen = Screen("calls", about=N_("Calls so far"))


@pages(screen, ON_A_PAGE, NEWEST_FIRST)
async def page(request: RequestContext, offset: int) -> Listing:
    words = request.words
    # one more than is shown tells whether there is an older page
    shown = await request.ask(History(user=request.user, limit=ON_A_PAGE + 1, offset=offset))
    text = lines(
        words("<b>Calls</b>"),
        *(line(words, call) for call in shown[:ON_A_PAGE]),
        "" if shown else words("No calls here yet. They appear as soon as somebody calls you."),
    )
    entries = [one.button(_label(words, call), call.id, offset) for call in shown]
    return Listing(text, entries, [links(words, "start")], start=offset)


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


async def _blocks(request: RequestContext, call: UUID, offset: int) -> None:
    chosen = await _find(request, call, offset)
    address = chosen.caller_address or blocked.ANONYMOUS
    await request.ask(Block(user=request.user, address=address, name=chosen.caller_name))
    await blocked.page(request, 0)


async def _facts(request: RequestContext, call: UUID, offset: int) -> dict[str, object]:
    return {"who": _who(request.words, await _find(request, call, offset))}


block = confirms(
    screen,
    "block",
    N_("Block {who}? Calls from there will not ring any more."),
    _blocks,
    facts=_facts,
    labels=(N_("Yes, block this caller"), N_("No, do not block")),
    no=one,
)


async def _find(request: RequestContext, call: UUID, offset: int) -> CallView:
    """The call, near where it was: newer calls push it further back."""
    start = max(offset - ON_A_PAGE, 0)
    near = await request.ask(History(user=request.user, limit=100, offset=start))
    return found(near, call, "no_such_call")


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
            "{length} on {phone}", length=words.length(call.talk_seconds), phone=call.answered_on
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
