"""Calls that an account makes to somebody at another provider."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from bridge.connectors.sip.sip_stack import SipStack
from bridge.errors import NetworkDown
from bridge.terms import Cause, State
from tests.bridge.connectors.contract import Member
from tests.bridge.connectors.sip.kit import WireNetwork, at, signed_in_at
from tests.bridge.connectors.sip.wire import Registrar, Wire, WireCall
from tests.peers.programs import until


@pytest.fixture
async def registrar() -> AsyncIterator[Registrar]:
    async with Registrar() as registrar:
        yield registrar


@pytest.fixture
async def grace() -> AsyncIterator[Wire]:
    """She is at an address that has nothing to do with our provider."""
    async with Wire("127.0.0.5") as wire:
        yield wire


@pytest.fixture
async def ada(stack: SipStack, registrar: Registrar) -> AsyncIterator[Member]:
    async with signed_in_at(WireNetwork(stack), at(registrar)) as ada:
        yield ada


async def test_she_answers_and_may_speak_to_us_as_long_as_we_talk(
    ada: Member, stack: SipStack, grace: Wire
) -> None:
    leg = await ada.session.dial(f"sip:grace@{grace.address}")
    end = ada.network.end(leg)
    invite = await grace.receives("INVITE")
    assert "sip:ada@127.0.0.1" in invite.header("From")
    call = WireCall.of(grace, invite)
    grace.reply(invite, "180 Ringing", tag=call.tag)
    await end.becomes(State.RINGING)
    grace.reply(invite, "200 OK", body=grace.sdp(), tag=call.tag)
    await grace.receives("ACK")
    await end.becomes(State.ESTABLISHED)
    assert stack.acl.admits("127.0.0.5")
    assert leg.dead_after == stack.dead_after
    await leg.hang_up()
    bye = await grace.receives("BYE")
    grace.reply(bye, "200 OK")
    await end.ends()
    await until(lambda: not stack.acl.admits("127.0.0.5"), "her to be kept out again")


async def test_she_is_busy(ada: Member, stack: SipStack, grace: Wire) -> None:
    leg = await ada.session.dial(f"sip:grace@{grace.address}")
    end = ada.network.end(leg)
    invite = await grace.receives("INVITE")
    grace.reply(invite, "486 Busy Here", tag="x")
    await grace.receives("ACK")
    assert await end.ends() is Cause.BUSY
    await until(lambda: not stack.acl.admits("127.0.0.5"), "her to be kept out again")


async def test_her_provider_does_not_exist(ada: Member, stack: SipStack) -> None:
    with pytest.raises(NetworkDown):
        async with asyncio.timeout(20):
            await ada.session.dial("sip:grace@nowhere.invalid")
    assert not stack.acl.admits("127.0.0.5")
