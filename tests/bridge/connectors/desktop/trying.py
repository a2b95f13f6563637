"""A recipe of the house, tried with a real program: what is typed, and what is shown."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bridge.connectors.desktop.protocol.messages import Reply, Told
from bridge.connectors.desktop.protocol.requests import Request
from bridge.connectors.desktop.recipe.recipe_store import RecipeStore
from bridge.connectors.desktop.trial.trial import Trial
from tests.bridge.connectors.desktop.agent.running import Agent
from tests.peers.programs import until


class Session:
    """What a trial wants of a link; the agent's facts are kept by the test, too."""

    def __init__(self, agent: Agent) -> None:
        self._agent = agent

    async def ask(self, request: Request, timeout: float = 20) -> Reply:
        return await self._agent.ask(request, timeout)

    async def told(self) -> AsyncIterator[Told]:
        facts = self._agent.facts
        for number in range(100_000):
            await until(lambda number=number: len(facts) > number, "another fact", 600)
            yield facts[number]


class Terminal:
    """Of somebody who tries a recipe."""

    def __init__(self) -> None:
        self.shown: list[str] = []
        self._typed: asyncio.Queue[str] = asyncio.Queue()

    def type(self, word: str) -> None:
        self._typed.put_nowait(word)

    async def words(self) -> AsyncIterator[str]:
        while True:
            yield await self._typed.get()

    async def shows(self, *lines: str) -> None:
        """These, in this order, and others between."""

        def found() -> bool:
            left = iter(self.shown)
            return all(any(line in one for one in left) for line in lines)

        await until(found, f"{lines} in {self.shown}", 20)


@asynccontextmanager
async def trying(name: str, agent: Agent, folder: Path, **values: str) -> AsyncIterator[Terminal]:
    terminal = Terminal()
    picture = folder / f"{name}.png"
    session: object = Session(agent)
    trial = Trial(
        RecipeStore().recipe(name),
        session,  # type: ignore[arg-type]  # as much of a link as it needs
        values,
        terminal.shown.append,
        picture,
    )
    running = asyncio.create_task(trial.run(terminal.words()))
    try:
        yield terminal
        terminal.type("quit")
        await asyncio.wait_for(running, 10)
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
