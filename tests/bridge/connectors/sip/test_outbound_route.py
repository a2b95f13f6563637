"""Calls out: how the user's phones are rung, and how their answers are understood."""

import asyncio
from collections.abc import AsyncIterator
from ipaddress import IPv4Network
from pathlib import Path
from uuid import uuid4

import pytest

from bridge.api.views import PhoneView
from bridge.audio.pjmedia.endpoint import MAX_CALLS
from bridge.audio.pjmedia.engine import PjsuaEngine
from bridge.audio.pjmedia.mixer import ConferenceMixer
from bridge.connectors.base import Credentials
from bridge.connectors.sip.leg import SILENT_AFTER
from bridge.connectors.sip.outbound_route import SipRoute
from bridge.connectors.sip.provider import Provider
from bridge.connectors.sip.session import SipSession
from bridge.connectors.sip.sip_stack import SipStack
from bridge.errors import NetworkDown, NotAllowed, UnknownTarget
from bridge.terms import Cause, Party, State
from tests.bridge.connectors.contract import End, Member
from tests.bridge.connectors.sip.kit import WireNetwork, opened_route
from tests.bridge.connectors.sip.wire import Message, Wire, WireCall

ERIKA = Party("+4930123", "Erika Mustermann", "sip")
CALL = uuid4()


@pytest.fixture
async def network(stack: SipStack) -> WireNetwork:
    return WireNetwork(stack)


@pytest.fixture
async def route(stack: SipStack) -> AsyncIterator[SipRoute]:
    async with opened_route(stack) as route:
        yield route


@pytest.fixture
async def desk() -> AsyncIterator[Wire]:
    """A phone at an address of its own, so that it is admitted by being dialled only."""
    async with Wire("127.0.0.5") as phone:
        yield phone


class Ringing:
    """A call to a wire: our end of it, and the INVITE that arrived there."""

    def __init__(self, end: End, wire: Wire, invite: Message) -> None:
        self.end, self.wire, self.invite = end, wire, invite
        self.call = WireCall.of(wire, invite)

    def says(self, status: str, *headers: str, sound: bool = False, tag: str = "") -> None:
        body = self.wire.sdp() if sound else ""
        self.wire.reply(self.invite, status, *headers, body=body, tag=tag or self.call.tag)

    async def answered(self) -> None:
        self.says("200 OK", sound=True)
        await self.wire.receives("ACK")
        await self.end.becomes(State.ESTABLISHED)


async def ringing(
    route: SipRoute, network: WireNetwork, wire: Wire, showing: Party = ERIKA
) -> Ringing:
    leg = await route.dial(phone_at(f"sip:desk@{wire.address}"), showing, CALL)
    return Ringing(network.end(leg), wire, await wire.receives("INVITE"))


def phone_at(address: str) -> PhoneView:
    return PhoneView(id=uuid4(), label="desk", address=address, position=1)


@pytest.mark.parametrize(
    ("showing", "name", "user"),
    [
        (ERIKA, '"Erika Mustermann"', "+4930123"),
        (Party("+49 (30) 12-3"), '"+49 (30) 12-3"', "+4930123"),
        (Party("sip:ada@10.0.0.42", "Ada"), '"Ada"', "anonymous"),
        (Party("sip:ada@10.0.0.42"), '"sip:ada@10.0.0.42"', "anonymous"),
        (Party(""), "", "anonymous"),
        (Party("1", 'x" <sip:110@bad>\r\nEvil: 1\\'), r'"x\" <sip:110@bad> Evil: 1\\"', "1"),
        (Party("1", "📞 Ädä"), '"📞 Ädä"', "1"),
    ],
)
async def test_the_phone_shows_who_calls(
    route: SipRoute, network: WireNetwork, desk: Wire, showing: Party, name: str, user: str
) -> None:
    call = await ringing(route, network, desk, showing)
    assert call.invite.header("From").startswith(f"{name} <sip:{user}@".lstrip())
    assert not call.invite.headers("Evil")
    assert not call.invite.headers("P-Asserted-Identity")
    call.says("486 Busy Here")
    assert await call.end.ends() is Cause.BUSY


async def test_the_codec_that_loses_nothing_is_offered_first(
    route: SipRoute, network: WireNetwork, desk: Wire
) -> None:
    call = await ringing(route, network, desk)
    offered = next(one for one in call.invite.body.splitlines() if one.startswith("m=audio"))
    assert offered.split()[3:6] == ["8", "0", "9"]  # PCMA, PCMU, G.722 (RFC 3551)
    assert "telephone-event/8000" in call.invite.body
    assert "crypto" not in call.invite.body
    assert "candidate" not in call.invite.body
    call.says("486 Busy Here")
    await call.end.ends()


@pytest.mark.parametrize(
    ("status", "cause"),
    [
        ("302 Moved", Cause.FAILED),
        ("403 Forbidden", Cause.FORBIDDEN),
        ("404 Not Found", Cause.NOT_FOUND),
        ("408 Timeout", Cause.UNREACHABLE),
        ("410 Gone", Cause.NOT_FOUND),
        ("480 Asleep", Cause.NO_ANSWER),
        ("484 Incomplete", Cause.NOT_FOUND),
        ("486 Busy", Cause.BUSY),
        ("488 Not Here", Cause.NOT_ACCEPTABLE),
        ("500 Oh dear", Cause.FAILED),
        ("503 Overload", Cause.UNREACHABLE),
        ("600 Busy everywhere", Cause.BUSY),
        ("603 Decline", Cause.DECLINED),
        ("604 Nowhere", Cause.NOT_FOUND),
        ("699 Never heard of", Cause.FAILED),
    ],
)
async def test_a_refusal_has_its_cause(
    route: SipRoute, network: WireNetwork, desk: Wire, status: str, cause: Cause
) -> None:
    call = await ringing(route, network, desk)
    call.says("180 Ringing")
    await call.end.becomes(State.RINGING)
    call.says(status)
    await desk.receives("ACK")
    assert await call.end.ends() is cause


async def test_a_phone_that_sends_us_elsewhere_is_not_followed(
    route: SipRoute, network: WireNetwork, desk: Wire
) -> None:
    async with Wire("127.0.0.5") as premium:
        call = await ringing(route, network, desk)
        desk.reply(call.invite, "302 Moved", f"Contact: <sip:+900123@{premium.address}>")
        await desk.receives("ACK")
        assert await call.end.ends() is Cause.FAILED
        assert premium.received == []


async def test_early_sound_is_no_answer(route: SipRoute, network: WireNetwork, desk: Wire) -> None:
    call = await ringing(route, network, desk)
    call.says("183 Session Progress", sound=True)
    await call.end.becomes(State.EARLY)
    call.says("180 Ringing")
    await call.end.becomes(State.RINGING)
    call.says("183 Session Progress", sound=True)
    await call.end.becomes(State.EARLY)
    assert call.end.leg.state is State.EARLY
    await call.answered()
    await call.call.hang_up()
    assert await call.end.ends() is Cause.NORMAL


async def test_one_of_several_forks_answers(
    route: SipRoute, network: WireNetwork, desk: Wire
) -> None:
    call = await ringing(route, network, desk)
    call.says("180 Ringing", tag="first-fork")
    await call.end.becomes(State.RINGING)
    call.says("183 Session Progress", tag="second-fork", sound=True)
    call.says("200 OK", tag="second-fork", sound=True)
    acknowledged = await desk.receives("ACK")
    assert "second-fork" in acknowledged.header("To")
    await call.end.becomes(State.ESTABLISHED)
    await call.end.leg.hang_up()
    goodbye = await desk.receives("BYE")
    assert "second-fork" in goodbye.header("To")
    desk.reply(goodbye, "200 OK")
    assert await call.end.ends() is Cause.NORMAL


async def test_giving_up_before_anything_was_heard(
    route: SipRoute, network: WireNetwork, desk: Wire
) -> None:
    """A CANCEL may only follow a provisional answer (RFC 3261 section 9.1); nobody waits for it."""
    call = await ringing(route, network, desk)
    await call.end.leg.hang_up(Cause.CANCELLED)
    assert await call.end.ends() is Cause.CANCELLED
    call.says("180 Ringing")
    desk.reply(await desk.receives("CANCEL"), "200 OK")
    call.says("487 Request Terminated")
    await desk.receives("ACK")


@pytest.mark.parametrize("status", ["180 Ringing", "183 Session Progress"])
async def test_giving_up_while_it_rings(
    route: SipRoute, network: WireNetwork, desk: Wire, status: str
) -> None:
    call = await ringing(route, network, desk)
    call.says(status, sound=status.startswith("183"))
    await call.end.becomes(State.EARLY if status.startswith("183") else State.RINGING)
    await call.end.leg.hang_up(Cause.CANCELLED)
    cancel = await desk.receives("CANCEL")
    assert not cancel.headers("Reason")
    desk.reply(cancel, "200 OK")
    call.says("487 Request Terminated")
    await desk.receives("ACK")
    assert await call.end.ends() is Cause.CANCELLED


async def test_a_phone_that_lost_the_race_lists_no_missed_call(
    route: SipRoute, network: WireNetwork, desk: Wire
) -> None:
    call = await ringing(route, network, desk)
    call.says("180 Ringing")
    await call.end.becomes(State.RINGING)
    await call.end.leg.hang_up(Cause.ELSEWHERE)
    cancel = await desk.receives("CANCEL")
    assert "cause=200" in cancel.header("Reason")
    desk.reply(cancel, "200 OK")
    call.says("487 Request Terminated")
    assert await call.end.ends() is Cause.ELSEWHERE


async def test_a_phone_that_answers_a_moment_too_late_is_hung_up(
    route: SipRoute, network: WireNetwork, desk: Wire
) -> None:
    call = await ringing(route, network, desk)
    call.says("180 Ringing")
    await call.end.becomes(State.RINGING)
    await call.end.leg.hang_up(Cause.CANCELLED)
    cancel = await desk.receives("CANCEL")
    call.says("200 OK", sound=True)
    desk.reply(cancel, "200 OK")
    desk.reply(await desk.receives("BYE"), "200 OK")
    assert await call.end.ends() is Cause.CANCELLED


async def test_a_trunk_is_proved_to_and_shows_the_name(
    network: WireNetwork, stack: SipStack
) -> None:
    async with Wire("127.0.0.6") as trunk:
        provider = Provider(trunk.address, "house", "right-one", "house-auth", registers=False)
        async with opened_route(stack, provider) as route:
            leg = await route.dial(phone_at("+4917012345"), ERIKA, CALL)
            asked = await trunk.receives("INVITE")
            challenge = 'Proxy-Authenticate: Digest realm="wire", nonce="n0nce"'
            trunk.reply(asked, "407 Proxy Authentication Required", challenge)
            proved = await trunk.receives("INVITE")
            assert 'username="house-auth"' in proved.header("Proxy-Authorization")
            assert proved.first_line.startswith("INVITE sip:+4917012345@127.0.0.6")
            assert proved.header("From").startswith('"Erika Mustermann" <sip:house@127.0.0.6>')
            assert not proved.headers("P-Asserted-Identity")
            trunk.reply(proved, "486 Busy Here")
            assert await network.end(leg).ends() is Cause.BUSY


async def test_a_trunk_that_does_not_take_our_password_forbids_the_call(
    network: WireNetwork, stack: SipStack
) -> None:
    async with Wire("127.0.0.6") as trunk:
        provider = Provider(trunk.address, "house", "wrong", registers=False)
        async with opened_route(stack, provider) as route:
            leg = await route.dial(phone_at("+4917012345"), ERIKA, CALL)
            for _ in range(2):
                challenge = 'Proxy-Authenticate: Digest realm="wire", nonce="n0nce"'
                asked = await trunk.receives("INVITE")
                trunk.reply(asked, "407 Proxy Authentication Required", challenge)
            assert await network.end(leg).ends() is Cause.FORBIDDEN
            assert trunk.count("INVITE") == 2


@pytest.mark.parametrize(
    ("showing", "asserted"),
    [
        (ERIKA, '"Erika Mustermann" <sip:+4930123@127.0.0.6>'),
        (Party("sip:ada@10.0.0.42", "Ada"), ""),
        (Party(""), ""),
    ],
)
async def test_a_trunk_that_trusts_us_is_told_who_calls(
    network: WireNetwork, stack: SipStack, showing: Party, asserted: str
) -> None:
    async with Wire("127.0.0.6") as trunk:
        provider = Provider(trunk.address, "house", registers=False, shows_caller=True)
        async with opened_route(stack, provider) as route:
            leg = await route.dial(phone_at("+4917012345"), showing, CALL)
            asked = await trunk.receives("INVITE")
            assert asked.header("P-Asserted-Identity") == asserted
            trunk.reply(asked, "603 Decline")
            assert await network.end(leg).ends() is Cause.DECLINED


async def test_without_a_trunk_no_number_is_dialled(route: SipRoute) -> None:
    with pytest.raises(NotAllowed) as refused:
        await route.dial(phone_at("+4917012345"), ERIKA, CALL)
    assert refused.value.code == "no_trunk"


async def test_a_host_that_nobody_knows_is_told_at_once(route: SipRoute) -> None:
    with pytest.raises(NetworkDown):
        await route.dial(phone_at("sip:desk@nowhere.invalid"), ERIKA, CALL)


async def test_bad_addresses_use_up_no_line(
    route: SipRoute, network: WireNetwork, desk: Wire, engine: PjsuaEngine
) -> None:
    for _ in range(MAX_CALLS + 1):
        with pytest.raises(UnknownTarget):
            await route.dial(phone_at("sip:de sk@127.0.0.5"), ERIKA, CALL)
    assert engine.live_calls == 0
    call = await ringing(route, network, desk)
    call.says("486 Busy Here")
    await call.end.ends()


async def test_a_phone_cannot_call_the_house(
    route: SipRoute, network: WireNetwork, stack: SipStack, engine: PjsuaEngine
) -> None:
    """Its address is let through once it was dialled, but there is nobody for it to talk to."""
    async with Wire("127.0.0.5") as phone:
        await stack.acl.admit("phone", ("127.0.0.5",))
        call = WireCall(phone, ("127.0.0.1", engine.sip_port), called="bridge")
        call.invite()
        await call.becomes("486")


async def test_phones_of_the_house_may_always_speak(engine: PjsuaEngine, tmp_path: Path) -> None:
    trusted = (IPv4Network("127.0.0.8/32"),)
    stack = SipStack(engine, ConferenceMixer(engine, tmp_path), trusted)
    stack.acl.shut()
    async with opened_route(stack), Wire("127.0.0.8") as phone:
        call = WireCall(phone, ("127.0.0.1", engine.sip_port), called="bridge")
        call.request("OPTIONS")
        await phone.receives("200")


async def test_a_phone_that_is_off_is_given_up_soon(
    route: SipRoute, network: WireNetwork, desk: Wire
) -> None:
    """SIP itself would try for 32 s (RFC 3261, timer B), while the next phone could ring."""
    network.patience = 10.0
    began = asyncio.get_running_loop().time()
    end = network.end(await route.dial(phone_at(f"sip:desk@{desk.address}"), ERIKA, CALL))
    assert await end.ends() is Cause.UNREACHABLE
    assert 4 < asyncio.get_running_loop().time() - began < 7
    assert desk.count("INVITE") >= 3
    desk.reply(await desk.receives("INVITE"), "486 Busy Here")  # or the slot is held for long


async def test_who_is_trying_is_not_given_up(
    route: SipRoute, network: WireNetwork, desk: Wire
) -> None:
    network.patience = 10.0
    call = await ringing(route, network, desk)
    call.wire.reply(call.invite, "100 Trying")
    ended = asyncio.create_task(call.end.ends())
    done, _ = await asyncio.wait({ended}, timeout=SILENT_AFTER + 1)
    assert not done
    call.says("486 Busy Here")
    assert await ended is Cause.BUSY


async def test_the_trunk_is_no_phone(network: WireNetwork, stack: SipStack) -> None:
    """One that knows us by our address would call whomever a sip: address names, uncounted."""
    async with Wire("127.0.0.6") as trunk, Wire("127.0.0.6") as beside:
        provider = Provider(trunk.address, "house", registers=False)
        async with opened_route(stack, provider) as route:
            with pytest.raises(NotAllowed) as refused:
                await route.dial(phone_at(f"sip:0049900@{trunk.address}"), ERIKA, CALL)
            assert refused.value.code == "phone_is_trunk"
            end = network.end(await route.dial(phone_at(f"sip:a@{beside.address}"), ERIKA, CALL))
            beside.reply(await beside.receives("INVITE"), "486 Busy Here")
            assert await end.ends() is Cause.BUSY
            assert trunk.received == []


async def test_the_host_does_not_pay_for_a_trunk_that_the_user_chose_instead(
    network: WireNetwork, stack: SipStack
) -> None:
    async with Wire("127.0.0.6") as trunk:
        provider = Provider(trunk.address, "house", registers=False)
        async with opened_route(stack, provider) as route:
            credentials = Credentials("me@p", {"registrar": "127.0.0.7", "user": "me"})
            away = Member(network, credentials).session
            assert isinstance(away, SipSession)
            route.own_trunk = away
            with pytest.raises(NetworkDown):
                await route.dial(phone_at("+4917012345"), ERIKA, CALL)
            assert trunk.received == []
