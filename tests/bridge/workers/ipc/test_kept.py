"""What must not be lost is told until the house has it, and left when that cannot be any more."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from bridge.errors import HouseError, NetworkDown, NotAllowed, Throttled
from bridge.workers.asked.kept import KeepsAsking
from bridge.workers.ipc.asking import Asking
from bridge.workers.ipc.spool import Spool
from tests.peers.programs import until

CLOSE = "SubscriberRecord.close_leg"


class House(Asking):
    """Refuses the first questions for these reasons. While it `hangs` it answers nothing."""

    def __init__(self, *refusals: HouseError, hangs: bool = False) -> None:
        super().__init__(0.0, "house_unreachable")
        self._refusals = list(refusals)
        self._hangs = hangs
        self.asked: list[str] = []
        self.heard: list[str] = []

    async def ask(self, name: str, body: dict[str, Any]) -> Any:
        self.asked.append(name)
        await asyncio.sleep(0)
        if self._hangs:
            await asyncio.Event().wait()
        if self._refusals:
            raise self._refusals.pop(0)
        self.heard.append(name)


async def test_what_is_kept_is_told_again_though_nobody_waits(tmp_path: Path) -> None:
    house = House(NetworkDown("store_unreachable"), NetworkDown("house_unreachable"))
    keeps = KeepsAsking(house, Spool(tmp_path))
    waiting = asyncio.create_task(keeps.ask("SubscriberRecord.close_leg", {}))
    await asyncio.sleep(0)
    waiting.cancel()
    await until(lambda: house.heard, "it to be told")
    assert house.heard == ["SubscriberRecord.close_leg"]
    await keeps.close()
    assert not (tmp_path / "spool").exists()


async def test_what_is_not_kept_fails_at_once(tmp_path: Path) -> None:
    keeps = KeepsAsking(House(NetworkDown("store_unreachable")), Spool(tmp_path))
    with pytest.raises(NetworkDown, match="store_unreachable"):
        await keeps.ask("SubscriberRecord.open_leg", {})
    assert not (tmp_path / "spool").exists()


@pytest.mark.parametrize("why", [Throttled("throttled", 1.0), HouseError("house_failed")])
async def test_a_house_that_is_busy_or_full_is_told_again(tmp_path: Path, why: HouseError) -> None:
    house = House(why)
    await KeepsAsking(house, Spool(tmp_path)).ask(CLOSE, {})
    assert house.asked == [CLOSE, CLOSE]


async def test_a_refusal_is_not_told_again(tmp_path: Path) -> None:
    house = House(NotAllowed("lease_lost"))
    keeps = KeepsAsking(house, Spool(tmp_path))
    with pytest.raises(NotAllowed):
        await keeps.ask(CLOSE, {})
    await keeps.close()
    assert house.asked == [CLOSE] and not (tmp_path / "spool").exists()


async def test_who_leaves_does_not_wait_for_a_house_that_hangs(tmp_path: Path) -> None:
    """A supervisor kills who takes long to leave, and nobody would know of it any more."""
    house, spool = House(hangs=True), Spool(tmp_path)
    keeps = KeepsAsking(house, spool, last_answer_within=0.05)
    asking = asyncio.create_task(keeps.ask(CLOSE, {"talk_seconds": 1.0}))
    await until(lambda: house.asked, "it to be asked")
    async with asyncio.timeout(5):
        await keeps.close()
    with pytest.raises(NetworkDown, match="house_unreachable"):
        await asking
    [line] = spool.lines()
    assert line == b'["SubscriberRecord.close_leg", {"talk_seconds": 1.0}]\n'


async def test_leave_to_ring_is_not_asked_for_by_who_is_gone(tmp_path: Path) -> None:
    keeps = KeepsAsking(House(NetworkDown("house_unreachable")), Spool(tmp_path))
    keeps.leave()
    with pytest.raises(NetworkDown):
        await keeps.ask("Library.dialling", {})
    assert not (tmp_path / "spool").exists()
