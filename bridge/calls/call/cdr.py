"""The call detail record: what is kept of a call."""

from bridge.api.views import CallView
from bridge.calls.call.call import Call
from bridge.terms import MediaReport


def of(call: Call) -> CallView:
    """The record of a call that is over."""
    if call.ending is None or call.ended is None:
        raise ValueError("a call that goes on has no record")
    sound = max(call.reports(), key=_badness, default=MediaReport())
    return CallView(
        id=call.id,
        direction=call.direction,
        network=call.network,
        account=call.account,
        caller_name=call.caller.name,
        caller_address=call.caller.address,
        called=call.called,
        started=call.started,
        answered=call.answered,
        ended=call.ended,
        answered_on=call.answered_on,
        cause=call.ending.cause.word,
        ended_by=call.ending.by,
        ring_seconds=call.ring_seconds,
        talk_seconds=call.talk_seconds,
        codec=sound.codec,
        loss=sound.loss,
        jitter_ms=sound.jitter_ms,
        voicemail=call.voicemail,
        reason=call.reason,
    )


def _badness(report: MediaReport) -> tuple[bool, float, float]:
    """The worse side of a call is the one that people notice."""
    return bool(report.codec), report.loss, report.jitter_ms
