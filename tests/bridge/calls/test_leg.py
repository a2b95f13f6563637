"""The state machine of a leg, and the one who listens to it."""

import asyncio

import pytest

from bridge.calls.call.listener import Listener, hang_up
from bridge.calls.ivr.prompt import key_after, silence
from bridge.calls.ports.leg import NEXT, Became, Fact, Pressed, Silent
from bridge.connectors.loopback.connector import LoopbackLeg
from bridge.terms import Cause, Party, State
from tests.fake_clock import settled


@pytest.fixture
def leg() -> LoopbackLeg:
    """One end of a call that has just been dialled."""
    ours, theirs = LoopbackLeg(Party("ben")), LoopbackLeg(Party("ada"))
    ours.peer, theirs.peer = theirs, ours
    ours.became(State.OUTGOING)
    theirs.became(State.INCOMING)
    return ours


async def facts(leg: LoopbackLeg) -> list[Fact]:
    return [fact async for fact in leg.events()]


async def test_facts_come_in_their_order_and_end_with_the_leg(leg: LoopbackLeg) -> None:
    await leg.peer.ring()
    await leg.peer.answer()
    await leg.peer.press("1")
    leg.silent(3.0, "went_silent")
    await leg.peer.hang_up()
    assert await facts(leg) == [
        Became(State.OUTGOING),
        Became(State.RINGING),
        Became(State.ESTABLISHED),
        Pressed("1"),
        Silent(3.0, "went_silent"),
        Became(State.TERMINATED, Cause.NORMAL),
    ]


async def test_facts_of_a_leg_that_is_over_are_dropped(leg: LoopbackLeg) -> None:
    await leg.hang_up(Cause.CANCELLED)
    leg.became(State.ESTABLISHED)
    leg.pressed("1")
    leg.silent(3.0, "")
    assert leg.cause is Cause.CANCELLED
    assert (await facts(leg))[-1] == Became(State.TERMINATED, Cause.CANCELLED)


def test_an_illegal_move_is_a_sentence(leg: LoopbackLeg) -> None:
    with pytest.raises(ValueError, match="a leg that is outgoing cannot become held"):
        leg.became(State.HELD)


def test_every_state_but_the_last_can_end() -> None:
    for state, following in NEXT.items():
        assert (State.TERMINATED in following) == (state is not State.TERMINATED)


async def test_the_body_is_left_when_the_leg_is_over(leg: LoopbackLeg) -> None:
    listener = Listener(leg)
    async with listener.attending():
        asyncio.get_running_loop().call_later(5, leg.became, State.TERMINATED, Cause.BUSY)
        await asyncio.sleep(1000)
    assert asyncio.get_running_loop().time() == 5


async def test_the_body_of_a_leg_that_was_over_before(leg: LoopbackLeg) -> None:
    await leg.hang_up()
    async with Listener(leg).attending():
        await asyncio.sleep(1000)
    assert asyncio.get_running_loop().time() == 0


async def test_how_long_it_was_established(leg: LoopbackLeg) -> None:
    listener = Listener(leg)
    assert listener.established_seconds == 0
    async with listener.attending():
        await asyncio.sleep(2)
        await leg.peer.answer()
        await listener.established()
        await asyncio.sleep(3)
        await leg.peer.hold(True)
        await leg.peer.hold(False)
        await asyncio.sleep(1)
        assert listener.established_seconds == 4


async def test_a_network_that_breaks_in_the_goodbye(leg: LoopbackLeg) -> None:
    class Broken(LoopbackLeg):
        async def hang_up(self, cause: Cause = Cause.NORMAL) -> None:
            raise RuntimeError("a bug in a connector")

    broken = Broken(Party("ben"))
    await hang_up(broken, Cause.NORMAL)
    await hang_up(leg, Cause.NORMAL)
    assert leg.over


async def test_a_key_cuts_the_prompt_short(leg: LoopbackLeg) -> None:
    listener = Listener(leg)
    cut = asyncio.Event()

    async def prompt() -> None:
        try:
            await asyncio.sleep(10)
        except asyncio.CancelledError:
            cut.set()
            raise

    async with listener.attending():
        asyncio.get_running_loop().call_later(1, leg.pressed, "9")
        asyncio.get_running_loop().call_later(2, leg.pressed, "1")
        assert await key_after(prompt, listener, "12", 5) == "1"
    assert cut.is_set()
    assert asyncio.get_running_loop().time() == 2


async def test_patience_begins_after_the_prompt(leg: LoopbackLeg) -> None:
    listener = Listener(leg)

    async def prompt() -> None:
        await asyncio.sleep(10)

    async with listener.attending():
        asyncio.get_running_loop().call_later(14, leg.pressed, "1")
        assert await key_after(prompt, listener, "1", 5) == "1"
        assert await key_after(prompt, listener, "1", 5) is None
    assert asyncio.get_running_loop().time() == 29


async def test_a_key_pressed_a_moment_too_late_is_not_lost(leg: LoopbackLeg) -> None:
    listener = Listener(leg)
    async with listener.attending():
        assert await key_after(silence, listener, "1", 1) is None
        leg.pressed("1")
        await settled()
        assert await key_after(silence, listener, "1", 1) == "1"
