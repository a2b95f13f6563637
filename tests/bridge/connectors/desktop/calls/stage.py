"""A running session without a program: what the agent tells is put in, and what was asked is looked
at.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from bridge.audio.port import AudioPort
from bridge.calls.ports.leg import Leg
from bridge.connectors.desktop.driving.leg import DesktopLeg
from bridge.connectors.desktop.driving.running import RunningProgram
from bridge.connectors.desktop.protocol.messages import (
    Action,
    NotificationClosed,
    Notified,
    PageSeen,
    ProgramStarted,
    StreamGone,
    StreamSeen,
    Told,
    WindowSeen,
)
from bridge.connectors.desktop.protocol.requests import Invoke
from bridge.connectors.desktop.recipe.recipe import Recipe
from bridge.terms import MediaReport, Party, State
from tests.bridge.connectors.desktop.calls.fake_link import FakeLink
from tests.fake_clock import settled

RECIPE = Recipe.model_validate(
    {
        "title": "Chatter",
        "network": "chatter",
        "verified": "here",
        "web": {"address": "https://chat.example/", "screen": True},
        "elements": {"password": "input[type=password]", "roster": ".person"},
        "signs": {
            "rings": {"notification": {"action": "Accept"}, "name": "summary"},
            "in_call": {"stream": {"does": "records"}},
            "rings_there": {"window": {"title": "calling"}},
            "sign_in_page": {"page": {"element": "password"}},
        },
        "answer": [{"action": "Accept"}],
        "decline": [{"action": "Decline"}],
        "hang_up": [{"run": ["hangup"]}],
        "dial": [{"run": ["dial", "{peer}"], "pause_ms": 100}, {"close": {"title": "people"}}],
        "contacts": {"element": "roster"},
    }
)


class FakePort(AudioPort):
    open = True
    report = MediaReport(received=50)


class Stage:
    """A running session, and who it reports to."""

    def __init__(self) -> None:
        self.link = FakeLink()
        self.legs: list[DesktopLeg] = []
        self.roster: list[Party] | None = None
        self.ports: list[FakePort] = []
        self.running = RunningProgram(RECIPE, self.link, {}, self, self._port)  # type: ignore[arg-type]
        self.fault: BaseException | None = None

    @asynccontextmanager
    async def _port(self) -> AsyncIterator[FakePort]:
        port = FakePort()
        self.ports.append(port)
        try:
            yield port
        finally:
            port.open = False

    def offer(self, leg: Leg) -> None:
        assert isinstance(leg, DesktopLeg)
        self.legs.append(leg)

    def ready(self, roster: Any = ()) -> None:
        self.roster = list(roster)

    def presence(self, contact: Party, online: bool) -> None:
        pass

    async def serve(self) -> None:
        try:
            async with asyncio.TaskGroup() as tasks:
                await self.running.serve(tasks)
        except BaseExceptionGroup as group:
            self.fault = group.exceptions[0]
        finally:
            await self.running.close()

    async def told(self, *facts: Told) -> None:
        for fact in facts:
            self.link.facts.put_nowait(fact)
        await soon()

    async def rings(self, number: int = 7) -> DesktopLeg:
        actions = (Action(key="0", label="Accept"), Action(key="1", label="Decline"))
        await self.told(Notified(id=number, app="C", summary="Ada", body="calls", actions=actions))
        return self.legs[-1]


async def soon() -> None:
    """Whatever was asked for has had its effect."""
    await asyncio.sleep(0.3)
    await settled()


RECORDS = StreamSeen(stream="records", index=3, program="chromium")
STOPS = StreamGone(stream="records", index=3)


def window(id: int, title: str) -> WindowSeen:
    return WindowSeen(id=id, wm_class="Chatter", title=title, width=300, height=200)


PEOPLE, CALLING = window(1, "people"), window(2, "calling")


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    stage = Stage()
    serving = asyncio.create_task(stage.serve())
    await soon()
    await stage.told(ProgramStarted(pid=9), PageSeen(url="https://chat.example/"))
    await asyncio.sleep(1)
    await soon()
    yield stage
    serving.cancel()
    await asyncio.gather(serving, return_exceptions=True)


async def answered(stage: Stage) -> DesktopLeg:
    stage.link.effects[Invoke] = [NotificationClosed(id=7), RECORDS]
    leg = await stage.rings()
    await leg.answer()
    await soon()
    assert leg.state is State.ESTABLISHED
    return leg
