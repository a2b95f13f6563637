"""RTP is watched: who says nothing is told of, who is gone is hung up, who is polite is neither."""

import asyncio
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest

from bridge.calls.ports.leg import Leg, Silent
from bridge.connectors.sip.leg import SipLeg
from bridge.connectors.sip.rtp_watchdog import TOLD_AFTER
from bridge.connectors.sip.sip_stack import SipStack
from bridge.terms import Cause, State
from tests.bridge.connectors.sip.kit import WireNetwork, at, call_through, signed_in_at
from tests.bridge.connectors.sip.wire import Registrar
from tests.peers.programs import until

ALAW, COMFORT_NOISE = 8, 13  # RFC 3551
SOON = TOLD_AFTER + 3.0


@pytest.fixture
async def network(stack: SipStack) -> WireNetwork:
    network = WireNetwork(stack)
    network.patience = 12.0
    return network


@pytest.fixture
async def provider() -> AsyncIterator[Registrar]:
    async with Registrar() as registrar:
        yield registrar


class Talker(asyncio.DatagramProtocol):
    """Sends one RTP packet after the other to where the SDP of an answer says."""

    def __init__(self) -> None:
        self.heard = self.loud = self.sent = 0
        self._socket: asyncio.DatagramTransport
        self._talking: asyncio.Task[None] | None = None

    @property
    def port(self) -> int:
        return int(self._socket.get_extra_info("sockname")[1])

    def datagram_received(self, data: bytes, _: object) -> None:
        self.heard += 1
        self.loud += len(set(data[12:])) > 10  # silence is one value all along

    def send(self, packet: bytes, port: int) -> None:
        self._socket.sendto(packet, ("127.0.0.1", port))
        self.sent += 1

    def talk(self, answer: str, payload_type: int, every: float) -> None:
        port = int(answer.partition("m=audio ")[2].split()[0])
        self._talking = asyncio.create_task(self._talk(port, payload_type, every))

    async def hush(self) -> None:
        if self._talking is not None:
            self._talking.cancel()
            with suppress(asyncio.CancelledError):
                await self._talking

    async def _talk(self, port: int, payload_type: int, every: float) -> None:
        sound = b"\xd5" * 160 if payload_type == ALAW else b"\x40"
        for number in range(1 << 16):
            head = struct.pack("!BBHII", 0x80, payload_type, number, number * 160, 0x5EED)
            self.send(head + sound, port)
            await asyncio.sleep(every)


@asynccontextmanager
async def talker(host: str = "127.0.0.1") -> AsyncIterator[Talker]:
    loop = asyncio.get_running_loop()
    made = Talker()
    made._socket, _ = await loop.create_datagram_endpoint(lambda: made, (host, 0))
    try:
        yield made
    finally:
        await made.hush()
        made._socket.close()


async def test_a_caller_who_is_never_heard_is_told_and_then_hung_up(
    network: WireNetwork, provider: Registrar, stack: SipStack
) -> None:
    stack.dead_after = 5.0
    async with signed_in_at(network, at(provider)) as ada, talker() as rtp:
        call = call_through(provider)
        call.invite(body=provider.sdp(port=rtp.port))
        called = await ada.offered()
        await called.leg.answer()
        await call.becomes("200")
        await called.becomes(State.ESTABLISHED)
        told = await called.until(lambda fact: isinstance(fact, Silent))
        assert isinstance(told, Silent)
        assert told.likely == "never_heard"
        assert TOLD_AFTER <= told.seconds < SOON
        assert rtp.heard > 20  # we never fall silent ourselves
        provider.reply(await provider.receives("BYE"), "200 OK")
        assert await called.ends() is Cause.MEDIA_LOST
        assert len([fact for fact in called.facts if isinstance(fact, Silent)]) == 1


async def test_a_caller_who_falls_silent_is_told_again_each_time(
    network: WireNetwork, provider: Registrar
) -> None:
    async with signed_in_at(network, at(provider)) as ada, talker() as rtp:
        call = call_through(provider)
        call.invite(body=provider.sdp(port=rtp.port))
        called = await ada.offered()
        await called.leg.answer()
        answer = await call.becomes("200")
        for _ in range(2):
            rtp.talk(answer.body, ALAW, 0.02)
            await heard(called.leg, rtp.sent + 5)
            await rtp.hush()
            told = await called.until(lambda fact: isinstance(fact, Silent))
            assert isinstance(told, Silent)
            assert told.likely == "went_silent"
        await call.hang_up()
        await called.ends()


@pytest.mark.parametrize("polite", ["comfort noise", "on hold"])
async def test_who_is_polite_is_not_dead(
    network: WireNetwork, provider: Registrar, stack: SipStack, polite: str
) -> None:
    """A packet of comfort noise now and then is a sign of life (RFC 3389); hold means silence."""
    stack.dead_after = 2.0
    async with signed_in_at(network, at(provider)) as ada, talker() as rtp:
        more = "a=sendonly\r\n" if polite == "on hold" else "a=sendrecv\r\n"
        call = call_through(provider)
        media = "m=audio {port} RTP/AVP 8 13\r\n"
        call.invite(body=provider.sdp(media, more, port=rtp.port))
        called = await ada.offered()
        await called.leg.answer()
        answer = await call.becomes("200")
        if polite == "comfort noise":
            rtp.talk(answer.body, COMFORT_NOISE, 0.5)
        with pytest.raises(TimeoutError):  # nothing happens, for longer than it might take
            async with asyncio.timeout(TOLD_AFTER + stack.dead_after):
                await called.until(lambda fact: isinstance(fact, Silent) or called.leg.over)
        await call.hang_up()
        assert await network.end(called.leg).ends() is Cause.NORMAL


async def heard(leg: Leg, packets: int) -> None:
    """Wait until so many packets have arrived in all."""
    assert isinstance(leg, SipLeg)

    async def arrived() -> bool:
        return (await leg.measure()).packets >= packets

    await until(arrived, f"{packets} packets to arrive")
