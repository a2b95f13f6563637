"""The steps of a recipe, carried out in its session."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence

from bridge.connectors.desktop.acting import request
from bridge.connectors.desktop.happening import Ring
from bridge.connectors.desktop.link import Link
from bridge.connectors.desktop.reading import Reading
from bridge.connectors.desktop.recipe import Recipe
from bridge.connectors.desktop.requests import Request
from bridge.connectors.desktop.steps import Step
from bridge.errors import HouseError

log = logging.getLogger(__name__)

APPEARS_WITHIN = 5.0
"""Seconds for a window to open, after the step that opens it."""
_LOOKS_EVERY = 0.05


class Doing:
    """`values` are the answers to the recipe's questions."""

    def __init__(
        self, recipe: Recipe, link: Link, reading: Reading, values: Mapping[str, str]
    ) -> None:
        self._recipe, self._link = recipe, link
        self._reading, self._values = reading, values

    async def all(self, steps: Sequence[Step], **more: str) -> bool:
        """One after the other; False when one of them cannot be done. `more`: peer or digit."""
        for step in steps:
            if not await self._done(step, None, more, APPEARS_WITHIN):
                return False
            await asyncio.sleep(step.pause_ms / 1000)
        return True

    async def first(
        self,
        steps: Sequence[Step],
        ring: Ring | None,
        worked: Callable[[float], Awaitable[bool]],
        patience: float,
    ) -> bool:
        """The first that works: `worked` waits for its effect, `patience` seconds and the step's
        own pause at most.
        """
        for step in steps:
            if await self._done(step, ring, {}) and await worked(patience + step.pause_ms / 1000):
                return True
        return False

    async def any(self, steps: Sequence[Step], ring: Ring) -> bool:
        """The first that can be done."""
        for step in steps:
            if await self._done(step, ring, {}):
                return True
        return False

    async def _done(
        self, step: Step, ring: Ring | None, more: Mapping[str, str], patience: float = 0.0
    ) -> bool:
        """`patience`: seconds in which what it is done with may yet appear."""
        try:
            asked = self._asked(step, ring, more)
            clock = asyncio.get_running_loop().time
            until = clock() + patience
            while asked is None and clock() < until:
                await asyncio.sleep(_LOOKS_EVERY)
                asked = self._asked(step, ring, more)
            if asked is None:
                return False
            await self._link.ask(asked)
        except HouseError as why:
            log.info("a step (%s) of a recipe did not work: %s", step.kind, why.code)
            return False
        return True

    def _asked(self, step: Step, ring: Ring | None, more: Mapping[str, str]) -> Request | None:
        values = {**self._values, **more}
        return request(self._recipe, step, self._reading.scene, values, ring)
