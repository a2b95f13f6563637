"""A program that is up: what it shows becomes legs, what the house wants becomes its clicks."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, suppress
from functools import partial
from typing import Any

from bridge.connectors.base import Desk
from bridge.connectors.desktop.driving.call_sound import CallSound, SoundPort
from bridge.connectors.desktop.driving.calling import Calling
from bridge.connectors.desktop.driving.doing import Doing
from bridge.connectors.desktop.driving.leg import DesktopLeg
from bridge.connectors.desktop.driving.waiting import Waiting
from bridge.connectors.desktop.protocol.link import AgentLink
from bridge.connectors.desktop.protocol.messages import PartLost, ProgramEnded, SoundDrifted, Told
from bridge.connectors.desktop.protocol.requests import Stay
from bridge.connectors.desktop.reading.contacts import contacts
from bridge.connectors.desktop.reading.following import happenings
from bridge.connectors.desktop.reading.happening import (
    Ended,
    Happening,
    InCall,
    IncomingRing,
    NeedsSignIn,
    NotTaken,
    RingOver,
    Rings,
    RingsThere,
    SignedIn,
    Unknown,
    fault,
)
from bridge.connectors.desktop.reading.reading import Reading
from bridge.connectors.desktop.recipe.recipe import Recipe
from bridge.errors import HouseError, NetworkDown
from bridge.scope import begin_in
from bridge.terms import Cause, Party, State

log = logging.getLogger(__name__)

DIALS_FOR = 60.0
"""Seconds until somebody must have answered a call of the program's."""
STARTS_WITHIN = 45.0
"""Seconds for a program, or a page, to start."""


class RunningProgram:
    """One session, from the start of its program to its end; one call at a time."""

    def __init__(
        self,
        recipe: Recipe,
        link: AgentLink,
        values: dict[str, str],
        desk: Desk,
        open_port: Callable[[], AbstractAsyncContextManager[SoundPort]],
    ) -> None:
        """`open_port`: the way of the program's sound to the house, for one call."""
        self._recipe, self._link, self._values = recipe, link, values
        self._desk = desk
        self.sound = CallSound(link, open_port)
        self._reading = Reading(recipe, asyncio.get_running_loop().time)
        self._doing = Doing(recipe, link, self._reading, values)
        self._leg: DesktopLeg | None = None
        self._fault: HouseError | None = None
        """Of the sign-in."""
        self._waiting = Waiting(self._reading)
        self._calling = Calling(recipe, self._doing, self._reading, self._waiting, self.sound)
        self._start: Callable[[Coroutine[Any, Any, None]], object]

    async def serve(self, tasks: asyncio.TaskGroup) -> None:
        """Until something of the session dies. LoginRejected, NetworkDown."""
        self._start = partial(begin_in, tasks)
        watch = self._recipe.watch()
        if watch is not None:
            await self._link.ask(watch)
        await self._link.ask(self._recipe.start(self._values), STARTS_WITHIN)
        async for happening in happenings(self._told(), self._reading):
            await self._take(happening)

    async def close(self) -> None:
        """The house hears that a call is lost."""
        self._becomes(State.TERMINATED, Cause.NETWORK_LOST)
        await self.sound.drop()

    async def _told(self) -> AsyncIterator[Told]:
        async for told in self._link.told():
            match told:  # before anybody takes the end of its streams for that of a call
                case PartLost():
                    raise NetworkDown("desktop_lost")
                case ProgramEnded():  # the keeper starts it again, with a pause
                    raise NetworkDown("desktop_program_ended")
                case SoundDrifted():
                    self.sound.slipped(told)
            yield told
            await self._waiting.look()

    async def _take(self, happening: Happening) -> None:
        match happening:
            case SignedIn():
                self._fault = None
                self._desk.ready(await contacts(self._recipe, self._link, self._values))
            case NeedsSignIn() | Unknown():
                self._fault = fault(happening)
            case Rings(name, address, ring):
                self._offer(Party(address, name, self._recipe.network), ring)
            case RingOver(ring):
                self._stopped_ringing(ring)
            case InCall(wanted=wanted):
                await self._in_call(wanted)
            case Ended():
                await self._ended()
            case RingsThere():
                self._becomes(State.RINGING)
            case NotTaken(refused):
                self._reading.settled()
                self._becomes(State.TERMINATED, Cause.DECLINED if refused else Cause.NO_ANSWER)
        await self._waiting.look()
        if self._fault is not None and not self._is_engaged:  # never in the middle of a call
            raise self._fault

    # --- what the program does -------------------------------------------------------------------

    def _offer(self, caller: Party, ring: IncomingRing) -> None:
        leg = DesktopLeg(self, caller, ring)
        if self._is_wanted:
            self._start(self._decline(ring))
            return
        self._leg = leg
        leg.became(State.INCOMING)
        self._desk.offer(leg)

    def _stopped_ringing(self, ring: IncomingRing) -> None:
        leg = self._leg
        if leg is not None and leg.ring_seen is ring and leg.state is not State.ESTABLISHED:
            leg.became(State.TERMINATED, Cause.CANCELLED)
        self._start(self._let_go())

    async def _in_call(self, wanted: bool) -> None:
        if not wanted:
            self._start(self._calling.end_unwanted())
            return
        leg = self._leg
        if leg is not None and not leg.over:
            await self._stay(True)
            await self.sound.open()
            leg.became(State.ESTABLISHED)
        if leg is None or leg.over:  # it was hung up in this moment
            self._reading.dropped()
            self._start(self._calling.hang_up())

    async def _ended(self) -> None:
        if self._leg is not None and self._leg.has_sound:  # else it waits for the end of the last
            self._becomes(State.TERMINATED, Cause.NORMAL)
        await self.sound.close()
        self._start(self._let_go())

    async def _let_go(self) -> None:
        if not self._is_engaged:
            await self._stay(False)

    async def _stay(self, on: bool) -> None:
        """While the page says goodbye, too, it must not be left."""
        if self._recipe.browser:
            with suppress(HouseError):
                await self._link.ask(Stay(on=on))

    def _becomes(self, state: State, cause: Cause | None = None) -> None:
        if self._leg is not None:
            self._leg.became(state, cause)

    # --- what the house wants (leg.Hands) --------------------------------------------------------

    def answer(self, leg: DesktopLeg) -> None:
        self._start(self._answer(leg))

    def hang_up(self, leg: DesktopLeg) -> None:
        self._reading.dropped()
        if leg.ring_seen is not None and not leg.has_sound:
            self._start(self._decline(leg.ring_seen))
        else:
            self._start(self._calling.hang_up())
        self._start(self._waiting.look())

    def press(self, digits: str) -> None:
        self._start(self._press(digits))

    def hold(self, held: bool) -> None:
        self._start(self._hold(held))

    def dial(self, target: str) -> DesktopLeg:
        peer = self._recipe.target(target)
        leg = DesktopLeg(self, Party(peer, network=self._recipe.network))
        leg.became(State.OUTGOING)
        if self._is_wanted or self._reading.ring is not None:
            leg.became(State.TERMINATED, Cause.BUSY)
        else:
            self._leg = leg
            self._start(self._dial(leg, peer))
        return leg

    @property
    def _is_engaged(self) -> bool:
        return self._reading.in_call or self._is_wanted

    @property
    def _is_wanted(self) -> bool:
        """The house has a call here; the program's own may outlast it by a moment."""
        return self._leg is not None and not self._leg.over

    async def _answer(self, leg: DesktopLeg) -> None:
        ring = leg.ring_seen
        assert ring is not None, "only what rings is answered"
        if not await self._calling.answer(leg, ring) and not leg.over:
            log.warning("no step of the recipe answered a call")
            leg.became(State.TERMINATED, Cause.FAILED)
            await self._decline(ring)

    async def _decline(self, ring: IncomingRing) -> None:
        await self._calling.decline(ring)
        await self._let_go()

    async def _dial(self, leg: DesktopLeg, peer: str) -> None:
        done = await self._calling.dial(leg, peer)
        if done and await self._waiting.in_call(leg, DIALS_FOR):
            return
        if not leg.over and not leg.has_sound:
            self._reading.dropped()
            leg.became(State.TERMINATED, Cause.NO_ANSWER if done else Cause.FAILED)
            await self._calling.hang_up()

    async def _press(self, digits: str) -> None:
        for digit in digits:
            await self._doing.all(self._recipe.press, self._still_talks(), digit=digit)

    async def _hold(self, held: bool) -> None:
        steps = self._recipe.hold if held else self._recipe.unhold
        await self._doing.all(steps, self._still_talks())

    def _still_talks(self) -> Callable[[], bool]:
        """Whether the call of this moment goes on."""
        leg = self._leg
        return lambda: leg is not None and leg.has_sound
