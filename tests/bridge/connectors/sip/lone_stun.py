"""An engine whose account wants STUN calls somebody: prints the address that it offers for sound.

The servers are the library's own, one list for the whole process, hence a process of its own.
"""

import asyncio
import os
import struct
import tempfile
from ipaddress import IPv4Address
from pathlib import Path
from typing import cast

from bridge.audio.pjmedia.engine import EngineSettings, PjsuaEngine
from bridge.audio.pjmedia.mixer import ConferenceMixer
from bridge.connectors.sip.sip_stack import SipStack
from tests.bridge.connectors.contract import Member
from tests.bridge.connectors.sip.kit import WireNetwork, at
from tests.bridge.connectors.sip.wire import Registrar

SEEN_FROM_OUTSIDE = IPv4Address("203.0.113.9")  # RFC 5737


class StunServer(asyncio.DatagramProtocol):
    """Tells everybody SEEN_FROM_OUTSIDE (RFC 5389, by the MAPPED-ADDRESS of RFC 3489)."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, source: tuple[str, int]) -> None:
        address = struct.pack("!HHBBH4s", 1, 8, 0, 1, source[1], SEEN_FROM_OUTSIDE.packed)
        answer = struct.pack("!HH", 0x0101, len(address)) + data[4:20] + address
        self.transport.sendto(answer, source)


async def main() -> None:
    loop = asyncio.get_running_loop()
    server, _ = await loop.create_datagram_endpoint(StunServer, ("127.0.0.1", 0))
    stun = "127.0.0.1:{}".format(server.get_extra_info("sockname")[1])
    engine = PjsuaEngine(EngineSettings(IPv4Address("127.0.0.1"), (20000, 29999), stun_server=stun))
    await engine.start()
    stack = SipStack(engine, ConferenceMixer(engine, Path(tempfile.mkdtemp())))
    stack.acl.shut()
    async with Registrar() as provider:
        for wanted in ("no", "yes"):
            ada = Member(WireNetwork(stack), at(provider, user=wanted, stun=wanted))
            registering = asyncio.create_task(ada.session.run())
            await ada.is_ready.wait()
            provider.received.clear()
            await ada.session.dial("4930123456")
            offer = await provider.receives("INVITE")
            said = next(line for line in offer.body.splitlines() if line[:2] == "c=")
            print(wanted, said, flush=True)
            registering.cancel()


if __name__ == "__main__":
    asyncio.run(asyncio.wait_for(main(), 30))
    os._exit(0)  # the library aborts when its objects outlive it
