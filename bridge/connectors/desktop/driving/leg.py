"""The program's call, as a leg. What it can do is what the recipe has steps for."""

from typing import Protocol

from bridge.audio.port import AudioPort
from bridge.calls.ports.leg import Leg
from bridge.connectors.desktop.driving.call_sound import CallSound
from bridge.connectors.desktop.reading.happening import IncomingRing
from bridge.terms import Cause, MediaReport, Party, State


class Hands(Protocol):
    """Who carries out what a leg wants; returns at once."""

    def answer(self, leg: "DesktopLeg") -> None: ...

    def hang_up(self, leg: "DesktopLeg") -> None: ...

    def press(self, digits: str) -> None: ...

    def hold(self, held: bool) -> None: ...

    @property
    def sound(self) -> CallSound: ...


class DesktopLeg(Leg):
    """With `ring` it is incoming, else it was dialled."""

    def __init__(self, hands: Hands, remote: Party, ring: IncomingRing | None = None) -> None:
        super().__init__(remote)
        self.ring_seen = ring
        self._hands = hands
        self._report = MediaReport()

    @property
    def audio(self) -> AudioPort:
        return self._hands.sound.port

    def became(self, state: State, cause: Cause | None = None) -> None:
        if state is State.TERMINATED and self.has_sound:
            self._report = self._hands.sound.report
        super().became(state, cause)

    async def ring(self) -> None:
        """The program rings by itself, and nobody hears it."""
        if self.state is State.INCOMING:
            self.became(State.RINGING)

    async def answer(self) -> None:
        if not self.over:
            self._hands.answer(self)

    async def hang_up(self, cause: Cause = Cause.NORMAL) -> None:
        """Over for the house at once; the program is told meanwhile."""
        if not self.over:
            self._hands.hang_up(self)
            self.became(State.TERMINATED, cause)

    async def press(self, digits: str) -> None:
        if self.state is State.ESTABLISHED:
            self._hands.press(digits)

    async def hold(self, held: bool) -> None:
        if self.has_sound:
            self._hands.hold(held)

    def media_report(self) -> MediaReport:
        return self._hands.sound.report if self.has_sound else self._report

    @property
    def has_sound(self) -> bool:
        return self.state in (State.ESTABLISHED, State.HELD)
