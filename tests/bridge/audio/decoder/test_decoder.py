"""The decoder's process: what the worker must not believe, and when it ends."""

import asyncio
import sys

import pytest

from bridge.audio.decoder import wire
from tests.bridge.audio.orphans import dies_with_its_worker


@pytest.mark.parametrize(
    "message",
    [
        wire.Load(3, "file.mp3", at=1.5, speed=0.75),
        wire.Load(3, "http://radio.test/", live=True, allowed=("a", "b"), patient=True),
        wire.Go(4, 17.25, 2.0),
        wire.Loaded(5, None),
        wire.Sound(6, 12.5, b"\x01\x02" * 320),
        wire.Title(7, "Künstler"),
        wire.Lost(8, "stream_down"),
        wire.StationBack(9),
        wire.End(10),
    ],
)
def test_what_is_said_arrives(message: wire.Message) -> None:
    arrived = wire.unpack(wire.pack(message))
    if isinstance(message, wire.Load):
        assert tuple(getattr(arrived, "allowed", ())) == message.allowed
    else:
        assert arrived == message


@pytest.mark.parametrize(
    "datagram",
    [
        b"",
        b"\x00",
        b"\x00123",
        b"{}",
        b"[]",
        b'["Exit", {}]',
        b'["End", {"tag": 1, "os": 2}]',
        b'["End", 7]',
        b"[" * 50_000,
        b"\xff\xfe",
        b"null",
    ],
)
def test_what_makes_no_sense_is_a_value_error(datagram: bytes) -> None:
    with pytest.raises(ValueError):
        wire.unpack(datagram)


WORKER = """
import asyncio
from bridge.audio.decoder import wire
from bridge.audio.decoder.launch import Decoder

async def main():
    decoder = Decoder(16000, lambda message: print(decoder.pid, flush=True))
    decoder.tell(wire.Load(1, "missing"))
    await asyncio.sleep(3600)

asyncio.run(main())
"""


async def test_it_dies_with_its_worker() -> None:
    await dies_with_its_worker(WORKER)


async def test_a_worker_does_not_load_what_only_decoders_need() -> None:
    code = "import sys, bridge.audio.pjmedia.mixer; sys.exit('av' in sys.modules)"
    worker = await asyncio.create_subprocess_exec(sys.executable, "-c", code)
    assert await worker.wait() == 0
