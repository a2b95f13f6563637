"""One end of a call: verbs go down to the network, facts come up from it."""

import asyncio
import logging
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator
from dataclasses import dataclass

from bridge.audio.port import AudioPort
from bridge.terms import Cause, MediaReport, Party, State

log = logging.getLogger(__name__)

NEXT: dict[State, set[State]] = {
    State.IDLE: {State.INCOMING, State.OUTGOING, State.TERMINATED},
    State.INCOMING: {State.RINGING, State.EARLY, State.ESTABLISHED, State.TERMINATED},
    State.OUTGOING: {State.RINGING, State.EARLY, State.ESTABLISHED, State.TERMINATED},
    State.RINGING: {State.RINGING, State.EARLY, State.ESTABLISHED, State.TERMINATED},
    State.EARLY: {State.RINGING, State.EARLY, State.ESTABLISHED, State.TERMINATED},
    State.ESTABLISHED: {State.HELD, State.TERMINATED},
    State.HELD: {State.ESTABLISHED, State.TERMINATED},
    State.TERMINATED: set(),
}


@dataclass(frozen=True)
class Became:
    """The leg reached a state; a terminated one says why."""

    state: State
    cause: Cause | None = None


@dataclass(frozen=True)
class Pressed:
    """The person at this end pressed one key: 0-9, *, #, A-D."""

    digit: str


@dataclass(frozen=True)
class Silent:
    """Nothing has been heard from this end for `seconds`; `likely` is a code for the cause."""

    seconds: float
    likely: str


Fact = Became | Pressed | Silent


class Leg(ABC):
    """One end of a call, whatever the network.

    A network subclasses it, carries the verbs out and reports facts with `became`, `pressed` and
    `silent` on the event loop's thread. Verbs never raise because the other side was quicker: a leg
    that is already terminated ignores them.
    """

    def __init__(self, remote: Party, called: str = "") -> None:
        self.remote = remote
        self.called = called  # the number or address of ours that was dialled
        self.state = State.IDLE
        self.cause: Cause | None = None
        self._facts: asyncio.Queue[Fact] = asyncio.Queue()

    @property
    @abstractmethod
    def audio(self) -> AudioPort:
        """Where this leg's sound is; valid from EARLY or ESTABLISHED on."""

    @abstractmethod
    async def ring(self) -> None:
        """Tell the caller that somebody is being alerted (180)."""

    @abstractmethod
    async def answer(self) -> None:
        """Accept the incoming call (200); ESTABLISHED follows as a fact."""

    @abstractmethod
    async def hang_up(self, cause: Cause = Cause.NORMAL) -> None:
        """End it: refuse, cancel or say goodbye, whichever fits the state."""

    @abstractmethod
    async def press(self, digits: str) -> None:
        """Send keys to the other end (RFC 4733 or the network's own way)."""

    @abstractmethod
    async def hold(self, held: bool) -> None:
        """Put the other end on hold, or take it back."""

    def media_report(self) -> MediaReport:
        """What the sound was like so far; networks that count nothing leave it empty."""
        return MediaReport()

    @property
    def over(self) -> bool:
        return self.state is State.TERMINATED

    async def events(self) -> AsyncIterator[Fact]:
        """The facts in their order, up to and including TERMINATED. One reader at a time."""
        while True:
            fact = await self._facts.get()
            yield fact
            if isinstance(fact, Became) and fact.state is State.TERMINATED:
                return

    def became(self, state: State, cause: Cause | None = None) -> None:
        """Report a state. Facts for a terminated leg are dropped: CANCEL and answer can cross."""
        if self.over:
            log.debug("dropped %s for a terminated leg", state)
            return
        if state not in NEXT[self.state]:
            raise ValueError(f"a leg that is {self.state} cannot become {state}")
        self.state, self.cause = state, cause
        self._facts.put_nowait(Became(state, cause))

    def pressed(self, digit: str) -> None:
        if not self.over:
            self._facts.put_nowait(Pressed(digit))

    def silent(self, seconds: float, likely: str) -> None:
        if not self.over:
            self._facts.put_nowait(Silent(seconds, likely))
