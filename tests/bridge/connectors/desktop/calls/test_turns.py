"""One call after the other: none is taken for the next, whenever it was given up."""

import asyncio

from bridge.connectors.desktop.protocol.messages import NotificationClosed, WindowGone
from bridge.connectors.desktop.protocol.requests import Invoke, Run
from bridge.errors import NetworkDown
from bridge.terms import Cause, State
from tests.bridge.connectors.desktop.calls.fake_link import TAKES
from tests.bridge.connectors.desktop.calls.stage import (
    CALLING,
    PEOPLE,
    RECORDS,
    STOPS,
    Stage,
    answered,
    soon,
    stage,
    window,
)

__all__ = ["stage"]


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
    assert len(ends) == 2
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


async def test_a_microphone_long_after_two_that_were_given_up_answers_nobody(stage: Stage) -> None:
    """The second was given up before it was its turn."""
    await stage.told(PEOPLE)
    for who in ("Ben", "Cy"):
        leg = stage.running.dial(who)
        await asyncio.sleep(1)
        await leg.hang_up(Cause.CANCELLED)
    await asyncio.sleep(100)
    ada = await stage.rings()
    await stage.told(RECORDS)
    assert ada.state is State.INCOMING
    assert not stage.ports


async def test_a_call_that_is_shown_only_after_it_was_hung_up(stage: Stage) -> None:
    """It would ring on at the other side."""
    await stage.told(PEOPLE)
    leg = stage.running.dial("Ben")
    await asyncio.sleep(0.3)
    await leg.hang_up(Cause.CANCELLED)
    await asyncio.sleep(1)
    before = len(stage.link.of(Run))
    stage.link.effects[Run] = [WindowGone(id=CALLING.id)]
    await stage.told(CALLING)
    await asyncio.sleep(5)
    assert [run.argv for run in stage.link.of(Run)[before:]] == [("hangup",)]


async def test_who_is_dialled_in_the_moment_of_hanging_up_waits(stage: Stage) -> None:
    first = await answered(stage)
    await stage.told(PEOPLE)
    await first.hang_up()
    stage.link.effects[Run] = [STOPS]
    cy = stage.running.dial("Cy")
    await asyncio.sleep(5)
    assert [run.argv[0] for run in stage.link.of(Run)] == ["hangup", "dial"]
    assert cy.state is State.OUTGOING
    await stage.told(RECORDS)
    assert cy.state is State.ESTABLISHED
    assert stage.ports[-1].open


async def test_who_is_dialled_in_the_moment_of_an_answer_is_not_taken_for_it(stage: Stage) -> None:
    stage.link.effects[Invoke] = [NotificationClosed(id=7), RECORDS]
    ada = await stage.rings()
    await ada.answer()
    await asyncio.sleep(1.5 * TAKES)  # the page is told to stay
    await ada.hang_up()
    cy = stage.running.dial("Cy")
    await soon()
    assert cy.state is State.OUTGOING


async def test_a_window_like_that_of_an_earlier_call_is_not_hung_up(stage: Stage) -> None:
    """Somebody rings with it."""
    await stage.told(PEOPLE)
    ben = stage.running.dial("Ben")
    await asyncio.sleep(1)
    await stage.told(CALLING, WindowGone(id=CALLING.id))
    await asyncio.sleep(20)
    assert ben.over
    before = len(stage.link.of(Run))
    await stage.told(window(5, "calling"))
    stage.link.effects[Invoke] = [NotificationClosed(id=7), RECORDS]
    ada = await stage.rings()
    await ada.answer()
    await soon()
    assert ada.state is State.ESTABLISHED
    assert not stage.link.of(Run)[before:]


async def test_what_comes_late_is_not_taken_for_who_rings(stage: Stage) -> None:
    await stage.told(PEOPLE)
    ben = stage.running.dial("Ben")
    await asyncio.sleep(1)
    await ben.hang_up(Cause.CANCELLED)
    ada = await stage.rings()
    await ada.answer()
    stage.link.effects[Run] = [STOPS]
    await stage.told(RECORDS)
    await soon()
    assert ada.state is State.INCOMING
    assert not stage.ports
    assert stage.link.of(Run)[-1].argv == ("hangup",)


async def test_a_microphone_that_cannot_be_hung_up_is_no_call_and_kills_nothing(
    stage: Stage,
) -> None:
    """A preview, soon after a call was given up."""
    await stage.told(PEOPLE)
    ben = stage.running.dial("Ben")
    await asyncio.sleep(1)
    await ben.hang_up(Cause.CANCELLED)
    await asyncio.sleep(10)
    await stage.told(RECORDS)
    await asyncio.sleep(60)
    assert stage.fault is None
    before = len(stage.link.of(Run))
    stage.link.effects[Invoke] = [STOPS, NotificationClosed(id=7), RECORDS]
    ada = await stage.rings()
    await ada.answer()
    await soon()
    assert ada.state is State.ESTABLISHED
    assert not stage.link.of(Run)[before:]
