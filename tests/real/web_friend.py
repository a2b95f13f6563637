"""A friend who telephones by the same web app, in a browser of her own: a session of the recipe
"web" like the house's, but steered and spoken through by the test.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path
from socket import socket
from typing import Self

from bridge.calls.ports.leg import Leg
from bridge.connectors.desktop.driving.leg import DesktopLeg
from bridge.connectors.desktop.driving.running import RunningProgram
from bridge.connectors.desktop.recipe.recipe_store import RecipeStore
from bridge.connectors.desktop.sandbox.folder import Folders
from bridge.connectors.desktop.sandbox.network import HOUSE, InternetAccess
from bridge.connectors.desktop.sandbox.opening import Sandbox, aside
from bridge.connectors.desktop.sandbox.walls import Needs
from bridge.terms import Cause, MediaReport, Party, State
from tests.bridge.connectors.desktop.namespaces import namespaces_are_needed
from tests.bridge.connectors.desktop.uids import own_uids
from tests.peers.hearing import Verdict, heard_sentence
from tests.peers.programs import PeerFailed, until
from tests.peers.speech import Sound
from tests.peers.web_telephone import WebTelephone
from tests.real.packet_voice import PacketVoice

CLEAR = 0.5
"""Correlation of a sentence that came through the web app, at least; another one reaches 0.4. The
browsers' jitter buffers stretch and squeeze it.
"""
_ARRIVES, _RINGS, _ENDS = 40.0, 40.0, 10.0


class _Port:
    """Where the sound of a call is; nobody asks how it was."""

    report = MediaReport()


class WebFriend:
    """`async with WebFriend(directory, app, "ada", says=sentence) as ada:` is signed in.

    In every call she speaks from its first moment, again and again.
    """

    def __init__(self, directory: Path, app: WebTelephone, name: str, says: Sound) -> None:
        namespaces_are_needed()
        self.name, self.app, self.says = name, app, says
        self._folder = Folders(directory, own_uids()).claim()
        self._stack = AsyncExitStack()
        self._running: RunningProgram
        self._leg: DesktopLeg | None = None
        self._called, self._said_before = "", 0
        self._voice: PacketVoice | None = None

    async def __aenter__(self) -> Self:
        recipe, values = (
            RecipeStore(None).recipe("web"),
            {"address": self.app.page(HOUSE, self.name)},
        )
        needs = Needs(rate=self.says.rate, browser=True, origins=recipe.origins(values))
        async with AsyncExitStack() as stack:
            walls = Sandbox(way=InternetAccess(("127.0.0.1",)))
            link = await stack.enter_async_context(walls.opened(self._folder, needs))
            talk = partial(self._talk, link.sound)
            self._running = RunningProgram(recipe, link, values, self, talk)
            stack.push_async_callback(self._running.close)
            await stack.enter_async_context(aside(self._serve()))
            await until(lambda: self.app.is_here(self.name), f"{self.name} to be here", _ARRIVES)
            self._stack = stack.pop_all()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    # --- what she does ---------------------------------------------------------------------------

    async def calls(self, name: str) -> None:
        self._called, self._said_before = name, len(self.app.said)
        self._voice, self._leg = None, self._running.dial(name)

    async def answers(self, within: float = _RINGS) -> None:
        """Once somebody calls her."""
        self._leg = None
        leg = await until(lambda: self._leg, f"{self.name} to be called", within)
        await leg.ring()
        await leg.answer()
        await until(lambda: leg.state is State.ESTABLISHED, "her call to be answered", within)

    async def hang_up(self) -> None:
        """Nothing happens when it is over already."""
        if self._leg is not None:
            await self._leg.hang_up(Cause.NORMAL)

    # --- what she notices ------------------------------------------------------------------------

    async def is_answered(self, within: float = _RINGS) -> float:
        """When, by time.monotonic(). Her page does not show it, but it is told."""
        answer = (self._called, "answer", self.name)
        await until(lambda: answer in self.app.said[self._said_before :], "an answer", within)
        return time.monotonic()

    async def is_hung_up_on(self, within: float = _ENDS) -> None:
        over = State.TERMINATED
        await until(lambda: self._leg is None or self._leg.state is over, "her call to end", within)

    async def hears(self, spoken: Sound, within: float = 20.0) -> Verdict:
        """Wait until the whole of `spoken` was heard in the newest call."""
        verdict: list[Verdict] = []

        async def heard() -> bool:
            listen = partial(heard_sentence, spoken, self.heard, enough=CLEAR, whole=True)
            verdict[:] = [await asyncio.to_thread(listen)]
            return bool(verdict[0])

        try:
            await until(heard, f"{self.name} to hear the sentence", within, every=0.5)
        except PeerFailed as failure:
            raise PeerFailed(f"{verdict[0].why}; {failure}") from None
        return verdict[0]

    @property
    def heard(self) -> Sound:
        """In the newest call, from `listens_since` to now, or to its end."""
        return self._voice.heard if self._voice is not None else Sound.nothing(0, self.says.rate)

    @property
    def listens_since(self) -> float:
        """By time.monotonic(); she does before anybody answers."""
        return self._voice.begun if self._voice is not None else time.monotonic()

    # --- the desk of her session -----------------------------------------------------------------

    def offer(self, leg: Leg) -> None:
        """It rings where she is."""
        assert isinstance(leg, DesktopLeg)
        self._voice, self._leg = None, leg

    def ready(self, roster: Sequence[Party] = ()) -> None:
        """Whether she is here the app itself knows best."""

    def presence(self, contact: Party, online: bool) -> None:
        """She does not look."""

    # --- inside ----------------------------------------------------------------------------------

    async def _serve(self) -> None:
        async with asyncio.TaskGroup() as tasks:
            await self._running.serve(tasks)

    @asynccontextmanager
    async def _talk(self, packets: socket) -> AsyncIterator[_Port]:
        with PacketVoice(packets, self.says) as voice:
            self._voice = voice
            yield _Port()
