"""What Prometheus may know: counts by kind, never by person. No user ids, no numbers."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Protocol
from uuid import UUID

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from bridge.api.events import (
    CallsLost,
    CardChanged,
    Event,
    LimitReached,
    PhoneChecked,
    SoundSlipped,
    TestCallEnded,
    VoicemailLeft,
)
from bridge.api.views import CallCard, PhoneState
from bridge.terms import Direction, Health

_SETUP_BUCKETS = (0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10)
_TALK_BUCKETS = (10, 60, 300, 900, 3600, 14400)


class PoolCounts(Protocol):
    """What the worker pool counts."""

    @property
    def restarts(self) -> int: ...

    @property
    def leases_lost(self) -> int: ...


class _Tallied(Collector):
    def __init__(self, tally: PoolCounts) -> None:
        self._tally = tally

    def collect(self) -> Iterator[Metric]:
        yield CounterMetricFamily(
            "worker_restarts", "Workers started again", value=self._tally.restarts
        )
        yield CounterMetricFamily(
            "lease_lost", "Leases lost by their workers", value=self._tally.leases_lost
        )


class Metrics:
    """Fed with every event that leaves the house."""

    def __init__(
        self, tally: PoolCounts, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._now = now
        self._registry = registry = CollectorRegistry()
        self._calls = Counter(
            "calls", "Finished calls", ("direction", "network", "cause"), registry=registry
        )
        self._active = Gauge("active_calls", "Calls that go on", registry=registry)
        self._setup = Histogram(
            "setup_seconds",
            "From a call's arrival to the first phone that rings",
            buckets=_SETUP_BUCKETS,
            registry=registry,
        )
        self._talk = Histogram(
            "talk_seconds", "Length of answered calls", buckets=_TALK_BUCKETS, registry=registry
        )
        self._sessions = Gauge("sessions", "Accounts by health", ("health",), registry=registry)
        registry.register(_Tallied(tally))
        self._lost = Counter("calls_lost", "Calls lost with their worker", registry=registry)
        self._voicemails = Counter("voicemails", "Messages left by callers", registry=registry)
        self._refusals = Counter(
            "limit_refusals", "Calls refused or cut by a rule", ("rule",), registry=registry
        )
        self._slips = Counter(
            "sound_slips",
            "Gaps in the sound of calls (underruns), and frames of it left out (overruns)",
            ("network", "kind"),
            registry=registry,
        )
        self._ringing: dict[UUID, bool] = {}
        """Running calls: whether a phone has rung for them yet."""

    def count(self, event: Event) -> None:
        match event:
            case CardChanged(card=card):
                self._count_card(card)
            case VoicemailLeft():
                self._voicemails.inc()
            case LimitReached(rule=rule):
                self._refusals.labels(rule).inc()
            case SoundSlipped(network=network, underruns=gaps, overruns=left_out):
                self._slips.labels(network, "underrun").inc(gaps)
                self._slips.labels(network, "overrun").inc(left_out)
            case PhoneChecked(outcome=outcome):
                self._calls.labels(Direction.VERIFICATION.value, "phone", outcome).inc()
            case TestCallEnded(report=report):
                self._calls.labels(Direction.TEST.value, "phone", report.cause).inc()
            case CallsLost(calls=calls):
                self._lost.inc(calls)

    def text(self, healths: Mapping[Health, int]) -> bytes:
        """In Prometheus' exposition format; `healths`: how many accounts are how."""
        for health in Health:
            self._sessions.labels(health.value).set(healths.get(health, 0))
        return generate_latest(self._registry)

    def _count_card(self, card: CallCard) -> None:
        if not card.state.is_over:
            rings = any(phone.state is PhoneState.RINGING for phone in card.phones)
            if rings and not self._ringing.get(card.id):
                self._setup.observe(max(0.0, (self._now() - card.started).total_seconds()))
            self._ringing[card.id] = rings or self._ringing.get(card.id, False)
        else:
            self._calls.labels(card.direction.value, card.network, card.cause).inc()
            if card.answered_on:
                self._talk.observe(card.talk_seconds)
            self._ringing.pop(card.id, None)
        self._active.set(len(self._ringing))
