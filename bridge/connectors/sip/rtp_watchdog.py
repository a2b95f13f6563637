"""Watches the RTP of an established leg: one-way sound is told, a dead call is ended.

Counts come from pjmedia's RTCP session (RFC 3550 section 6.4). Some phones send nothing while
nobody speaks, so a call is only dead when neither RTP nor RTCP has come for a long time.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import pjsua2 as pj

from bridge.calls.ports.leg import Leg
from bridge.terms import Cause, MediaReport, State

EVERY = 1.0
TOLD_AFTER = 3.0
DEAD_AFTER = 30.0


@dataclass(frozen=True)
class Counts:
    """RTP packets received and RTCP reports heard so far, with the figures for the CDR."""

    packets: int
    reports: int
    report: MediaReport


def counts(call: Any) -> Counts:
    """On the pjsua2 thread: what the call's audio stream has counted; zeros while it has none."""
    if call is None:
        return Counts(0, 0, MediaReport())
    try:
        stat, stream = call.getStreamStat(0), call.getStreamInfo(0)
        rtcp = stat.rtcp
        received, sent = rtcp.rxStat, rtcp.txStat
        total = received.pkt + received.loss
        report = MediaReport(
            codec=stream.codecName,
            received=received.pkt,
            sent=sent.pkt,
            loss=received.loss / total if total else 0.0,
            jitter_ms=received.jitterUsec.mean / 1000,
            round_trip_ms=rtcp.rttUsec.mean / 1000,
        )
        return Counts(received.pkt, sent.updateCount, report)
    except pj.Error:  # no stream at this moment
        return Counts(0, 0, MediaReport())


async def watch(leg: Leg, measure: Callable[[], Awaitable[Counts]], dead_after: float) -> None:
    """Runs as long as the leg is established; its end is being cancelled."""
    loop = asyncio.get_running_loop()
    heard = alive = loop.time()
    last = Counts(0, 0, MediaReport())
    told = False
    while True:
        await asyncio.sleep(EVERY)
        now, count = loop.time(), await measure()
        if leg.state is not State.ESTABLISHED:  # on hold, silence is meant
            heard = alive = now
        if count.packets != last.packets:
            heard = alive = now
            told = False
        if count.reports != last.reports:
            alive = now
        last = count
        if now - heard >= TOLD_AFTER and not told:
            told = True
            leg.silent(now - heard, "never_heard" if count.packets == 0 else "went_silent")
        if now - alive >= dead_after:
            await leg.hang_up(Cause.MEDIA_LOST)
            return
