"""The call card: one message per call, edited in place from the first ring to the end."""

from markupsafe import Markup

from bot.bot_state import ShownCard
from bot.request_context import Page, RequestContext
from bot.sanitise import tidy
from bot.screens.calls import live_call
from bot.screens.listening import playing
from bot.wording import own_calls
from bot.wording.sentences import PHONE_STATES, card_reason, cause
from bot.wording.texts import N_, Words, bold, lines
from bridge.api.commands.calls import FindCard, NoteCard
from bridge.api.events import CardChanged
from bridge.api.views import CallCard, CardState, PhoneState

screen = live_call.screen

MOST_CARDS = 200
"""How many cards are remembered here; the house remembers the messages of the others."""

STATES = {
    CardState.ARRIVED: N_("Somebody is calling."),
    CardState.RINGING: N_("Ringing …"),
    CardState.ANSWERED: N_("On the phone: {phone}"),
    CardState.RECORDING: N_("The caller is leaving a message …"),
    CardState.MISSED: N_("Missed"),
    CardState.DECLINED: N_("Not taken"),
    CardState.BLOCKED: N_("Blocked"),
}


@screen.told(CardChanged)
async def changed(request: RequestContext, event: CardChanged) -> None:
    """Edit the message that shows this call, or begin one."""
    card = event.card
    page = draw(request.words, card)
    shown = request.state.cards.get(card.id)
    if shown is None:
        found = await request.ask(FindCard(user=request.user, call=card.id))
        shown = ShownCard(found, card, noted=True) if found is not None else None
    if shown is None or not await request.edit(shown.message, page):
        said = await request.say(page, quietly=card.state is CardState.BLOCKED)
        shown = ShownCard(said.message_id, card)
    shown.card = card
    _remember(request, shown)
    if not shown.noted:
        # remembered above first: should the house be away just now, no second card is begun
        await request.ask(NoteCard(user=request.user, call=card.id, message=shown.message))
        shown.noted = True


def draw(words: Words, card: CallCard) -> Page:
    if card.playing is None:
        return Page(text(words, card), live_call.buttons(words, card))
    told = lines(
        playing.text(words, card, card.playing),
        words.when(card.started),
        "",
        _state(words, card),
        *(_phone(words, label, state) for label, state in _rung(card)),
    )
    rows = playing.buttons(words, card, card.playing) or live_call.buttons(words, card)
    return Page(told, rows)


def text(words: Words, card: CallCard) -> Markup:
    own = card.direction in own_calls.OWN
    who = words.party(card.caller_name, card.caller_address)
    return lines(
        bold(own_calls.heading(words, card) if own else words.label("Call from {who}", who=who)),
        _origin(words, card),
        "",
        own_calls.state(words, card) if own else _state(words, card),
        *(_phone(words, label, state) for label, state in _rung(card)),
    )


def _origin(words: Words, card: CallCard) -> str:
    """The number under the name, and where it came in."""
    number = words.address(card.caller_address) if card.caller_name else ""
    account = tidy(card.account) or card.network
    called = words.address(card.called)
    place = words("{account}, to {called}", account=account, called=called) if called else account
    if card.direction in own_calls.OWN:
        place = own_calls.place(words, card)
    return Markup(" · ").join(part for part in (number, place, words.when(card.started)) if part)


def _state(words: Words, card: CallCard) -> Markup:
    if card.state is CardState.ENDED and not card.answered_on:
        return words("Ended ({cause})", cause=cause(words, card.cause))
    if card.state is CardState.ENDED:
        told = words(
            "Answered on {phone}, {length}",
            phone=card.answered_on,
            length=words.length(card.talk_seconds),
        )
        if card.cause and card.cause != "normal":
            told += words(" ({cause})", cause=cause(words, card.cause))
        return told
    told = words(STATES[card.state], phone=card.answered_on or "–")
    if card.state in live_call.OVER and card.cause and card.state is not CardState.BLOCKED:
        told += words(" ({cause})", cause=cause(words, card.cause))
    if card.voicemail:
        told = lines(told, words("The caller left a message."))
    return lines(told, card_reason(words, card.reason))


def _rung(card: CallCard) -> list[tuple[str, PhoneState]]:
    if card.state in live_call.OVER or card.state is CardState.ANSWERED:
        return []
    return [(phone.label, phone.state) for phone in card.phones if phone.state]


def _phone(words: Words, label: str, state: PhoneState) -> Markup:
    return words("{phone}: {state}", phone=label, state=words.label(PHONE_STATES[state]))


def _remember(request: RequestContext, shown: ShownCard) -> None:
    cards = request.state.cards
    cards.pop(shown.card.id, None)
    cards[shown.card.id] = shown
    while len(cards) > MOST_CARDS:
        del cards[next(iter(cards))]
