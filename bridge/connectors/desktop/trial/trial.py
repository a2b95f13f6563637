"""`python -m bridge recipe try FILE`: a recipe in a real session, with a terminal for a phone.

What the program shows is printed as it comes, and what the recipe makes of it; words that are typed
do what a caller, or the chat, would.
"""

import asyncio
import base64
from collections.abc import AsyncIterator, Callable, Coroutine
from functools import partial
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from bridge.connectors.desktop.driving.calling import ANSWER_STEP
from bridge.connectors.desktop.driving.doing import Doing, StepOutcome
from bridge.connectors.desktop.driving.running import STARTS_WITHIN
from bridge.connectors.desktop.driving.waiting import Waiting
from bridge.connectors.desktop.protocol.link import AgentLink
from bridge.connectors.desktop.protocol.messages import Told
from bridge.connectors.desktop.protocol.requests import Look, Touch
from bridge.connectors.desktop.reading.following import happenings
from bridge.connectors.desktop.reading.happening import IncomingRing
from bridge.connectors.desktop.reading.plain import meant, seen
from bridge.connectors.desktop.reading.reading import Reading
from bridge.connectors.desktop.recipe.recipe import Recipe
from bridge.connectors.desktop.recipe.tables import Steps
from bridge.errors import HouseError

WORDS = """\
answer | decline | hang up | dial PEER | press DIGIT | hold | unhold
picture           a picture of the screen, with numbers on it
touch N [TEXT]    click on number N of the last picture, and type TEXT
quit"""


class Trial:
    """One session. `words` are what is typed, without an end while it is to go on; `say` prints."""

    def __init__(
        self,
        recipe: Recipe,
        link: AgentLink,
        values: dict[str, str],
        say: Callable[[str], None],
        picture: Path,
    ) -> None:
        self._recipe, self._link, self._values = recipe, link, values
        self._say, self._picture = say, picture
        self._clock = asyncio.get_running_loop().time
        self._reading = Reading(recipe, self._clock)
        self._doing = Doing(recipe, link, self._reading, values)
        self._began = self._clock()
        self._waiting = Waiting(self._reading)

    async def run(self, words: AsyncIterator[str]) -> None:
        """Until "quit", or until the session ends: HouseError."""
        watching = asyncio.create_task(self._watch())
        typing = asyncio.create_task(self._obey(words))
        try:
            await self._start()
            await asyncio.wait({watching, typing}, return_when=asyncio.FIRST_COMPLETED)
            if watching.done():
                await watching
        finally:
            for task in (watching, typing):
                task.cancel()
            await asyncio.gather(watching, typing, return_exceptions=True)

    async def _start(self) -> None:
        watch = self._recipe.watch()
        if watch is not None:
            await self._link.ask(watch)
        await self._link.ask(self._recipe.start(self._values), STARTS_WITHIN)

    # --- what is seen -----------------------------------------------------------------------------

    async def _watch(self) -> None:
        async for happening in happenings(self._told(), self._reading):
            self._line(f"==> {meant(happening)}")
            await self._waiting.look()

    async def _told(self) -> AsyncIterator[Told]:
        async for told in self._link.told():
            self._line(seen(told))
            yield told

    def _line(self, text: str) -> None:
        self._say(f"{self._clock() - self._began:7.2f}  {text}")

    # --- what is typed ----------------------------------------------------------------------------

    async def _obey(self, words: AsyncIterator[str]) -> None:
        async for line in words:
            word, _, rest = line.strip().partition(" ")
            if word == "quit":
                return
            if word:
                self._line(f"... {await self._tried(word, rest.strip())}")

    async def _tried(self, word: str, rest: str) -> str:
        done: dict[str, Callable[[], Coroutine[Any, Any, str]]] = {
            "answer": self._answer,
            "decline": self._decline,
            "hang": self._hang_up,
            "dial": lambda: self._dial(rest),
            "press": lambda: self._all("press", digit=rest),
            "hold": lambda: self._all("hold"),
            "unhold": lambda: self._all("unhold"),
            "picture": self._look,
            "touch": lambda: self._touch(rest),
        }
        if word not in done:
            return f"what can be typed:\n{WORDS}"
        try:
            return await done[word]()
        except HouseError as why:
            return f"did not work: {why}"

    async def _answer(self) -> str:
        ring = self._reading.ring
        if ring is None:
            return "nothing rings"
        self._reading.answered(ring)
        if await self._first(self._recipe.answer, ring, lambda: self._reading.in_call):
            return "answered"
        self._reading.dropped()
        return "none of the steps in [[answer]] led to a call"

    async def _decline(self) -> str:
        ring = self._reading.ring
        if ring is None:
            return "nothing rings"
        if await self._first(self._recipe.decline, ring, lambda: self._reading.ring is None):
            return "declined"
        return "none of the steps in [[decline]] ended the ringing"

    async def _hang_up(self) -> str:
        if not self._reading.in_call:
            return "there is no call"
        if await self._first(self._recipe.hang_up, None, lambda: not self._reading.in_call):
            return "hung up"
        return "none of the steps in [[hang_up]] ended the call"

    async def _first(
        self, steps: Steps, ring: IncomingRing | None, reached: Callable[[], bool]
    ) -> bool:
        worked = partial(self._waiting.until, reached)
        return await self._doing.first(steps, ring, worked, ANSWER_STEP) is StepOutcome.YES

    async def _dial(self, peer: str) -> str:
        peer = self._recipe.target(peer)
        self._reading.dialled()
        return await self._all("dial", peer=peer)

    async def _all(self, name: str, **more: str) -> str:
        done = await self._doing.all(getattr(self._recipe, name), lambda: True, **more)
        return "done" if done is StepOutcome.YES else f"a step in [[{name}]] could not be done"

    async def _look(self) -> str:
        reply = await self._link.ask(Look())
        self._picture.write_bytes(base64.b64decode(reply.text))
        labels = [f"{one.number} {one.label}" for one in reply.elements if one.label]
        return "\n".join([f"the picture is in {self._picture}", *labels])

    async def _touch(self, rest: str) -> str:
        number, _, text = rest.partition(" ")
        if not number.isdigit():
            return "touch needs a number of the last picture"
        await self._link.ask(Touch(number=int(number), text=SecretStr(text) if text else None))
        return "done"
