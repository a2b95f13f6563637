"""Calls that come in: who calls, and the ways a call can begin and end."""

import asyncio
import re
from collections.abc import AsyncIterator

import pytest

from bridge.connectors.sip.sip_stack import SipStack
from bridge.terms import Cause, State
from tests.bridge.connectors.contract import Member
from tests.bridge.connectors.sip.kit import WireNetwork, at, call_through, signed_in_at, talking
from tests.bridge.connectors.sip.wire import ALAW, Registrar, Wire, WireCall
from tests.peers.programs import until


@pytest.fixture
async def network(stack: SipStack) -> WireNetwork:
    return WireNetwork(stack)


@pytest.fixture
async def provider() -> AsyncIterator[Registrar]:
    async with Registrar() as registrar:
        yield registrar


@pytest.fixture
async def ada(network: WireNetwork, provider: Registrar) -> AsyncIterator[Member]:
    async with signed_in_at(network, at(provider)) as member:
        yield member


@pytest.mark.parametrize(
    ("caller", "address", "name"),
    [
        ('"Erika Mustermann" <sip:+4930123@provider.test>', "+4930123", "Erika Mustermann"),
        ("<sip:+4930123@provider.test;user=phone>", "+4930123", ""),
        ('"+4930123" <sip:+4930123@provider.test>', "+4930123", ""),
        ('"Anonymous" <sip:anonymous@anonymous.invalid>', "", ""),
        ('"📞 Ädä 🦊" <sip:ada@provider.test>', "sip:ada@provider.test", "📞 Ädä 🦊"),
        ('"M\udcfcller" <sip:17@provider.test>', "17", "Müller"),  # Latin-1, as old PBXs send it
        ('"\'; DROP TABLE calls; --" <sip:1@provider.test>', "1", "'; DROP TABLE calls; --"),
        (r'"say \"hi\" \\ now" <sip:1@provider.test>', "1", r'say "hi" \ now'),
        ('"\u202e321 eliboM\u200b" <sip:1@provider.test>', "1", "321 eliboM"),
        ('"a\x01\x7f\x1b[31mb" <sip:1@provider.test>', "1", "a[31mb"),
        ('"%s%n{0}" <sip:1@provider.test>', "1", "%s%n{0}"),
        ("Bob <sip:b%0d%0aEvil:%20x@provider.test>", "sip:b%0d%0aEvil:%20x@provider.test", "Bob"),
    ],
)
async def test_who_calls_is_known_and_can_be_shown(
    ada: Member, provider: Registrar, caller: str, address: str, name: str
) -> None:
    call = call_through(provider).caller(caller)
    call.invite()
    called = await ada.offered()
    assert (called.leg.remote.address, called.leg.remote.name) == (address, name)
    called.leg.remote.shown.encode()  # it is stored and sent on as UTF-8
    await called.leg.hang_up(Cause.DECLINED)
    await call.becomes("603")


async def test_a_name_of_three_kilobytes_is_cut(ada: Member, provider: Registrar) -> None:
    call = call_through(provider).caller(f'"{"N" * 3000}" <sip:1@provider.test>')
    call.invite(body="")
    called = await ada.offered()
    assert (called.leg.remote.address, called.leg.remote.name) == ("1", "N" * 100)
    await called.leg.hang_up()
    await call.becomes("480")


async def test_a_provider_may_assert_who_calls(ada: Member, provider: Registrar) -> None:
    call = call_through(provider).caller("<sip:anonymous@anonymous.invalid>")
    call.invite('P-Asserted-Identity: "Erika" <sip:+4930555@provider.test>, <tel:+4930555>')
    called = await ada.offered()
    assert (called.leg.remote.address, called.leg.remote.name) == ("+4930555", "Erika")
    await called.leg.hang_up()


async def test_a_caller_who_wants_privacy_keeps_it(ada: Member, provider: Registrar) -> None:
    call = call_through(provider).caller("<sip:anonymous@anonymous.invalid>")
    call.invite("P-Asserted-Identity: <sip:+4930555@provider.test>", "Privacy: id;critical")
    called = await ada.offered()
    assert called.leg.remote.address == ""
    await called.leg.hang_up()


async def test_nobody_but_the_provider_asserts_an_identity(
    ada: Member, provider: Registrar, stack: SipStack
) -> None:
    """A phone of the house may speak to us too, but it cannot vouch for anybody."""
    async with Wire("127.0.0.7") as phone:
        await stack.acl.admit("phone", ("127.0.0.7",))
        through = call_through(provider)
        call = WireCall(phone, through.target, called="ada")
        call.theirs = through.theirs
        call.invite("P-Asserted-Identity: <sip:110@provider.test>")
        called = await ada.offered()
        assert called.leg.remote.address == "+4930123"
        await called.leg.hang_up()
        await call.becomes("480")


async def test_an_identity_in_the_body_asserts_nothing(ada: Member, provider: Registrar) -> None:
    call = call_through(provider)
    parts = [
        f"--part\r\nContent-Type: application/sdp\r\n\r\n{provider.sdp()}",
        "--part\r\nContent-Type: text/plain\r\n\r\n"
        "P-Asserted-Identity: <sip:110@provider.test>\r\n",
        "--part--\r\n",
    ]
    call.invite("Content-Type: multipart/mixed;boundary=part", body="\r\n".join(parts))
    called = await ada.offered()
    assert called.leg.remote.address == "+4930123"
    await called.leg.hang_up()


async def test_the_number_that_was_dialled_is_known(ada: Member, provider: Registrar) -> None:
    call = call_through(provider)
    call.theirs = "<sip:+49301234567@provider.test>"
    call.invite()
    called = await ada.offered()
    assert called.leg.called == "+49301234567"
    await called.leg.hang_up()


@pytest.mark.parametrize(
    ("cause", "status"),
    [
        (Cause.BUSY, "486"),
        (Cause.DECLINED, "603"),
        (Cause.NOT_FOUND, "404"),
        (Cause.NO_ANSWER, "480"),
        (Cause.FORBIDDEN, "403"),
        (Cause.NORMAL, "480"),
    ],
)
async def test_refusing_tells_the_caller_why(
    ada: Member, provider: Registrar, cause: Cause, status: str
) -> None:
    call = call_through(provider)
    call.invite()
    called = await ada.offered()
    await called.leg.ring()
    await call.becomes("180")
    await called.leg.hang_up(cause)
    await call.becomes(status)
    assert await called.ends() is cause


async def test_a_caller_gives_up_while_it_rings(ada: Member, provider: Registrar) -> None:
    call = call_through(provider)
    call.invite()
    called = await ada.offered()
    await called.leg.ring()
    await call.becomes("180")
    call.request("CANCEL")
    await call.becomes("487")
    assert await called.ends() is Cause.CANCELLED


async def test_a_call_that_another_device_took_was_answered_elsewhere(
    ada: Member, provider: Registrar
) -> None:
    call = call_through(provider)
    call.invite()
    called = await ada.offered()
    await called.leg.ring()
    await call.becomes("180")
    call.request("CANCEL", 'Reason: SIP;cause=200;text="Call completed elsewhere"')
    await call.becomes("487")
    assert await called.ends() is Cause.ELSEWHERE


async def test_a_caller_may_hang_up_with_the_answer(ada: Member, provider: Registrar) -> None:
    """Their BYE comes at the heels of their ACK, and before anybody here knows of the answer."""
    call = call_through(provider)
    call.invite()
    called = await ada.offered()
    await called.leg.answer()
    call.acknowledge(await provider.receives("200"))
    call.request("BYE")
    assert await called.ends() is Cause.NORMAL


async def test_a_header_may_go_on_in_the_next_line(ada: Member, provider: Registrar) -> None:
    call = call_through(provider).caller('"Erika Mustermann"\r\n <sip:+4930123@provider.test>')
    call.invite()
    called = await ada.offered()
    assert (called.leg.remote.address, called.leg.remote.name) == ("+4930123", "Erika Mustermann")
    await called.leg.hang_up()


async def test_no_common_codec_is_refused_before_anybody_is_asked(
    ada: Member, provider: Registrar
) -> None:
    call = call_through(provider)
    call.invite(body=provider.sdp("m=audio {port} RTP/AVP 18\r\na=rtpmap:18 G729/8000\r\n"))
    await call.becomes("488")
    assert ada.offers.empty()


async def test_an_offer_may_come_late(ada: Member, provider: Registrar) -> None:
    """No SDP in the INVITE: ours is the offer, the caller's answer comes in the ACK (RFC 3264)."""
    call = call_through(provider)
    call.invite(body="")
    called = await ada.offered()
    await called.leg.answer()
    answer = await provider.receives("200")
    assert "m=audio" in answer.body
    call.acknowledge(answer, body=provider.sdp())
    await called.becomes(State.ESTABLISHED)
    await call.hang_up()
    assert await called.ends() is Cause.NORMAL


async def test_a_call_that_begins_on_hold_is_held(ada: Member, provider: Registrar) -> None:
    body = provider.sdp(ALAW, more="a=sendonly\r\n")
    async with talking(ada, provider, body) as (_, called):
        await called.becomes(State.HELD)


@pytest.mark.parametrize(
    "quiet", ["a=sendonly\r\n", "a=inactive\r\n", "c=IN IP4 0.0.0.0\r\n"], ids=str.strip
)
async def test_the_caller_holds_and_resumes(ada: Member, provider: Registrar, quiet: str) -> None:
    async with talking(ada, provider) as (call, called):
        for more, state in ((quiet, State.HELD), ("a=sendrecv\r\n", State.ESTABLISHED)) * 2:
            call.invite(body=provider.sdp(more=more))
            await call.becomes("200")
            await called.becomes(state)


async def test_a_refused_change_of_codec_does_not_end_the_call(
    ada: Member, provider: Registrar
) -> None:
    async with talking(ada, provider) as (call, called):
        call.invite(body=provider.sdp("m=audio {port} RTP/AVP 18\r\n"))
        await call.becomes("500")  # the library's word for it
        assert called.leg.state is State.ESTABLISHED


async def test_a_call_without_sound_is_no_call(ada: Member, provider: Registrar) -> None:
    """A re-INVITE that takes the sound away is refused; the call goes on as it was."""
    async with talking(ada, provider) as (call, called):
        call.invite(body=provider.sdp(port=0))
        await call.becomes("488")
        assert called.leg.state is State.ESTABLISHED


async def test_nobody_is_transferred_through_us(ada: Member, provider: Registrar) -> None:
    async with talking(ada, provider) as (call, called):
        call.request("REFER", "Refer-To: <sip:+900123@provider.test>")
        await provider.receives("403")
        assert called.leg.state is State.ESTABLISHED


async def test_nobody_takes_a_call_over(ada: Member, provider: Registrar) -> None:
    """The library would answer an INVITE with Replaces (RFC 3891) by itself, past the house."""
    async with talking(ada, provider) as (call, called):
        tag = re.search(r"tag=([^;>]+)", call.theirs)
        assert tag
        thief = call_through(provider)
        thief.invite(f"Replaces: {call.call_id};to-tag={tag[1]};from-tag={call.tag}")
        await thief.becomes("403")
        assert called.leg.state is State.ESTABLISHED


async def test_we_hang_up(ada: Member, provider: Registrar) -> None:
    call = call_through(provider)
    call.invite()
    called = await ada.offered()
    await called.leg.answer()
    await call.becomes("200")
    await called.becomes(State.ESTABLISHED)
    await called.leg.hang_up()
    assert await called.ends() is Cause.NORMAL  # and not when the BYE was answered
    provider.reply(await provider.receives("BYE"), "200 OK")


@pytest.mark.parametrize("by_us", [True, False])
async def test_an_account_may_go_during_its_call(
    network: WireNetwork, provider: Registrar, stack: SipStack, by_us: bool
) -> None:
    """The call goes on, and either side can end it."""
    async with signed_in_at(network, at(provider)) as member:
        call = call_through(provider)
        call.invite()
        called = await member.offered()
        await called.leg.answer()
        await call.becomes("200")
        await called.becomes(State.ESTABLISHED)
    if by_us:
        await called.leg.hang_up()
        provider.reply(await provider.receives("BYE"), "200 OK")
    else:
        call.invite(body=provider.sdp(more="a=sendonly\r\n"))
        await call.becomes("200")
        await called.becomes(State.HELD)
        await call.hang_up()
    assert await called.ends() is Cause.NORMAL
    await until(lambda: not stack.acl.admits("127.0.0.1"), "him to be kept out again")


async def test_a_fifth_call_finds_us_busy(ada: Member, provider: Registrar) -> None:
    calls = [call_through(provider) for _ in range(5)]
    for call in calls[:4]:
        call.invite()
    ends = [await ada.offered() for _ in range(4)]
    calls[4].invite()
    await calls[4].becomes("486")
    await asyncio.gather(*(end.leg.hang_up() for end in ends))
    for end in ends:
        await end.ends()
