"""The people of the scenes: friends who call, and the phones of the user. All are on the loopback
network, and do what people do: ring, pick up, press keys, speak, hang up.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Protocol, Self

from bridge.audio.port import AudioPort
from bridge.calls.ports.leg import Fact, Leg, Pressed
from bridge.connectors.base import Credentials
from bridge.connectors.loopback.connector import Loopback, LoopbackLeg, LoopbackSession
from bridge.terms import Cause, Party, State
from tests.fake_clock import settled
from tests.fakes import FakeMixer

PASSWORD = {"password": "open sesame"}
PATIENCE = 5.0
"""Seconds that something may take when a scene says that it happens now."""


async def until(happened: Callable[[], bool], what: str, within: float = PATIENCE) -> None:
    """Wait for something, by the clock of the scene."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + within
    await settled()
    while not happened():
        if loop.time() >= deadline:
            raise AssertionError(f"did not happen within {within:g} s: {what}")
        await asyncio.sleep(0.05)
        await settled()


class Stage(Protocol):
    """What people need of the house they are in."""

    network: Loopback
    mixer: FakeMixer
    facts: asyncio.TaskGroup


class Person:
    """Somebody with an account on the network, and one call at a time."""

    def __init__(self, stage: Stage, name: str, address: str) -> None:
        self.stage = stage
        self.name = name
        self.party = Party(address, name, "loopback")
        self.leg: LoopbackLeg | None = None
        self.legs: list[LoopbackLeg] = []
        """Every leg there was."""
        self.keys = ""
        """Those that arrived."""
        credentials = Credentials(address, secrets=PASSWORD)
        self.session = LoopbackSession(credentials, self, stage.network)

    # --- the desk of the session -----------------------------------------------------------------

    def offer(self, leg: Leg) -> None:
        raise AssertionError(f"nobody calls {self.name}")

    def ready(self, roster: Sequence[Party] = ()) -> None:
        pass

    def presence(self, contact: Party, online: bool) -> None:
        pass

    # --- what everybody can do -------------------------------------------------------------------

    @property
    def on_the_line(self) -> LoopbackLeg:
        assert self.leg is not None, f"{self.name} is in no call"
        return self.leg

    @property
    def port(self) -> AudioPort:
        """Where the house hears this person."""
        return self.on_the_line.peer.audio

    def takes(self, leg: LoopbackLeg) -> None:
        self.leg = leg
        self.legs.append(leg)
        self.stage.facts.create_task(self._listen(leg))

    async def _listen(self, leg: LoopbackLeg) -> None:
        async for fact in leg.events():
            if isinstance(fact, Pressed):
                self.keys += fact.digit
            await self.notice(fact)

    async def notice(self, fact: Fact) -> None:
        pass

    async def calls(self, address: str = "me") -> Self:
        leg = await self.session.dial(address, self.party)
        assert isinstance(leg, LoopbackLeg)
        self.takes(leg)
        await settled()
        return self

    async def says(self, words: str) -> None:
        """Into the phone; returns when they are said."""
        await self.stage.mixer.says(self.port, words)
        await settled()

    async def hangs_up(self, cause: Cause = Cause.NORMAL) -> None:
        await self.on_the_line.hang_up(cause)
        await settled()

    async def presses(self, keys: str) -> None:
        await self.on_the_line.press(keys)
        await settled()

    async def received(self, keys: str) -> None:
        await until(lambda: self.keys == keys, f"{self.name} receives the keys {keys}")

    def speaks(self, seconds: float) -> None:
        self.stage.mixer.speaks(self.port, seconds)

    async def is_told(self, words: str, within: float = PATIENCE) -> None:
        """The house speaks into this person's ear."""
        await until(
            lambda: any(words in text for text in self.was_told()),
            f"{self.name} is told “{words}”; heard: {self.was_told()}",
            within,
        )

    def was_told(self) -> list[str]:
        return self.stage.mixer.heard_on(self.port)

    async def hears(self, other: "Person", within: float = PATIENCE) -> None:
        """Both are joined."""
        await until(
            lambda: frozenset({self.port, other.port}) in self.stage.mixer.patches,
            f"{self.name} and {other.name} hear each other",
            within,
        )

    async def is_gone(self, cause: Cause, within: float = PATIENCE) -> None:
        """The call is over for this person, and the network said why."""
        leg = self.on_the_line
        await until(lambda: leg.over, f"{self.name}'s call is over", within)
        assert leg.cause is cause, leg.cause


class Reachable(Person):
    """Rings by itself when it is called, unless it is `busy` or `mute`."""

    busy = False
    mute = False
    """It takes the call, but says nothing about it."""
    answers_at_once = False
    """A machine picks up."""

    def offer(self, leg: Leg) -> None:
        assert isinstance(leg, LoopbackLeg)
        self.keys = ""
        self.takes(leg)
        self.stage.facts.create_task(self._alerted(leg))

    async def _alerted(self, leg: LoopbackLeg) -> None:
        if self.busy:
            await leg.hang_up(Cause.BUSY)
        elif self.answers_at_once:
            await leg.answer()
        elif not self.mute:
            await leg.ring()

    @property
    def rings(self) -> bool:
        return self.leg is not None and self.leg.state is State.RINGING

    @property
    def times_rung(self) -> int:
        return len(self.legs)

    async def is_ringing(self, showing: str = "", within: float = PATIENCE) -> None:
        await until(lambda: self.rings, f"{self.name} rings", within)
        if showing:
            assert self.on_the_line.remote.shown == showing

    async def picks_up(self) -> None:
        await self.on_the_line.answer()
        await settled()

    async def sends_early_media(self) -> None:
        """A 183: the provider plays something."""
        self.on_the_line.became(State.EARLY)
        self.on_the_line.peer.became(State.EARLY)
        await settled()

    async def declines(self) -> None:
        await self.hangs_up(Cause.DECLINED)


class Friend(Reachable):
    """Somebody who calls, and can be called when online."""

    hangs_up_when: Fact | None = None
    """In the very moment in which this happens."""

    async def notice(self, fact: Fact) -> None:
        if fact == self.hangs_up_when:
            await self.on_the_line.hang_up()

    @property
    def hears_ringing(self) -> bool:
        return self.on_the_line.state is State.RINGING

    @property
    def is_through(self) -> bool:
        """Somebody answered: a person or the voicemail."""
        return self.on_the_line.state is State.ESTABLISHED

    async def gets_through(self, within: float = PATIENCE) -> None:
        await until(lambda: self.is_through, f"{self.name} gets through", within)


class OwnPhone(Reachable):
    """A phone of the user."""

    async def answers(self, pressing: str = "", to: str = "Press 1 to") -> None:
        """Pick up after a ring or two; with `pressing`, listen for a moment and press the key."""
        await self.is_ringing()
        await asyncio.sleep(3)
        await self.picks_up()
        if pressing:
            await self.is_told(to)
            await asyncio.sleep(1)
            await self.presses(pressing)
