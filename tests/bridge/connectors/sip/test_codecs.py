"""An account's own choice of codecs."""

from collections.abc import AsyncIterator

import pytest

from bridge.connectors.sip.codecs import ALL, only
from bridge.connectors.sip.sip_stack import SipStack
from bridge.terms import State
from tests.bridge.connectors.contract import End, Member
from tests.bridge.connectors.sip.kit import WireNetwork, at, call_through, signed_in_at
from tests.bridge.connectors.sip.wire import Registrar

SDP = "\r\n".join(
    [
        "v=0",
        "o=- 1 1 IN IP4 192.0.2.1",
        "s=pjmedia",
        "c=IN IP4 192.0.2.1",
        "t=0 0",
        "m=audio 20000 RTP/AVP 9 8 0 101",
        "a=rtpmap:9 G722/8000",
        "a=rtpmap:8 PCMA/8000",
        "a=rtpmap:0 PCMU/8000",
        "a=rtpmap:101 telephone-event/8000",
        "a=fmtp:101 0-16",
        "a=sendrecv",
        "",
    ]
)


def test_what_the_account_does_not_want_is_struck_out() -> None:
    chosen = only(SDP, ["PCMA"]).splitlines()
    assert "m=audio 20000 RTP/AVP 8 101" in chosen
    assert [line for line in chosen if "rtpmap" in line] == [
        "a=rtpmap:8 PCMA/8000",
        "a=rtpmap:101 telephone-event/8000",
    ]
    assert "a=fmtp:101 0-16" in chosen
    assert chosen[-1] == "a=sendrecv"


def test_all_of_them_change_nothing() -> None:
    assert only(SDP, ALL) == SDP


BOTH = (
    "m=audio {port} RTP/AVP 0 8 101\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:8 PCMA/8000\r\n"
    "a=rtpmap:101 telephone-event/8000\r\n"
)
ULAW = "m=audio {port} RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\n"


@pytest.fixture
async def provider() -> AsyncIterator[Registrar]:
    async with Registrar() as provider:
        yield provider


@pytest.fixture
async def ada(stack: SipStack, provider: Registrar) -> AsyncIterator[Member]:
    """Her provider speaks PCMA only."""
    async with signed_in_at(WireNetwork(stack), at(provider, codecs="PCMA")) as ada:
        yield ada


async def test_an_offer_is_answered_with_what_the_account_speaks(
    ada: Member, provider: Registrar
) -> None:
    call = call_through(provider)
    call.invite(body=provider.sdp(BOTH))
    called = await ada.offered()
    await called.leg.answer()
    answer = await call.becomes("200")
    assert "PCMA" in answer.body
    assert "PCMU" not in answer.body
    assert "telephone-event" in answer.body
    await called.becomes(State.ESTABLISHED)
    await call.hang_up()
    await called.ends()


async def test_a_caller_without_it_is_told_so(ada: Member, provider: Registrar) -> None:
    call = call_through(provider)
    call.invite(body=provider.sdp(ULAW))
    await call.becomes("488")
    await (await ada.offered()).ends()


async def test_a_call_out_offers_it_alone(ada: Member, provider: Registrar) -> None:
    leg = await ada.session.dial("4930123456")
    offer = await provider.receives("INVITE")
    assert "PCMA" in offer.body
    assert "PCMU" not in offer.body
    assert "G722" not in offer.body
    provider.reply(offer, "486 Busy Here")
    await End(ada.network, leg).ends()
