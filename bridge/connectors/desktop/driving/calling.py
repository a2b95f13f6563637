"""What the house wants of the program's call, done by the recipe's steps: one thing at a time.

Who hangs up waits for the step that is just being done, and the next call until the last is gone:
no click of one meets the other.
"""

import asyncio
import logging
from functools import partial

from bridge.calls.ports.leg import Leg
from bridge.connectors.desktop.driving.call_sound import CallSound
from bridge.connectors.desktop.driving.doing import Doing, StepOutcome
from bridge.connectors.desktop.driving.waiting import Waiting
from bridge.connectors.desktop.reading.happening import IncomingRing
from bridge.connectors.desktop.reading.reading import Reading
from bridge.connectors.desktop.recipe.recipe import Recipe
from bridge.errors import NetworkDown

log = logging.getLogger(__name__)

ANSWER_STEP = 4.0
"""Seconds in which a step to answer, or to hang up, must have its effect."""
SETTLES = 4.0
"""Seconds that the next call waits for one to come of what was given up."""
TRIES, BETWEEN_TRIES = 3, 2.0
"""How often the steps are begun, as a button may come late; and the seconds between."""


class Calling:
    """Of one session."""

    def __init__(
        self, recipe: Recipe, doing: Doing, reading: Reading, waiting: Waiting, sound: CallSound
    ) -> None:
        self._recipe, self._doing, self._sound = recipe, doing, sound
        self._reading, self._waiting = reading, waiting
        self._turn = asyncio.Lock()

    async def answer(self, leg: Leg, ring: IncomingRing) -> bool:
        """False when it cannot be answered; True also when nobody wants it any more."""
        async with self._turn:
            await self._end_last()
            if leg.over:
                return True
            self._reading.answered(ring)
            talks = partial(self._waiting.in_call, leg)
            for _ in range(TRIES):
                done = await self._doing.first(self._recipe.answer, ring, talks, ANSWER_STEP)
                if done is StepOutcome.YES or (
                    done is StepOutcome.NO and await talks(BETWEEN_TRIES)
                ):
                    return True
                if done is StepOutcome.WHO_KNOWS:
                    break
            self._reading.dropped()
            return False

    async def decline(self, ring: IncomingRing) -> None:
        """At once: it is about this ring and nothing else."""
        self._reading.declined(ring)
        await self._doing.any(self._recipe.decline, ring)

    async def dial(self, leg: Leg, peer: str) -> bool:
        """False when it cannot be dialled, or nobody wants it any more. What comes late is tried
        once more from the first step.
        """
        async with self._turn:
            await self._end_last()
            if leg.over:
                return False
            self._reading.dialled()
            for _ in range(TRIES):
                done = await self._doing.all(self._recipe.dial, lambda: not leg.over, peer=peer)
                if done is StepOutcome.YES or self._reading.shows_call:
                    return True
                if done is StepOutcome.WHO_KNOWS or leg.over:
                    break
            return False

    async def hang_up(self) -> None:
        """Until nothing of the call is shown any more. One that cannot be ended otherwise ends with
        the program: NetworkDown. The reading was told before that nobody wants it.
        """
        async with self._turn:
            await self._sound.close()
            if not await self._is_ended() and self._reading.in_call:
                log.warning("no step of the recipe ended a call: the program is started anew")
                raise NetworkDown("desktop_lost")
            if self._reading.unsettled is not None:
                await self._end_last()

    async def end_unwanted(self) -> None:
        """A call that came of what was given up: it may have been ended for the next one."""
        async with self._turn:
            await self._end_last()

    async def _end_last(self) -> None:
        """Also what may yet come of the last one, which would be taken for the next."""
        since = self._reading.unsettled
        if since is not None:
            passed = asyncio.get_running_loop().time() - since
            await self._waiting.shown(max(0.0, SETTLES - passed))
        if self._reading.is_over and not await self._is_ended():
            log.warning(
                "what looked like a call that was given up cannot be ended, and may be none"
            )
            self._reading.dismiss()

    async def _is_ended(self) -> bool:
        was_in_call, gone = self._reading.in_call, self._waiting.gone
        for _ in range(TRIES):
            done = await self._doing.first(self._recipe.hang_up, None, gone, ANSWER_STEP)
            if done is StepOutcome.YES or await gone(BETWEEN_TRIES):
                if was_in_call:
                    self._reading.settled()
                return True
        return False
