"""A program's calls as legs: what the agent tells comes in, requests go out, by a fake clock."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from bridge.audio.port import AudioPort
from bridge.calls.leg import Leg
from bridge.connectors.desktop.leg import DesktopLeg
from bridge.connectors.desktop.messages import (
    Action,
    NotificationClosed,
    Notified,
    PageSeen,
    ProgramEnded,
    ProgramStarted,
    Reply,
    SoundSlipped,
    StreamGone,
    StreamSeen,
    Told,
    WindowGone,
    WindowSeen,
)
from bridge.connectors.desktop.recipe import Recipe
from bridge.connectors.desktop.requests import Close, Flow, Invoke, Request, Run, Start
from bridge.connectors.desktop.running import DIALS_FOR, Running
from bridge.errors import LoginRejected, NetworkDown, UnknownTarget
from bridge.terms import Cause, MediaReport, Party, State
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
        self.running = Running(RECIPE, self.link, {}, self, self._port)  # type: ignore[arg-type]
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
        await settled()

    async def rings(self, number: int = 7) -> DesktopLeg:
        actions = (Action(key="0", label="Accept"), Action(key="1", label="Decline"))
        await self.told(Notified(id=number, app="C", summary="Ada", body="calls", actions=actions))
        return self.legs[-1]


RECORDS = StreamSeen(stream="records", index=3, program="chromium")
STOPS = StreamGone(stream="records", index=3)


def window(id: int, title: str) -> WindowSeen:
    return WindowSeen(id=id, wm_class="Chatter", title=title, width=300, height=200)


PEOPLE, CALLING = window(1, "people"), window(2, "calling")


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    stage = Stage()
    serving = asyncio.create_task(stage.serve())
    await settled()
    await stage.told(ProgramStarted(pid=9), PageSeen(url="https://chat.example/"))
    await asyncio.sleep(1)
    await settled()
    yield stage
    serving.cancel()
    await asyncio.gather(serving, return_exceptions=True)


async def answered(stage: Stage) -> DesktopLeg:
    stage.link.effects[Invoke] = [NotificationClosed(id=7), RECORDS]
    leg = await stage.rings()
    await leg.answer()
    await settled()
    assert leg.state is State.ESTABLISHED
    return leg


async def test_it_is_ready_with_the_contacts_that_it_shows(stage: Stage) -> None:
    assert [type(one) for one in stage.link.asked[:1]] != [Start]
    assert stage.link.of(Start)[0].address == "https://chat.example/"
    assert stage.roster == [
        Party("Ada Lovelace", "Ada Lovelace", "chatter"),
        Party("Ben", "Ben", "chatter"),
    ]


async def test_a_call_comes_in_is_answered_and_ends(stage: Stage) -> None:
    leg = await answered(stage)
    assert leg.remote == Party("", "Ada", "chatter")
    assert stage.link.of(Invoke)[0].key == "0"
    assert [flow.on for flow in stage.link.of(Flow)] == [True]
    assert leg.audio is stage.ports[0]
    await stage.told(STOPS)
    await asyncio.sleep(1)
    await settled()
    assert (leg.state, leg.cause) == (State.TERMINATED, Cause.NORMAL)
    assert [flow.on for flow in stage.link.of(Flow)] == [True, False]
    assert not stage.ports[0].open
    assert not stage.link.of(Run)


async def test_no_sound_passes_while_it_rings(stage: Stage) -> None:
    await stage.rings()
    await stage.told(StreamSeen(stream="plays", index=1, program="chromium"))
    await asyncio.sleep(3)
    assert stage.link.of(Flow) == []
    assert stage.ports == []


async def test_the_house_hangs_up(stage: Stage) -> None:
    leg = await answered(stage)
    stage.link.effects[Run] = [STOPS]
    await leg.hang_up()
    await asyncio.sleep(2)
    await settled()
    assert stage.link.of(Run)[0].argv == ("hangup",)
    assert [flow.on for flow in stage.link.of(Flow)] == [True, False]
    assert leg.media_report().received == 50


async def test_a_call_that_goes_on_is_hung_up_once_more(stage: Stage) -> None:
    leg = await answered(stage)
    await leg.hang_up()
    await asyncio.sleep(3)
    assert len(stage.link.of(Run)) == 1
    stage.link.effects[Run] = [STOPS]
    await asyncio.sleep(20)
    assert [run.argv for run in stage.link.of(Run)] == [("hangup",)] * 2
    assert stage.fault is None


async def test_a_call_that_cannot_be_hung_up_ends_with_the_program(stage: Stage) -> None:
    leg = await answered(stage)
    await leg.hang_up()
    await asyncio.sleep(30)
    assert [run.argv for run in stage.link.of(Run)] == [("hangup",)] * 3
    assert isinstance(stage.fault, NetworkDown)


async def test_the_next_call_waits_until_the_last_is_hung_up(stage: Stage) -> None:
    """The first try to hang up is lost, and somebody calls and is taken meanwhile."""
    first = await answered(stage)
    await first.hang_up()
    await asyncio.sleep(1)
    stage.link.effects.clear()
    second = await stage.rings(8)
    await second.answer()
    await asyncio.sleep(1)
    assert len(stage.link.of(Invoke)) == 1, "the second is not answered yet"
    stage.link.effects[Run] = [STOPS]
    stage.link.effects[Invoke] = [NotificationClosed(id=8), RECORDS]
    await asyncio.sleep(10)
    assert second.state is State.ESTABLISHED
    assert stage.ports[-1].open
    await asyncio.sleep(30)
    assert second.state is State.ESTABLISHED
    assert [run.argv for run in stage.link.of(Run)] == [("hangup",)] * 2
    assert stage.fault is None


async def test_what_slips_inside_is_in_the_report_of_that_call(stage: Stage) -> None:
    for _ in range(2):
        leg = await answered(stage)
        await stage.told(*[SoundSlipped(underruns=2, overruns=1)] * 2)
        stage.link.effects[Run] = [STOPS]
        await leg.hang_up()
        report = leg.media_report()
        assert (report.received, report.underruns, report.overruns) == (50, 4, 2)
        await asyncio.sleep(2)
        await settled()


async def test_who_hangs_up_while_the_session_dies_is_not_in_the_way(stage: Stage) -> None:
    leg = await answered(stage)
    slow = asyncio.Event()

    async def never(request: Request, timeout: float = 10.0) -> Reply:
        """Something is still being asked when all is over, and takes a moment to be dropped."""
        try:
            await asyncio.Future()
        finally:
            await slow.wait()
        raise AssertionError

    stage.link.ask = never  # type: ignore[method-assign]
    await stage.rings(8)  # and is to be declined
    await stage.told(ProgramEnded(status=1))
    await leg.hang_up()
    slow.set()
    await settled()
    assert leg.over
    assert isinstance(stage.fault, NetworkDown)


async def test_the_house_declines(stage: Stage) -> None:
    leg = await stage.rings()
    await leg.hang_up(Cause.DECLINED)
    await settled()
    assert [one.key for one in stage.link.of(Invoke)] == ["1"]


async def test_the_caller_gives_up(stage: Stage) -> None:
    leg = await stage.rings()
    await stage.told(NotificationClosed(id=7))
    await asyncio.sleep(2)
    await settled()
    assert (leg.state, leg.cause) == (State.TERMINATED, Cause.CANCELLED)


async def test_a_second_caller_is_declined(stage: Stage) -> None:
    first = await answered(stage)
    stage.link.effects.clear()
    actions = (Action(key="0", label="Accept"), Action(key="1", label="Decline"))
    await stage.told(Notified(id=8, app="C", summary="Ben", body="calls", actions=actions))
    await settled()
    assert stage.legs == [first]
    assert (stage.link.of(Invoke)[-1].notification, stage.link.of(Invoke)[-1].key) == (8, "1")
    assert first.state is State.ESTABLISHED


async def test_an_answer_that_has_no_effect_is_given_up(stage: Stage) -> None:
    leg = await stage.rings()
    await leg.answer()
    await asyncio.sleep(6)
    await settled()
    assert (leg.state, leg.cause) == (State.TERMINATED, Cause.FAILED)


async def test_dialling(stage: Stage) -> None:
    await stage.told(PEOPLE)
    leg = stage.running.dial("Ben")
    assert leg.state is State.OUTGOING
    await asyncio.sleep(5)
    assert stage.link.of(Run)[0].argv == ("dial", "Ben")
    await stage.told(RECORDS)
    assert leg.state is State.ESTABLISHED


async def test_what_is_shown_late_is_dialled_once_more(stage: Stage) -> None:
    """The window of its people opens after the steps were tried a first time."""
    leg = stage.running.dial("Ben")
    await asyncio.sleep(7)
    await stage.told(PEOPLE)
    await asyncio.sleep(5)
    assert [run.argv for run in stage.link.of(Run)] == [("dial", "Ben")] * 2
    assert [one.window for one in stage.link.of(Close)] == [PEOPLE.id]
    await stage.told(RECORDS)
    assert leg.state is State.ESTABLISHED


async def test_what_is_given_up_while_it_rings_there_is_hung_up_until_it_is_gone(
    stage: Stage,
) -> None:
    await stage.told(PEOPLE)
    leg = stage.running.dial("Ben")
    await asyncio.sleep(1)
    await stage.told(CALLING)
    assert leg.state is State.RINGING
    await leg.hang_up(Cause.CANCELLED)
    await asyncio.sleep(3)
    stage.link.effects[Run] = [WindowGone(id=CALLING.id)]
    await asyncio.sleep(20)
    ends = [run.argv for run in stage.link.of(Run) if run.argv == ("hangup",)]
    assert 2 <= len(ends) <= 4  # who dialled and who hung up both see to it
    assert stage.fault is None


async def test_who_is_dialled_next_is_the_only_one(stage: Stage) -> None:
    """The first was given up before its steps were done."""
    ben = stage.running.dial("Ben")
    await asyncio.sleep(1)
    await ben.hang_up(Cause.CANCELLED)
    await asyncio.sleep(0.5)
    cy = stage.running.dial("Cy")
    await asyncio.sleep(1)
    await stage.told(PEOPLE)
    await asyncio.sleep(20)
    dialled = [run.argv for run in stage.link.of(Run) if run.argv[0] == "dial"]
    assert dialled == [("dial", "Ben"), ("dial", "Cy")]
    await stage.told(RECORDS)
    assert cy.state is State.ESTABLISHED


async def test_a_call_that_comes_late_is_hung_up(stage: Stage) -> None:
    """Nobody waits for it any more, and the friend would talk to nobody."""
    await stage.told(PEOPLE)
    leg = stage.running.dial("Ben")
    await asyncio.sleep(1)
    await leg.hang_up(Cause.CANCELLED)
    await asyncio.sleep(10)
    before = len(stage.link.of(Run))
    stage.link.effects[Run] = [STOPS]
    await stage.told(RECORDS)
    await asyncio.sleep(5)
    assert [run.argv for run in stage.link.of(Run)[before:]] == [("hangup",)]
    assert not stage.ports, "nobody has heard it"


async def test_the_next_call_waits_for_one_that_comes_late(stage: Stage) -> None:
    """It would be taken for the next one: with somebody else at the other end."""
    await stage.told(PEOPLE)
    ben = stage.running.dial("Ben")
    await asyncio.sleep(1)
    await ben.hang_up(Cause.CANCELLED)
    await asyncio.sleep(1)
    cy = stage.running.dial("Cy")
    stage.link.effects[Run] = [STOPS]
    await stage.told(RECORDS)
    await asyncio.sleep(5)
    assert cy.state is State.OUTGOING
    said = [run.argv[-1] for run in stage.link.of(Run)]
    assert said[-2:] == ["hangup", "Cy"]


async def test_a_step_that_was_done_unnoticed_is_not_done_again(stage: Stage) -> None:
    await stage.told(PEOPLE)
    stage.link.effects[Run] = [RECORDS]
    stage.link.silent = {Run}
    leg = stage.running.dial("Ben")
    await asyncio.sleep(20)
    assert leg.state is State.ESTABLISHED
    assert [run.argv for run in stage.link.of(Run)] == [("dial", "Ben")]


async def test_nobody_answers_what_was_dialled(stage: Stage) -> None:
    await stage.told(PEOPLE)
    leg = stage.running.dial("Ben")
    await asyncio.sleep(DIALS_FOR + 5)
    await settled()
    assert (leg.state, leg.cause) == (State.TERMINATED, Cause.NO_ANSWER)


async def test_what_cannot_exist_is_not_dialled(stage: Stage) -> None:
    with pytest.raises(UnknownTarget):
        stage.running.dial("--help")


async def test_while_it_talks_nothing_else_is_dialled(stage: Stage) -> None:
    await answered(stage)
    leg = stage.running.dial("Ben")
    assert (leg.state, leg.cause) == (State.TERMINATED, Cause.BUSY)


async def test_an_expired_sign_in_is_told(stage: Stage) -> None:
    await stage.told(PageSeen(url="https://chat.example/login", shown=frozenset({"password"})))
    await asyncio.sleep(10)
    await settled()
    assert isinstance(stage.fault, LoginRejected)
    assert stage.fault.code == "sign_in_expired"


async def test_a_sign_in_that_expires_in_a_call_ends_it_not(stage: Stage) -> None:
    leg = await answered(stage)
    await stage.told(PageSeen(url="https://chat.example/login", shown=frozenset({"password"})))
    await asyncio.sleep(30)
    await settled()
    assert leg.state is State.ESTABLISHED
    await stage.told(STOPS)
    await asyncio.sleep(2)
    await settled()
    assert leg.cause is Cause.NORMAL
    assert isinstance(stage.fault, LoginRejected)


async def test_a_program_that_ends_in_a_call_ends_it(stage: Stage) -> None:
    leg = await answered(stage)
    await stage.told(ProgramEnded(status=1))
    await settled()
    assert leg.over
    assert isinstance(stage.fault, NetworkDown)


async def test_a_session_that_dies_in_a_call_loses_it(stage: Stage) -> None:
    leg = await answered(stage)
    stage.link.facts.put_nowait(NetworkDown("desktop_lost"))
    await settled()
    assert (leg.state, leg.cause) == (State.TERMINATED, Cause.NETWORK_LOST)
    assert not stage.ports[0].open
