"""The house's side: keepers come when they are wanted, and lines outlive them."""

import asyncio
import os
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path
from uuid import uuid4

import psutil
import pytest

from bridge.connectors.desktop.keeper.lines import KeeperLines, started_here
from bridge.connectors.desktop.keeper.messages import KeeperOrder
from bridge.connectors.desktop.keeper.remote import KeptSessions
from bridge.connectors.desktop.protocol.requests import Run
from bridge.errors import NetworkDown
from tests.bridge.connectors.desktop.namespaces import root_is_needed
from tests.bridge.connectors.desktop.uids import own_uids
from tests.peers.programs import until

ADA, BEN = uuid4(), uuid4()


def keepers() -> list[psutil.Process]:
    """That this process has started."""
    return [
        child
        for child in psutil.Process().children()
        if child.status() != psutil.STATUS_ZOMBIE
        and "bridge.connectors.desktop.keeper" in child.cmdline()
    ]


@asynccontextmanager
async def workers(
    lines: KeeperLines, *told: int
) -> AsyncIterator[tuple[KeptSessions, KeptSessions]]:
    """Of Ada, whose accounts' folders are `told`, and of Ben."""
    with lines.open(ADA, told) as hers, lines.open(BEN, ()) as his:
        yield KeptSessions(hers), KeptSessions(his)


@pytest.fixture
async def order(tmp_path: Path) -> AsyncIterator[KeeperOrder]:
    uids = own_uids()
    yield KeeperOrder(data_dir=tmp_path, uids=(uids.start, uids.stop))


@pytest.fixture
async def lines(order: KeeperOrder) -> AsyncIterator[KeeperLines]:
    lines = KeeperLines(started_here(order))
    yield lines
    await lines.close()
    assert not keepers(), "it ends with its house"


async def test_none_is_started_for_who_wants_none(lines: KeeperLines, order: KeeperOrder) -> None:
    lines.open(ADA, ()).close()  # a worker came, asked for nothing, and went
    async with workers(lines) as (ada, ben):
        assert not keepers()
        number = (await ada.claim()).number
        assert len(keepers()) == 1
        assert not await ben.has(number)
        assert len(keepers()) == 1
        assert (order.data_dir / "desktops" / str(number) / "user").read_text() == str(ADA)


async def test_two_hundred_users_want_it_at_once(lines: KeeperLines) -> None:
    """More than fit into what a socket holds."""
    with ExitStack() as stack:
        ends = [stack.enter_context(lines.open(uuid4(), ())) for _ in range(200)]
        asked = [KeptSessions(end).has(1) for end in ends]
        assert await asyncio.gather(*asked) == [False] * 200


async def test_it_knows_nothing_of_the_house(lines: KeeperLines, order: KeeperOrder) -> None:
    os.environ["SKYPE2SIP_TEST_SECRET"] = "secret"
    try:
        async with workers(lines) as (ada, _):
            await ada.claim()
            (keeper,) = keepers()
            assert "SKYPE2SIP_TEST_SECRET" not in keeper.environ()
            assert str(order.data_dir) not in " ".join(keeper.cmdline())
    finally:
        del os.environ["SKYPE2SIP_TEST_SECRET"]


async def test_a_keeper_that_is_killed_is_followed_by_another(
    lines: KeeperLines, order: KeeperOrder
) -> None:
    async with workers(lines) as (ada, ben):
        number = (await ada.claim()).number
        (first,) = keepers()
        first.send_signal(signal.SIGKILL)
        await until(lambda: not keepers(), "its end")
        assert await ada.has(number), "asked for between two keepers, answered by the second"
        assert await ben.claim()
        assert [one.pid for one in keepers()] != [first.pid]


async def test_one_that_cannot_be_started_is_not_waited_for(tmp_path: Path) -> None:
    tries = 0

    @asynccontextmanager
    async def start() -> AsyncIterator[socket.socket]:
        nonlocal tries
        tries += 1
        if tries == 1:
            raise FileNotFoundError(2, "no such program")
        async with started_here(KeeperOrder(data_dir=tmp_path))() as keeper:
            yield keeper

    lines = KeeperLines(start)
    async with workers(lines) as (ada, _):
        assert not await ada.has(70001)
    assert tries == 2
    await lines.close()


async def test_folders_of_old_are_whose_the_house_says(
    lines: KeeperLines, order: KeeperOrder
) -> None:
    old = order.data_dir / "desktops" / str(order.uids[0])
    (old / "home").mkdir(parents=True)
    async with workers(lines, order.uids[0]) as (ada, ben):
        assert await ada.has(order.uids[0])
        assert not await ben.has(order.uids[0])


@pytest.mark.real
async def test_a_session_behind_its_walls(lines: KeeperLines, order: KeeperOrder) -> None:
    """Opened by a process that is not its worker, and gone with it."""
    root_is_needed()
    async with workers(lines) as (ada, _):
        number = (await ada.claim()).number
        async with ada.opened(number, "dino", {}, 16000) as link:
            said = await link.ask(Run(argv=("id", "-u")))
            assert said.text.strip() == str(number)
            (keeper,) = keepers()
            keeper.send_signal(signal.SIGKILL)
            with pytest.raises(NetworkDown, match="desktop_lost"):
                async for _told in link.told():
                    pass
        await until(lambda: not _of_user(number), "all of the session to be gone")
        await ada.remove(number)
        assert not (order.data_dir / "desktops" / str(number)).exists()


def _of_user(uid: int) -> list[psutil.Process]:
    return [one for one in psutil.process_iter(["uids"]) if one.info["uids"].real == uid]
