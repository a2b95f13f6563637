"""The words of the house in the words of its members: health, causes, states of phones, reasons."""

from markupsafe import Markup

from bot.sanitise import tidy
from bot.wording.refusals import sentence_of
from bot.wording.texts import N_, Words
from bridge.api.listening_views import PodcastView
from bridge.api.preferences import DECLARED
from bridge.api.views import PhoneState
from bridge.terms import Cause, Health

HEALTHS = {
    Health.OFF: N_("switched off"),
    Health.CONNECTING: N_("signing in"),
    Health.READY: N_("ready"),
    Health.OFFLINE: N_("offline"),
    Health.NEEDS_SIGN_IN: N_("needs you to sign in again"),
    Health.BROKEN: N_("broken"),
}

REMEDIES = {
    Health.OFF: N_("Nobody can reach you here until you switch it on."),
    Health.CONNECTING: N_("This takes a few seconds."),
    Health.READY: "",
    Health.OFFLINE: N_("I keep trying and tell you when it is back. There is nothing to do."),
    Health.NEEDS_SIGN_IN: N_("Please sign in again with the button below."),
    Health.BROKEN: N_(
        "This is a fault of the bridge. I keep trying. If it goes on, please tell your host."
    ),
}

CAUSES = {
    Cause.NORMAL: N_("ended normally"),
    Cause.ELSEWHERE: N_("answered on another device"),
    Cause.CANCELLED: N_("the caller gave up"),
    Cause.BUSY: N_("busy"),
    Cause.DECLINED: N_("declined"),
    Cause.NO_ANSWER: N_("no answer"),
    Cause.NOT_FOUND: N_("no such number"),
    Cause.UNREACHABLE: N_("could not be reached"),
    Cause.FORBIDDEN: N_("not allowed"),
    Cause.NOT_ACCEPTABLE: N_("the two sides share no sound format"),
    Cause.LIMIT: N_("a limit was reached"),
    Cause.MEDIA_LOST: N_("no sound arrived any more"),
    Cause.NETWORK_LOST: N_("the connection was lost"),
    Cause.FAILED: N_("a technical fault"),
}

PHONE_STATES = {
    PhoneState.DIALLING: N_("being called"),
    PhoneState.RINGING: N_("ringing"),
    PhoneState.ASKING: N_("picked up, waiting for key 1"),
    PhoneState.ACCEPTED: N_("accepted"),
    PhoneState.NO_ANSWER: N_("no answer"),
    PhoneState.BUSY: N_("busy"),
    PhoneState.REFUSED: N_("declined"),
    PhoneState.UNREACHABLE: N_("could not be reached"),
    PhoneState.CANCELLED: N_("no longer ringing"),
}

NOT_FORWARDED = DECLARED["forwarding"].help[False]
RING_AGAIN = DECLARED["forwarding"].label[True]

CARD_REASONS = {
    "not_forwarding": N_(
        "It did not ring: your phones are set not to ring. You can change that under /settings."
    ),
    "quiet_hours": N_("It did not ring because of your quiet hours."),
    "busy_line": N_("It did not ring because of another call."),
    "no_phone": N_(
        "It did not ring: none of your phones is switched on and verified. See /phones."
    ),
    "blocked": N_("This caller is on your block list."),
    # the figures stand in the message about the limit itself
    "minutes_today": N_("It did not ring: your minutes for today are used up."),
    "house_minutes_today": N_("It did not ring: the minutes of this bridge for today are used up."),
    "concurrent_calls": N_("It did not ring: you have as many calls at once as you may."),
    "lines_busy": N_("It did not ring: all lines of your bridge are in use."),
    "country_not_allowed": N_(
        "It did not ring: this bridge does not call numbers in your phone's country."
    ),
    "number_type_not_allowed": N_(
        "It did not ring: this bridge does not call numbers of your phone's kind."
    ),
}

LIKELY = {
    "never_heard": N_(
        "Probably a firewall blocks the sound. Hang up and call again. If it stays silent, make "
        "a test call."
    ),
    "went_silent": N_(
        "Probably the connection broke off or the other side is muted. If it stays silent, hang "
        "up and call again."
    ),
}


def cause(words: Words, word: str) -> str:
    """A cause as plain text; one that is not known is told as the house spells it."""
    try:
        return words.label(CAUSES[Cause.of_word(word)])
    except StopIteration:
        return word


def card_reason(words: Words, reason: str) -> Markup:
    """Why a call did not ring."""
    if not reason:
        return Markup("")
    code = reason.removeprefix("limit_")
    known = CARD_REASONS.get(code)
    return words(known) if known else sentence_of(words, code, {})


def podcast_title(podcast: PodcastView) -> str:
    """Its title, or its address as long as nobody has looked at it."""
    return tidy(podcast.title) or tidy(podcast.address.partition("://")[2] or podcast.address)


def health(words: Words, state: Health) -> str:
    return words.label(HEALTHS[state])
