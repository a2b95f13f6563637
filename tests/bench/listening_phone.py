"""A phone that writes down when each packet came, and a call to it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from ipaddress import IPv4Address
from pathlib import Path
from uuid import uuid4

import numpy as np

from bridge.api.views import PhoneView
from bridge.audio.pjmedia.engine import EngineSettings, PjsuaEngine
from bridge.audio.pjmedia.mixer import ConferenceMixer
from bridge.calls.ports.leg import Leg
from bridge.connectors.sip.outbound_route import SipRoute
from bridge.connectors.sip.sip_stack import SipStack
from bridge.terms import Party, State
from tests.bridge.connectors.sip.wire import Wire, WireCall
from tests.peers.programs import until
from tests.peers.speech import ALAW_ORDER, ALAW_SORTED

_SIP, _RTP = "127.0.0.5", (20000, 29999)
_HEAD = 12  # bytes of an RTP packet before its sound (RFC 3550 section 5.1)
_LOUD = 1000
_VALUES = np.empty(256, np.int64)
_VALUES[ALAW_ORDER] = ALAW_SORTED


@dataclass(frozen=True)
class Packet:
    """Of RTP; `at` is when it came (time.monotonic)."""

    at: float
    alaw: bytes

    @property
    def loud(self) -> bool:
        return bool(np.abs(self._samples()).max() > _LOUD)

    @property
    def high(self) -> bool:
        """A tone of more than 1.2 kHz."""
        signs = np.signbit(self._samples())
        return self.loud and int(np.count_nonzero(signs[1:] != signs[:-1])) > 48

    def _samples(self) -> np.ndarray:
        return _VALUES[np.frombuffer(self.alaw, np.uint8)]


class ListeningPhone(asyncio.DatagramProtocol):
    """The ear of a phone: packets and when they came, on the loop's clock."""

    def __init__(self) -> None:
        self.packets: list[Packet] = []

    def datagram_received(self, raw: bytes, source: tuple[str, int]) -> None:
        if len(raw) > 2 * _HEAD:
            self.packets.append(Packet(time.monotonic(), raw[_HEAD:]))

    async def hears(self, what: Callable[[Packet], bool], since: float) -> float:
        """When the first such packet after `since` came."""

        def first() -> float:
            later = (one for one in reversed(self.packets[-200:]) if one.at >= since)
            return min((one.at for one in later if what(one)), default=0.0)

        return float(await until(first, "the sound at the phone", 5, every=0.01))


@asynccontextmanager
async def called(directory: Path) -> AsyncIterator[tuple[ConferenceMixer, Leg, ListeningPhone]]:
    """An engine that has called the phone, and the phone has answered."""
    engine = PjsuaEngine(EngineSettings(IPv4Address("127.0.0.1"), _RTP))
    await engine.start()
    mixer = ConferenceMixer(engine, directory / "recordings")
    stack = SipStack(engine, mixer)
    stack.dead_after = 3600.0  # this phone listens and says nothing
    route = SipRoute(stack, None)
    await route.open()
    try:
        async with _answered(route) as (leg, phone):
            yield mixer, leg, phone
    finally:
        await engine.stop()


@asynccontextmanager
async def _answered(route: SipRoute) -> AsyncIterator[tuple[Leg, ListeningPhone]]:
    loop = asyncio.get_running_loop()
    async with Wire(_SIP) as desk:
        ear, phone = await loop.create_datagram_endpoint(ListeningPhone, (_SIP, 0))
        port = ear.get_extra_info("sockname")[1]
        to = PhoneView(id=uuid4(), label="desk", address=f"sip:desk@{desk.address}", position=1)
        leg = await route.dial(to, Party("+4930123", "Ada", "sip"), uuid4())
        invite = await desk.receives("INVITE")
        call = WireCall.of(desk, invite)
        desk.reply(invite, "200 OK", body=desk.sdp(port=port), tag=call.tag)
        await until(lambda: leg.state is State.ESTABLISHED, "the phone to be connected")
        try:
            yield leg, phone
        finally:
            call.request("BYE")
            await until(lambda: leg.over, "the call to be over")
            ear.close()
