"""The decoder's process: what the worker must not believe, and when it ends."""

import asyncio
import math
import struct
import sys
from pathlib import Path

import pytest

from bridge.audio.decoder import wire
from bridge.audio.decoder.launch import Decoder
from bridge.children.kinds import ChildKind
from tests.bridge.audio.orphans import dies_with_its_worker
from tests.peers.web import WebServer


@pytest.mark.parametrize(
    "message",
    [
        wire.Load(3, "file.mp3", at=1.5, speed=0.75),
        wire.Load(3, "http://radio.test/", live=True, patient=True),
        wire.ReachStation(3, "radio.test", 8000),
        wire.StationReached(3, "private_address"),
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
    assert wire.unpack(wire.pack(message)) == message


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
        b'["ReachStation", {"tag": 1, "host": "127.0.0.1", "port": "80"}]',
        b'["ReachStation", {"tag": 1, "host": ["127.0.0.1"], "port": 80}]',
        b'["Loaded", {"tag": 1, "seconds": NaN}]',
        b'["Title", {"tag": 1, "title": 5}]',
        wire.pack(wire.Sound(1, 0.0, b""))[:-8] + struct.pack("<d", math.inf),
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


ROGUE = """
import socket
from bridge.audio.decoder import wire


def main(end, _):
    odd = (("127.0.0.1", 22), ("x" * 300, 80), ("93.184.215.14", 1 << 40))
    for host, port in (("127.0.0.1", PORT), *odd):
        end.send(wire.pack(wire.ReachStation(0, host, port)))
        datagram, lines, *_ = socket.recv_fds(end, wire.LARGEST, 1)
        end.send(wire.pack(wire.Title(len(lines), wire.unpack(datagram).why)))
    for _ in range(1000):
        end.send(wire.pack(wire.ReachStation(0, "192.0.2.1", 80)))
"""


async def test_one_that_was_taken_over_is_connected_to_nothing_of_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor does it get many connections at once: then it is given up."""
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    heard: asyncio.Queue[wire.Message | None] = asyncio.Queue()
    async with WebServer() as web:
        (tmp_path / "child_rogue.py").write_text(ROGUE.replace("PORT", str(web.port)))
        decoder = Decoder(16000, heard.put_nowait, kind=ChildKind("child_rogue"))
        async with asyncio.timeout(30):
            said = [await heard.get() for _ in range(5)]
        await decoder.end()
    assert said == [
        wire.Title(0, "private_address"),
        wire.Title(0, "odd_address"),
        wire.Title(0, "stream_down"),
        wire.Title(0, "stream_down"),
        None,
    ]


async def test_what_the_host_allows_it_is_connected_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    heard: asyncio.Queue[wire.Message | None] = asyncio.Queue()
    async with WebServer() as web:
        (tmp_path / "child_rogue.py").write_text(ROGUE.replace("PORT", str(web.port)))
        decoder = Decoder(16000, heard.put_nowait, ("127.0.0.1",), kind=ChildKind("child_rogue"))
        async with asyncio.timeout(30):
            assert await heard.get() == wire.Title(1, "")
        await decoder.end()
