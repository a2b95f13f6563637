"""How the calls that a user makes read: on their card, and in the history."""

from markupsafe import Markup

from bot.sanitise import tidy
from bot.wording import people
from bot.wording.sentences import card_reason, cause
from bot.wording.texts import Words, lines
from bridge.api.views import CallCard, CallView, CardState, PhoneState
from bridge.terms import Cause, Direction, EndedBy

OWN = {Direction.OUTGOING, Direction.PHONED_IN}
_TO_BE_PICKED_UP = {PhoneState.DIALLING, PhoneState.RINGING, PhoneState.ASKING}


def heading(words: Words, card: CallCard) -> str:
    """Of its card, as plain text."""
    who = words.party(card.caller_name, card.caller_address)
    if card.direction is Direction.OUTGOING:
        return words.label("Call to {who}", who=who)
    return words.label("Phone-in from {who}", who=who)


def entry(words: Words, call: CallView) -> str:
    """In the history, as plain text. Who was not let in need not have been the user."""
    who = words.party(call.caller_name, call.caller_address)
    if call.direction is Direction.OUTGOING:
        return words.label("You called {who}", who=who)
    if call.answered:
        return words.label("You phoned in")
    return words.label("Phone-in from {who}", who=who)


def label(words: Words, call: CallView) -> str:
    """The same as it fits on a button."""
    if call.direction is Direction.OUTGOING:
        return f"→ {words.party(call.caller_name, call.caller_address)}"
    return entry(words, call)


def place(words: Words, call: CallCard | CallView) -> str:
    """Through which account or network it goes, as plain text."""
    return tidy(call.account) or people.network(words, call.network)


def state(words: Words, card: CallCard) -> Markup:
    """How it goes; of a call that is over, how it went."""
    if card.state is CardState.ANSWERED:
        return _talking(words, card)
    if card.state in (CardState.ARRIVED, CardState.RINGING):
        waits = any(phone.state in _TO_BE_PICKED_UP for phone in card.phones)
        return (
            words("Pick up your phone and press 1, then I call.") if waits else words("Calling …")
        )
    if card.answered_on or card.talk_seconds:
        told = words("Ended after {length}", length=words.length(card.talk_seconds))
    elif card.direction is Direction.OUTGOING:
        told = words("Not reached")
    else:
        told = words("Not let in")
    return lines(told + _unusual(words, card), card_reason(words, card.reason))


def went(words: Words, call: CallView) -> Markup:
    """How it went, in a few words."""
    if not call.answered:
        outgoing = call.direction is Direction.OUTGOING
        return words("not reached") if outgoing else words("not let in")
    length = words.length(call.talk_seconds)
    if not call.answered_on:
        return Markup.escape(length)
    if call.direction is Direction.OUTGOING:
        return words("{length} on {phone}", length=length, phone=call.answered_on)
    return words("{length} from {phone}", length=length, phone=call.answered_on)


def why_over(words: Words, call: CallCard | CallView) -> str:
    """The cause as plain text. Who gave up, if anybody did, is the user; and whom the house waited
    for in vain was he, too.
    """
    if call.cause == Cause.CANCELLED.word:
        return words.label("you hung up")
    if call.cause == Cause.NO_ANSWER.word and call.ended_by is EndedBy.HOUSE:
        return words.label("you did not take the call")
    return cause(words, call.cause)


def _talking(words: Words, card: CallCard) -> Markup:
    if card.direction is Direction.PHONED_IN:
        return words("You are in the menu.")
    who = words.party(card.caller_name, card.caller_address)
    if card.answered_on:
        return words("Talking to {who}, on {phone}", who=who, phone=card.answered_on)
    return words("Talking to {who}", who=who)


def _unusual(words: Words, card: CallCard) -> Markup:
    usual = card.cause in ("", Cause.NORMAL.word)
    return Markup("") if usual else words(" ({cause})", cause=why_over(words, card))
