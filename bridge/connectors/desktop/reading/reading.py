"""What the agent tells, read by the recipe's signs: what happens to the call, and to the sign-in.

Pure: time is a function, and nothing is sent. The rules, each paid for with a real program:

* A call is there only when we took or made it (`answered`, `dialled`): a microphone that opens by
  itself is a preview. What began before that is none either, unless the ringing stopped.
* A ring is over, and a call has ended, when its signs have been gone for a while: programs close
  and open their streams in between.
* One notification, window or stream is one ring, however long it lingers.
* Signs that contradict each other: see `SignVerdict`.
"""

from collections.abc import Callable, Iterator

from bridge.connectors.desktop.protocol.messages import PartLost, ProgramEnded, ProgramStarted, Told
from bridge.connectors.desktop.protocol.scene import Scene
from bridge.connectors.desktop.reading.admission import Admission
from bridge.connectors.desktop.reading.attempt import DialAttempt
from bridge.connectors.desktop.reading.evidence import Evidence, Key, SignVerdict
from bridge.connectors.desktop.reading.expectation import Expectation
from bridge.connectors.desktop.reading.happening import (
    Ended,
    Happening,
    InCall,
    IncomingRing,
    RingOver,
    Rings,
)
from bridge.connectors.desktop.recipe.recipe import Recipe

RING_OVER, ANSWER_OVER = 1.0, 5.0
"""Seconds without a sign until a ring is over; once it is being answered it may be quiet longer:
the notification goes before the microphone opens.
"""

FRESH = 2.0
"""Seconds in which a call that was given up is likelier than a preview, though somebody rings."""


class Reading:
    """Of one session, from its start. `now` gives seconds that never go back."""

    def __init__(self, recipe: Recipe, now: Callable[[], float]) -> None:
        signs, binary = recipe.signs, recipe.binary
        self.scene = Scene()
        self.ring: IncomingRing | None = None
        """Who rings now, answered or not, until it is a call."""
        self.in_call = False
        self._now = now
        self._ended_after = signs.ended_after_ms / 1000
        self._rings = Evidence(signs.rings, binary)
        self._call = Evidence(signs.in_call, binary)
        self._attempt = DialAttempt(signs, binary)
        self._admission = Admission(signs, binary)
        self._about_ring = self._about_call = SignVerdict("")
        self._spent: dict[Key, float | None] = {}
        """Has rung, and may linger: since when it is gone."""
        self._begun = Expectation()
        self._is_wanted = False
        """The call that there is."""
        self._quiet: float | None = None
        self._silent: float | None = None
        """Since when nothing is seen of the ring, and of the call."""

    # --- what we do, and nobody tells -------------------------------------------------------------

    def answered(self, ring: IncomingRing) -> None:
        """The steps to answer it are about to begin."""
        if ring is self.ring:
            self._begun.begin(self._now(), ring)

    def declined(self, ring: IncomingRing) -> None:
        """The steps to decline it are about to begin; who calls once more is another ring."""
        if ring is self.ring and ring is not self._begun.ring:
            self._spend_ring()

    def dialled(self) -> None:
        """The steps to dial are about to begin."""
        self._begun.begin(self._now())
        self._attempt.begin(self._now())

    def dropped(self) -> None:
        """Nobody wants the call any more, or what was begun; one that comes of it is told."""
        self._is_wanted = False
        self._begun.give_up(self._now())
        self._attempt.end()

    @property
    def shows_call(self) -> bool:
        """A call that we took or made is still there, wanted or not."""
        return self.in_call or self._attempt.is_shown

    @property
    def is_over(self) -> bool:
        """That call is one that nobody wants any more."""
        return self.shows_call and not self._is_wanted

    @property
    def unsettled(self) -> float | None:
        """Since when something is given up of which a call may yet come."""
        return self._begun.given_up

    def settled(self) -> None:
        """No call comes of what was begun any more."""
        self._begun.forget()
        self._attempt.forget()

    def dismiss(self) -> None:
        """What was taken for a call is none."""
        self.in_call, self._silent = False, None
        self.settled()

    # --- what is told -----------------------------------------------------------------------------

    def take(self, told: Told) -> list[Happening]:
        happened = self.look()
        self.scene.take(told)
        if isinstance(told, ProgramEnded | PartLost):
            return [*happened, *self._cut()]
        if isinstance(told, ProgramStarted):
            self._admission.begin(self._now())
        return [*happened, *self.look()]

    def look(self) -> list[Happening]:
        """Time has passed; needed at `due`."""
        now = self._now()
        self._rings.look(self.scene, now)
        self._call.look(self.scene, now, corked=self.in_call)
        calls = [*self._look_at_ring(now), *self._look_at_call(now)]
        return [
            *calls,
            *self._attempt.look(self.scene, now),
            *self._admission.look(self.scene, now),
        ]

    @property
    def due(self) -> float | None:
        """When something may happen though nothing is told; None: never."""
        return min(self._dues(), default=None)

    def _dues(self) -> Iterator[float]:
        for one in (self._rings, self._call, self._attempt, self._admission):
            yield from one.due
        if self.ring is not None:
            yield from self._about_ring.due
        if self.in_call:
            yield from self._about_call.due
        if self._quiet is not None:
            yield self._quiet + self._patience
        if self._silent is not None:
            yield self._silent + self._ended_after

    # --- the ring ---------------------------------------------------------------------------------

    def _look_at_ring(self, now: float) -> Iterator[Happening]:
        self._look_at_spent(now)
        new = [one for one in self._rings.found() if one.key not in self._spent]
        if self.ring is None:
            if not new:
                return
            name = next((one.name for one in new if one.name), "")
            address = next((one.address for one in new if one.address), "")
            self.ring = IncomingRing(name, address)
            self._about_ring = SignVerdict("a ring")
            yield Rings(name, address, self.ring)
        if self._begun.given_up is not None and now >= self._begun.given_up + FRESH:
            self.settled()  # from now on a microphone may be a preview
        self.ring.keys.update(one.key for one in new)
        if self._about_ring.judge(self._rings.ranks(self.ring.keys), now):
            self._quiet = None
            return
        if self._quiet is None:
            self._quiet = now
        if now >= self._quiet + self._patience:
            yield from self._end_ring()

    def _look_at_spent(self, now: float) -> None:
        there = self._rings.keys
        for key, gone in list(self._spent.items()):
            if key in there:
                self._spent[key] = None
            elif gone is None:
                self._spent[key] = now
            elif now >= gone + RING_OVER:
                del self._spent[key]

    @property
    def _patience(self) -> float:
        return RING_OVER if self._begun.ring is None else ANSWER_OVER

    def _end_ring(self) -> Iterator[Happening]:
        if self.ring is not None:
            over = self.ring
            self._spend_ring()
            if self._begun.ring is over:
                self.dropped()
            yield RingOver(over)

    def _spend_ring(self) -> None:
        if self.ring is not None:
            self._spent.update(dict.fromkeys(self.ring.keys))
        self.ring = self._quiet = None

    # --- the call ---------------------------------------------------------------------------------

    def _look_at_call(self, now: float) -> Iterator[Happening]:
        if not self.in_call:
            if self._has_begun():
                self.in_call = True
                if self._begun.ring is not None:
                    self._spend_ring()
                self._is_wanted = self._begun.given_up is None
                self.settled()
                self._about_call = SignVerdict("a call")
                self._about_call.judge(self._call.ranks(), now)
                yield InCall(self._is_wanted)
            return
        if self._about_call.judge(self._call.ranks(), now):
            self._silent = None
            return
        if self._silent is None:
            self._silent = now
        if now >= self._silent + self._ended_after:
            yield from self._end_call()

    def _has_begun(self) -> bool:
        if not self._call.found():
            return False
        stopped_ringing = self._begun.ring is not None and self._quiet is not None
        return self._begun.explains(self._call.began(), self._now()) or stopped_ringing

    def _end_call(self) -> Iterator[Happening]:
        if self.in_call:
            self.in_call, self._silent = False, None
            yield Ended()

    def _cut(self) -> list[Happening]:
        """The program has ended, and what it did with it."""
        happened = [*self._end_call(), *self._end_ring()]
        self.settled()
        self._spent.clear()
        self._admission.forget()
        self.look()
        return happened
