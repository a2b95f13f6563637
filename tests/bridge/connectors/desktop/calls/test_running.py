"""A program's calls as legs: what the agent tells comes in, requests go out, by a fake clock."""

import asyncio

import pytest

from bridge.connectors.desktop.driving.running import DIALS_FOR
from bridge.connectors.desktop.protocol.messages import (
    Action,
    NotificationClosed,
    Notified,
    PageSeen,
    ProgramEnded,
    Reply,
    SoundDrifted,
    StreamSeen,
)
from bridge.connectors.desktop.protocol.requests import Close, Flow, Invoke, Request, Run, Start
from bridge.errors import LoginRejected, NetworkDown, UnknownTarget
from bridge.terms import Cause, Party, State
from tests.bridge.connectors.desktop.calls.stage import (
    PEOPLE,
    RECORDS,
    STOPS,
    Stage,
    answered,
    soon,
    stage,
)

__all__ = ["stage"]


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
    await soon()
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
    await soon()
    assert stage.link.of(Run)[0].argv == ("hangup",)
    assert [flow.on for flow in stage.link.of(Flow)] == [True, False]
    assert leg.media_report().received == 50


async def test_what_slips_inside_is_in_the_report_of_that_call(stage: Stage) -> None:
    for _ in range(2):
        leg = await answered(stage)
        await stage.told(*[SoundDrifted(underruns=2, overruns=1)] * 2)
        stage.link.effects[Run] = [STOPS]
        await leg.hang_up()
        report = leg.media_report()
        assert (report.received, report.underruns, report.overruns) == (50, 4, 2)
        await asyncio.sleep(2)
        await soon()


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
    await soon()
    assert leg.over
    assert isinstance(stage.fault, NetworkDown)


async def test_the_house_declines(stage: Stage) -> None:
    leg = await stage.rings()
    await leg.hang_up(Cause.DECLINED)
    await soon()
    assert [one.key for one in stage.link.of(Invoke)] == ["1"]


async def test_the_caller_gives_up(stage: Stage) -> None:
    leg = await stage.rings()
    await stage.told(NotificationClosed(id=7))
    await asyncio.sleep(2)
    await soon()
    assert (leg.state, leg.cause) == (State.TERMINATED, Cause.CANCELLED)


async def test_a_second_caller_is_declined(stage: Stage) -> None:
    first = await answered(stage)
    stage.link.effects.clear()
    actions = (Action(key="0", label="Accept"), Action(key="1", label="Decline"))
    await stage.told(Notified(id=8, app="C", summary="Ben", body="calls", actions=actions))
    await soon()
    assert stage.legs == [first]
    assert (stage.link.of(Invoke)[-1].notification, stage.link.of(Invoke)[-1].key) == (8, "1")
    assert first.state is State.ESTABLISHED


async def test_an_answer_that_has_no_effect_is_given_up(stage: Stage) -> None:
    leg = await stage.rings()
    await leg.answer()
    await asyncio.sleep(6)
    await soon()
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
    await soon()
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
    await soon()
    assert isinstance(stage.fault, LoginRejected)
    assert stage.fault.code == "sign_in_expired"


async def test_a_sign_in_that_expires_in_a_call_ends_it_not(stage: Stage) -> None:
    leg = await answered(stage)
    await stage.told(PageSeen(url="https://chat.example/login", shown=frozenset({"password"})))
    await asyncio.sleep(30)
    await soon()
    assert leg.state is State.ESTABLISHED
    await stage.told(STOPS)
    await asyncio.sleep(2)
    await soon()
    assert leg.cause is Cause.NORMAL
    assert isinstance(stage.fault, LoginRejected)


async def test_a_program_that_ends_in_a_call_ends_it(stage: Stage) -> None:
    leg = await answered(stage)
    await stage.told(ProgramEnded(status=1))
    await soon()
    assert leg.over
    assert isinstance(stage.fault, NetworkDown)


async def test_a_session_that_dies_in_a_call_loses_it(stage: Stage) -> None:
    leg = await answered(stage)
    stage.link.fail(NetworkDown("desktop_lost"))
    await soon()
    assert (leg.state, leg.cause) == (State.TERMINATED, Cause.NETWORK_LOST)
    assert not stage.ports[0].open
