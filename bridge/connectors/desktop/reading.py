"""What the agent tells, read by the recipe's signs: what happens to the call, and to the sign-in.

Pure: time is a function, and nothing is sent. The rules, each paid for with a real program:

* A call is there only when we took or made it (`answered`, `dialled`): a microphone that opens by
  itself is a preview. What began before that is none either, unless the ringing stopped.
* A ring is over, and a call has ended, when its signs have been gone for a while: programs close
  and open their streams in between.
* One notification, window or stream is one ring, however long it lingers.
* Signs that contradict each other: see `Verdict`.
"""

from collections.abc import Callable, Iterator

from bridge.connectors.desktop.attempt import Attempt
from bridge.connectors.desktop.evidence import Evidence, Key, Verdict
from bridge.connectors.desktop.happening import (
    Ended,
    Happening,
    InCall,
    NeedsSignIn,
    Ring,
    RingOver,
    Rings,
    SignedIn,
    SignIn,
    Unknown,
)
from bridge.connectors.desktop.messages import PartLost, ProgramEnded, ProgramStarted, Told
from bridge.connectors.desktop.recipe import Recipe
from bridge.connectors.desktop.scene import Scene

RING_OVER, ANSWER_OVER = 1.0, 5.0
"""Seconds without a sign until a ring is over; once it is being answered it may be quiet longer:
the notification goes before the microphone opens.
"""
SETTLED: dict[SignIn, float] = {SignedIn(): 0.5, NeedsSignIn(): 3.0, Unknown(): 20.0}
"""Seconds until it is believed: pages lead through others to where they end."""


class Reading:
    """Of one session, from its start. `now` gives seconds that never go back."""

    def __init__(self, recipe: Recipe, now: Callable[[], float]) -> None:
        signs, binary = recipe.signs, recipe.binary
        self.scene = Scene()
        self.ring: Ring | None = None
        """Who rings now, answered or not, until it is a call."""
        self.in_call = False
        self._now = now
        self._ended_after = signs.ended_after_ms / 1000
        self._rings = Evidence(signs.rings, binary)
        self._call = Evidence(signs.in_call, binary)
        self._attempt = Attempt(signs, binary)
        self._inside = Evidence(signs.signed_in, binary)
        self._outside = Evidence(signs.sign_in_page, binary)
        self._inside_by_start = not signs.signed_in
        self._about_ring = self._about_call = Verdict("")
        self._spent: dict[Key, float | None] = {}
        """Has rung, and may linger: since when it is gone."""
        self._expected: float | None = None
        """Since when we answer or dial."""
        self._answered: Ring | None = None
        self._quiet: float | None = None
        self._silent: float | None = None
        """Since when nothing is seen of the ring, and of the call."""
        self._sign_in: SignIn | None = None
        self._turned = 0.0
        self._told: SignIn | None = None

    # --- what we do, and nobody tells -------------------------------------------------------------

    def answered(self, ring: Ring) -> None:
        """The steps to answer it are about to begin."""
        if ring is self.ring:
            self._answered, self._expected = ring, self._now()

    def declined(self, ring: Ring) -> None:
        """The steps to decline it are about to begin; who calls once more is another ring."""
        if ring is self.ring and ring is not self._answered:
            self._spend_ring()

    def dialled(self) -> None:
        """The steps to dial are about to begin."""
        self._expected = self._now()
        self._attempt.begin(self._expected)

    def dropped(self) -> None:
        """What was begun (answering, dialling) was given up."""
        self._answered = self._expected = None
        self._attempt.end()

    @property
    def shows_call(self) -> bool:
        """A call that we took or made is still there, wanted or not."""
        return self.in_call or self._attempt.is_shown

    # --- what is told -----------------------------------------------------------------------------

    def take(self, told: Told) -> list[Happening]:
        happened = self.look()
        self.scene.take(told)
        if isinstance(told, ProgramEnded | PartLost):
            return [*happened, *self._cut()]
        if isinstance(told, ProgramStarted):
            self._turned = self._now()
        return [*happened, *self.look()]

    def look(self) -> list[Happening]:
        """Time has passed; needed at `due`."""
        now = self._now()
        self._rings.look(self.scene, now)
        self._call.look(self.scene, now, corked=self.in_call)
        self._inside.look(self.scene, now)
        self._outside.look(self.scene, now)
        calls = [*self._look_at_ring(now), *self._look_at_call(now)]
        return [*calls, *self._attempt.look(self.scene, now), *self._look_at_sign_in(now)]

    @property
    def due(self) -> float | None:
        """When something may happen though nothing is told; None: never."""
        return min(self._dues(), default=None)

    def _dues(self) -> Iterator[float]:
        for evidence in (self._rings, self._call, self._inside, self._outside):
            yield from evidence.due
        yield from self._attempt.due
        if self.ring is not None:
            yield from self._about_ring.due
        if self.in_call:
            yield from self._about_call.due
        if self._quiet is not None:
            yield self._quiet + self._patience
        if self._silent is not None:
            yield self._silent + self._ended_after
        if self._sign_in is not None and self._sign_in != self._told:
            yield self._turned + SETTLED[self._sign_in]

    # --- the ring ---------------------------------------------------------------------------------

    def _look_at_ring(self, now: float) -> Iterator[Happening]:
        self._look_at_spent(now)
        new = [one for one in self._rings.found() if one.key not in self._spent]
        if self.ring is None:
            if not new:
                return
            name = next((one.name for one in new if one.name), "")
            address = next((one.address for one in new if one.address), "")
            self.ring = Ring(name, address)
            self._about_ring = Verdict("a ring")
            yield Rings(name, address, self.ring)
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
        return RING_OVER if self._answered is None else ANSWER_OVER

    def _end_ring(self) -> Iterator[Happening]:
        if self.ring is not None:
            over = self.ring
            self._spend_ring()
            if self._answered is over:
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
                if self._answered is not None:
                    self._spend_ring()
                self.dropped()
                self._about_call = Verdict("a call")
                self._about_call.judge(self._call.ranks(), now)
                yield InCall()
            return
        if self._about_call.judge(self._call.ranks(), now):
            self._silent = None
            return
        if self._silent is None:
            self._silent = now
        if now >= self._silent + self._ended_after:
            yield from self._end_call()

    def _has_begun(self) -> bool:
        if self._expected is None or not self._call.found():
            return False
        stopped_ringing = self._answered is not None and self._quiet is not None
        return self._call.began() >= self._expected or stopped_ringing

    def _end_call(self) -> Iterator[Happening]:
        if self.in_call:
            self.in_call, self._silent = False, None
            yield Ended()

    def _cut(self) -> list[Happening]:
        """The program has ended, and what it did with it."""
        happened = [*self._end_call(), *self._end_ring()]
        self.dropped()
        self._spent.clear()
        self._sign_in = self._told = None
        self.look()
        return happened

    # --- the sign-in ------------------------------------------------------------------------------

    def _look_at_sign_in(self, now: float) -> Iterator[Happening]:
        seen = self._seen_sign_in()
        if seen != self._sign_in:
            self._sign_in, self._turned = seen, now
        if seen is not None and seen != self._told and now >= self._turned + SETTLED[seen]:
            self._told = seen
            yield seen

    def _seen_sign_in(self) -> SignIn | None:
        """Where both are seen the kind of sign that ranks higher is believed, and of the same kind
        the sign-in page: it may lie over the other.
        """
        if not self.scene.runs:
            return None
        outside, inside = self._outside.ranks(), self._inside.ranks()
        if outside and (not inside or min(outside) <= min(inside)):
            return NeedsSignIn()
        return SignedIn() if inside or self._inside_by_start else Unknown()
