"""Why somebody cannot be talked to, as the user hears it; {name} is who."""

from bridge.calls.spoken import N_
from bridge.errors import HouseError, NotAllowed
from bridge.terms import Cause

_CAUSES = {
    Cause.BUSY: N_("{name} is on the phone at the moment."),
    Cause.DECLINED: N_("{name} does not take the call."),
    Cause.NO_ANSWER: N_("{name} does not answer."),
    Cause.NOT_FOUND: N_("{name} is not known there. Check the address in the chat."),
    Cause.FORBIDDEN: N_("Your provider does not allow this call."),
    Cause.UNREACHABLE: N_("{name} cannot be reached at the moment."),
    Cause.NETWORK_LOST: N_("{name} cannot be reached at the moment."),
    Cause.LIMIT: N_("Your minutes are used up."),
}
_OTHER_CAUSE = N_("The call to {name} failed. Please try again.")
_RULES = {
    "minutes_today": N_("Your minutes for today are used up."),
    "house_minutes_today": N_("All minutes of this house are used up for today."),
    "lines_busy": N_("All lines are in use. Please try again later."),
    "no_way": _CAUSES[Cause.UNREACHABLE],
    "concurrent_calls": N_("Too many calls are going on. Please end one of them first."),
    "no_trunk": N_("Numbers cannot be called here: the host has set up no telephone line."),
    "country_not_allowed": N_("Calls to this country are not allowed here."),
    "emergency_number": N_("No emergency calls from here. Use another phone."),
}
_OTHER_RULE = N_("{name} cannot be called from here. The chat says why.")


def not_answered(cause: Cause) -> str:
    """Nobody has answered, for this reason."""
    return _CAUSES.get(cause, _OTHER_CAUSE)


def of(refused: HouseError) -> str:
    """Nothing was dialled, for this reason."""
    if isinstance(refused, NotAllowed):
        return _RULES.get(refused.code, _OTHER_RULE)
    return _CAUSES[Cause.UNREACHABLE]
