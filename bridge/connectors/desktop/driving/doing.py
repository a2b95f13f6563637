"""The steps of a recipe, carried out in its session."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from enum import Enum, auto

from bridge.connectors.desktop.driving.acting import request
from bridge.connectors.desktop.protocol.link import AgentLink
from bridge.connectors.desktop.protocol.requests import Click, Request
from bridge.connectors.desktop.reading.happening import IncomingRing
from bridge.connectors.desktop.reading.reading import Reading
from bridge.connectors.desktop.recipe.recipe import Recipe
from bridge.connectors.desktop.recipe.steps import RecipeStep
from bridge.errors import HouseError

log = logging.getLogger(__name__)

APPEARS_WITHIN = 5.0
"""Seconds for a window to open, after the step that opens it."""
_LOOKS_EVERY = 0.05


class StepOutcome(Enum):
    """Whether the steps were done."""

    YES = auto()
    NO = auto()
    """There was nothing to do it with: it may be tried again."""
    WHO_KNOWS = auto()
    """It was done, or asked for, and nothing came of it yet."""


class Doing:
    """`values` are the answers to the recipe's questions."""

    def __init__(
        self, recipe: Recipe, link: AgentLink, reading: Reading, values: Mapping[str, str]
    ) -> None:
        self._recipe, self._link = recipe, link
        self._reading, self._values = reading, values

    async def all(
        self, steps: Sequence[RecipeStep], wanted: Callable[[], bool], **more: str
    ) -> StepOutcome:
        """One after the other, while they are `wanted`, up to one that cannot be done. `more`: peer
        or digit.
        """
        for step in steps:
            if not wanted():
                return StepOutcome.NO
            done = await self._done(step, None, more, APPEARS_WITHIN)
            if done is not StepOutcome.YES:
                return done
            await asyncio.sleep(step.pause_ms / 1000)
        return StepOutcome.YES

    async def first(
        self,
        steps: Sequence[RecipeStep],
        ring: IncomingRing | None,
        worked: Callable[[float], Awaitable[bool]],
        patience: float,
    ) -> StepOutcome:
        """The first that works: `worked` waits for its effect, `patience` seconds and the step's
        own pause at most.
        """
        found = StepOutcome.NO
        for step in steps:
            if await self._done(step, ring, {}) is StepOutcome.NO:
                continue
            found = StepOutcome.WHO_KNOWS
            if await worked(patience + step.pause_ms / 1000):
                return StepOutcome.YES
        return found

    async def any(self, steps: Sequence[RecipeStep], ring: IncomingRing) -> bool:
        """The first that can be done."""
        for step in steps:
            if await self._done(step, ring, {}) is not StepOutcome.NO:
                return True
        return False

    async def _done(
        self,
        step: RecipeStep,
        ring: IncomingRing | None,
        more: Mapping[str, str],
        patience: float = 0.0,
    ) -> StepOutcome:
        """`patience`: seconds in which what it is done with may yet appear; without it only what is
        there now counts, or a click that comes late would meet the next call.
        """
        try:
            asked = self._asked(step, ring, more)
            clock = asyncio.get_running_loop().time
            until = clock() + patience
            while asked is None and clock() < until:
                await asyncio.sleep(_LOOKS_EVERY)
                asked = self._asked(step, ring, more)
            if asked is None:
                return StepOutcome.NO
            if isinstance(asked, Click) and not patience:
                asked = asked.model_copy(update={"waits": False})
            await self._link.ask(asked)
        except HouseError as why:
            log.info("a step (%s) of a recipe did not work: %s", step.kind, why.code)
            return StepOutcome.WHO_KNOWS if why.code == "desktop_silent" else StepOutcome.NO
        return StepOutcome.YES

    def _asked(
        self, step: RecipeStep, ring: IncomingRing | None, more: Mapping[str, str]
    ) -> Request | None:
        values = {**self._values, **more}
        return request(self._recipe, step, self._reading.scene, values, ring)
