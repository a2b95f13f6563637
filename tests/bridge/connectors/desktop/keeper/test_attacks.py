"""Somebody has broken into a worker, and speaks to the keeper himself."""

import json
import os
import socket
from typing import Any

import pytest

from bridge.connectors.desktop.keeper.messages import LONGEST, ClaimProfile
from bridge.connectors.desktop.keeper.packets import pair, received, sent
from bridge.connectors.desktop.keeper.serving import MOST_AT_ONCE
from bridge.connectors.desktop.sandbox.folder import MOST_OF_A_USER
from bridge.errors import LoginRejected, SetupFault
from tests.bridge.connectors.desktop.keeper.stage import ADA, BEN, Keeper
from tests.bridge.connectors.desktop.keeper.test_keeping import RATE, WEB
from tests.peers.programs import until

OPEN: dict[str, Any] = {"kind": "open", "number": 0, "recipe": "web", "values": WEB, "rate": RATE}


async def answered(line: socket.socket, packet: bytes) -> bytes:
    """b"" when it was not."""
    ours, theirs = pair()
    with ours:
        with theirs:
            sent(line, packet, theirs)
        return (await received(ours))[0]


async def test_the_profile_of_another_user(keeper: Keeper) -> None:
    theirs = (await keeper.worker(BEN).claim()).number
    attacker = keeper.worker(ADA)
    with pytest.raises(LoginRejected, match="sign_in_expired"):
        async with attacker.opened(theirs, "web", WEB, RATE):
            pytest.fail("it was opened")
    assert not await attacker.has(theirs)
    await attacker.remove(theirs)
    assert await keeper.worker(BEN).has(theirs)
    async with keeper.worker(BEN).opened(theirs, "web", WEB, RATE):
        assert keeper.walls.open == 1


async def test_a_profile_that_is_said_to_be_his(keeper: Keeper) -> None:
    """He made his account name another user's folder, so that his house takes it for his."""
    theirs = (await keeper.worker(BEN).claim()).number
    keeper.folders(ADA).adopt([theirs, 0, 1 << 40])
    assert not await keeper.worker(ADA).has(theirs)
    old = keeper.folders().claim().number  # made before folders knew whose they are
    keeper.folders(ADA).adopt([old])
    keeper.folders(BEN).adopt([old])
    assert await keeper.worker(ADA).has(old)
    assert not await keeper.worker(BEN).has(old)


@pytest.mark.parametrize(
    "wrong",
    [
        {"number": "../../etc"},
        {"number": -1},
        {"number": 1 << 70},
        {"number": 0.5},
        {"recipe": "x" * 101},
        {"recipe": ["/bin/sh"]},
        {"values": {"address": "x" * 2001}},
        {"values": {str(number): "" for number in range(21)}},
        {"values": {"address": ["x"]}},
        {"rate": 0},
        {"rate": 10**9},
        {"argv": ["/bin/sh"]},
        {"user": BEN},
        {"kind": "run", "argv": ["id"]},
    ],
)
async def test_requests_that_are_none(keeper: Keeper, wrong: dict[str, Any]) -> None:
    line = keeper.line(ADA)
    assert await answered(line, json.dumps({**OPEN, **wrong}).encode()) == b""
    assert keeper.walls.begun_with == []
    assert b"sign_in_expired" in await answered(line, json.dumps(OPEN).encode()), "it lives on"


@pytest.mark.parametrize(
    "packet", [b"\0", b"{", b"[" * 20_000, b"x" * LONGEST + b"x", "\udc80".encode(errors="replace")]
)
async def test_packets_that_are_none(keeper: Keeper, packet: bytes) -> None:
    line = keeper.line(ADA)
    assert await answered(line, packet) == b""
    assert await answered(line, ClaimProfile().packet)


@pytest.mark.parametrize("address", ["", "http://[", "{password}", "\0", "https://a/ --no-sandbox"])
async def test_answers_that_are_none(keeper: Keeper, address: str) -> None:
    """At most they become a line of the policy of his own browser."""
    worker, line = keeper.worker(ADA), keeper.line(ADA)
    number = (await worker.claim()).number
    values = {"address": address} if address else {}
    await answered(line, json.dumps({**OPEN, "number": number, "values": values}).encode())
    await until(lambda: keeper.walls.open == 0, "the session to be over")
    assert all(len(needs.origins) == 1 for needs in keeper.walls.begun_with)
    assert await answered(line, ClaimProfile().packet)


async def test_the_disk_is_not_filled_with_profiles(keeper: Keeper) -> None:
    worker = keeper.worker(ADA)
    for _ in range(MOST_OF_A_USER):
        await worker.claim()
    with pytest.raises(SetupFault, match="desktops_full"):
        await worker.claim()
    assert (await keeper.worker(BEN).claim()).place > MOST_OF_A_USER


async def test_descriptors_are_not_heaped_up(keeper: Keeper) -> None:
    """Of files, of none, of too many, and of ends on which nobody listens."""
    line, before = keeper.line(ADA), len(os.listdir("/proc/self/fd"))
    claim = ClaimProfile().packet
    ends = [pair() for _ in range(3)]
    readable, writable = os.pipe()
    with os.fdopen(readable), os.fdopen(writable), socket.socket() as tcp:
        socket.send_fds(line, [claim], [readable])
        socket.send_fds(line, [claim], [tcp.fileno()])
        socket.send_fds(line, [claim], [theirs.fileno() for _, theirs in ends])
        line.send(claim)
        assert b"number" in await _first(ends[0][0])
    for ours, theirs in ends:
        ours.close()
        theirs.close()
    assert await answered(line, claim)
    await until(lambda: len(os.listdir("/proc/self/fd")) <= before, "all to be closed")


async def _first(end: socket.socket) -> bytes:
    return (await received(end))[0]


async def test_sessions_at_once_are_counted(keeper: Keeper) -> None:
    line, recipe = keeper.line(ADA), json.dumps(OPEN).encode()
    number = (await keeper.worker(ADA).claim()).number
    held = []
    for _ in range(MOST_AT_ONCE):
        ours, theirs = pair()
        with theirs:
            sent(line, recipe.replace(b'"number": 0', b'"number": %d' % number), theirs)
        held.append(ours)
    told = [(await received(ours, 2))[0] for ours in held]
    assert sum(b"desktop_occupied" in one for one in told) == MOST_AT_ONCE - 1
    for ours in held:
        ours.close()
    await until(lambda: keeper.walls.open == 0, "the only session to be over")


async def test_its_own_line_as_the_end_to_answer_on(keeper: Keeper) -> None:
    """What the keeper answers comes back to it as a request."""
    line = keeper.line(ADA)
    sent(line, ClaimProfile().packet, line)
    assert await answered(line, ClaimProfile().packet)
    assert keeper.serves == 1
