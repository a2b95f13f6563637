"""The call card: what the chat shows of a call, and which buttons make sense at the moment."""

from collections.abc import Mapping
from uuid import UUID

from bridge.api.views import CallAction, CallCard, CardPhone, CardState, PhoneState
from bridge.calls.call.call import Call
from bridge.terms import Direction

_ACTIONS: dict[CardState, tuple[CallAction, ...]] = {
    CardState.ARRIVED: (
        CallAction.RING,
        CallAction.VOICEMAIL,
        CallAction.NOT_NOW,
        CallAction.BLOCK,
    ),
    CardState.RINGING: (
        CallAction.RING,
        CallAction.VOICEMAIL,
        CallAction.NOT_NOW,
        CallAction.BLOCK,
    ),
    CardState.ANSWERED: (CallAction.HANG_UP, CallAction.BLOCK),
    CardState.RECORDING: (CallAction.RING, CallAction.HANG_UP, CallAction.BLOCK),
}
_OWN_ACTIONS: dict[CardState, tuple[CallAction, ...]] = {
    CardState.RINGING: (CallAction.RING, CallAction.HANG_UP),
    CardState.ANSWERED: (CallAction.HANG_UP,),
}
"""Of a call that nobody else makes."""


def draw(call: Call, rung: Mapping[UUID, PhoneState]) -> CallCard:
    """`rung`: how the phones that were rung stand. Phones that are switched off can still be rung
    by their button.
    """
    phones = tuple(
        CardPhone(id=phone.id, label=phone.label, state=rung.get(phone.id))
        for phone in sorted(call.rules.phones, key=lambda one: one.position)
        if phone.verified
    )
    ending = call.ending
    return CallCard(
        id=call.id,
        user=call.rules.user,
        direction=call.direction,
        network=call.network,
        account=call.account,
        caller_name=call.caller.name,
        caller_address=call.caller.address,
        called=call.called,
        started=call.started,
        state=call.state,
        phones=phones,
        answered_on=call.answered_on,
        talk_seconds=call.talk_seconds if ending else 0.0,
        cause=ending.cause.word if ending else "",
        ended_by=ending.by if ending else None,
        voicemail=call.voicemail,
        actions=_actions(call, phones),
        reason=call.reason,
        playing=call.playing,
    )


def _actions(call: Call, phones: tuple[CardPhone, ...]) -> tuple[CallAction, ...]:
    if call.ending is not None:
        return ()
    offered = _ACTIONS if call.direction is Direction.INCOMING else _OWN_ACTIONS
    can_ring = any(phone.state is None for phone in phones)
    return tuple(
        action
        for action in offered.get(call.state, ())
        if action is not CallAction.RING or can_ring
    )
