"""Sound through real telephones, both ways, in each codec; and that nothing is left of a call."""

import asyncio
import threading
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import psutil
import pytest

from bridge.api.views import PhoneView
from bridge.audio.pjmedia.engine import PjsuaEngine
from bridge.audio.port import Clip
from bridge.calls.ports.leg import Leg
from bridge.connectors.sip.outbound_route import SipRoute
from bridge.connectors.sip.sip_stack import SipStack
from bridge.terms import Party, State
from tests.bridge.connectors.contract import End
from tests.bridge.connectors.sip.kit import WireNetwork, opened_route
from tests.bridge.connectors.sip.test_rtp_watchdog import talker
from tests.bridge.connectors.sip.wire import Wire, WireCall
from tests.peers.baresip import Baresip
from tests.peers.fixtures import BaresipFactory
from tests.peers.hearing import heard_sentence
from tests.peers.programs import until
from tests.peers.speech import Sound, say

ADA = Party("+4930123", "Ada", "sip")


@pytest.fixture
async def network(stack: SipStack) -> WireNetwork:
    network = WireNetwork(stack)
    network.patience = 10.0
    return network


@pytest.fixture
async def route(stack: SipStack) -> AsyncIterator[SipRoute]:
    async with opened_route(stack) as route:
        yield route


@pytest.fixture
def ours(tmp_path: Path) -> Clip:
    sound = say("Good morning. This is what the house says to the telephone.", rate=16000)
    return Clip("ours", sound.save(tmp_path / "ours.wav"), sound.seconds)


async def ring(route: SipRoute, uri: str) -> Leg:
    return await route.dial(
        PhoneView(id=uuid4(), label="desk", address=uri, position=1), ADA, uuid4()
    )


async def hears_both_ways(
    stack: SipStack, leg: Leg, phone: Baresip, theirs: Sound, ours: Clip
) -> None:
    """The house plays and records at once; the phone speaks all the time."""
    async with stack.mixer.record(leg.audio) as recording:
        await stack.mixer.play(leg.audio, ours)
    await phone.hears(ours.path)
    assert heard_sentence(theirs, recording.path)
    recording.path.unlink()


@pytest.mark.parametrize("codec", ["G722", "PCMA", "PCMU"])
async def test_both_hear_each_other(
    network: WireNetwork,
    stack: SipStack,
    route: SipRoute,
    ours: Clip,
    baresip_factory: BaresipFactory,
    codec: str,
) -> None:
    theirs = say("And here speaks the phone on the desk.")
    phone = await baresip_factory("desk", speaks=theirs, answer="auto", codecs=(codec,), pause=0.2)
    leg = await ring(route, phone.uri)
    end = network.end(leg)
    await end.becomes(State.ESTABLISHED)
    await hears_both_ways(stack, leg, phone, theirs, ours)
    await leg.hang_up()
    await end.ends()
    report = leg.media_report()
    assert report.codec == codec
    assert report.received > 50
    assert report.loss < 0.05


@pytest.mark.parametrize("by_phone", [True, False], ids=["the phone", "the house"])
async def test_a_phone_is_heard_again_after_hold_by(
    network: WireNetwork,
    stack: SipStack,
    route: SipRoute,
    ours: Clip,
    baresip_factory: BaresipFactory,
    by_phone: bool,
) -> None:
    theirs = say("And here speaks the phone on the desk.")
    phone = await baresip_factory("desk", speaks=theirs, answer="auto", pause=0.2)
    leg = await ring(route, phone.uri)
    end = network.end(leg)
    await end.becomes(State.ESTABLISHED)
    await (phone.hold() if by_phone else leg.hold(True))
    await end.becomes(State.HELD)
    await (phone.resume() if by_phone else leg.hold(False))
    await end.becomes(State.ESTABLISHED)
    async with stack.mixer.record(leg.audio) as recording:
        await stack.mixer.play(leg.audio, ours)
    assert heard_sentence(theirs, recording.path)
    recording.path.unlink()
    await leg.hang_up()
    await end.ends()


@pytest.mark.parametrize("by_phone", [True, False], ids=["the phone", "the house"])
async def test_a_phone_hears_again_after_hold_by(
    network: WireNetwork, stack: SipStack, route: SipRoute, ours: Clip, by_phone: bool
) -> None:
    """baresip 1.0 keeps no record of what it hears after a hold; a wire counts the packets."""
    async with Wire("127.0.0.5") as desk, talker("127.0.0.5") as rtp:
        leg = await ring(route, f"sip:desk@{desk.address}")
        end = network.end(leg)
        invite = await desk.receives("INVITE")
        call = WireCall.of(desk, invite)
        desk.reply(invite, "200 OK", body=desk.sdp(port=rtp.port), tag=call.tag)
        await end.becomes(State.ESTABLISHED)
        for hold, way, state in ((True, "sendonly", State.HELD), (False, "sendrecv", None)):
            if by_phone:
                call.invite(body=desk.sdp(more=f"a={way}\r\n", port=rtp.port))
                await call.becomes("200")
            else:
                await leg.hold(hold)
                again = await desk.receives("INVITE")
                desk.reply(again, "200 OK", body=desk.sdp(port=rtp.port))
            await end.becomes(state or State.ESTABLISHED)
        before = rtp.loud
        await stack.mixer.play(leg.audio, ours)
        assert rtp.loud - before > 50 * ours.seconds / 2  # of 50 packets a second
        await call.hang_up()
        await end.ends()


async def test_a_recording_is_whole_when_the_call_ends_in_its_middle(
    network: WireNetwork, stack: SipStack, route: SipRoute, baresip_factory: BaresipFactory
) -> None:
    theirs = say("And here speaks the phone on the desk.")
    phone = await baresip_factory("desk", speaks=theirs, answer="auto", pause=0.2)
    leg = await ring(route, phone.uri)
    end = network.end(leg)
    await end.becomes(State.ESTABLISHED)
    async with stack.mixer.record(leg.audio) as recording:
        await until(lambda: recording.seconds > 2 * theirs.seconds, "a sentence to be recorded")
        await phone.hang_up()
        await end.ends()
    assert heard_sentence(theirs, recording.path)
    recording.path.unlink()


async def a_short_call(
    route: SipRoute, network: WireNetwork, stack: SipStack, desk: Wire, ours: Clip
) -> None:
    """Answered, played to, recorded, hung up in the middle of it all."""
    leg = await ring(route, f"sip:desk@{desk.address}")
    end: End = network.end(leg)
    invite = await desk.receives("INVITE")
    call = WireCall.of(desk, invite)
    desk.reply(invite, "200 OK", body=desk.sdp(), tag=call.tag)
    await end.becomes(State.ESTABLISHED)
    async with stack.mixer.record(leg.audio) as recording:
        playing = asyncio.create_task(stack.mixer.play(leg.audio, ours))
        await call.hang_up()
        await end.ends()
        playing.cancel()
        await asyncio.wait([playing])
    recording.path.unlink()


def own_threads(me: psutil.Process) -> int:
    """Without those of the event loop's pool, which grows to its size when it likes to."""
    return me.num_threads() - sum(one.name.startswith("asyncio") for one in threading.enumerate())


async def test_thirty_calls_leave_nothing(
    network: WireNetwork, stack: SipStack, route: SipRoute, ours: Clip, engine: PjsuaEngine
) -> None:
    me = psutil.Process()
    async with Wire("127.0.0.5") as desk:
        for _ in range(5):  # what is made once is made now
            await a_short_call(route, network, stack, desk, ours)
        media = await engine.do(lambda: len(engine._endpoint.mediaEnumPorts2()))
        before = me.num_fds(), own_threads(me), me.memory_info().rss
        for _ in range(30):
            await a_short_call(route, network, stack, desk, ours)
        await engine.do(lambda: None)
        after = me.num_fds(), own_threads(me), me.memory_info().rss
        media_after = await engine.do(lambda: len(engine._endpoint.mediaEnumPorts2()))
    assert after[0] <= before[0] + 4  # a socket may still be on its way out
    assert after[1] <= before[1]
    assert after[2] - before[2] < 3_000_000
    assert media_after <= media
    assert engine.calls == {}
