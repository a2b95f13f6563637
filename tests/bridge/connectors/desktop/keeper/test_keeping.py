"""Profiles and sessions over a worker's line to the keeper."""

import asyncio

import pytest

from bridge.connectors.desktop.keeper.remote import KeptSessions
from bridge.connectors.desktop.opener import SessionEnd
from bridge.connectors.desktop.protocol.requests import Run
from bridge.errors import LoginRejected, NetworkDown, SetupFault
from tests.bridge.connectors.desktop.keeper.stage import ADA, BEN, Keeper
from tests.peers.programs import until

WEB = {"address": "https://chat.example/room"}
RATE = 16000


async def test_a_profile_is_claimed_found_and_removed(keeper: Keeper) -> None:
    worker = keeper.worker(ADA)
    first, second = await worker.claim(), await worker.claim()
    assert (first.place, second.place) == (1, 2)
    assert await worker.has(first.number)
    await worker.remove(first.number)
    await worker.remove(first.number)
    assert not await worker.has(first.number)
    assert await worker.has(second.number)
    assert not await worker.has(-1)  # of an account that has none


async def test_what_belongs_to_no_account_goes(keeper: Keeper) -> None:
    worker, neighbour = keeper.worker(ADA), keeper.worker(BEN)
    kept, left, busy = [(await worker.claim()).number for _ in range(3)]
    theirs = (await neighbour.claim()).number
    async with worker.opened(busy, "web", WEB, RATE):
        with pytest.raises(NetworkDown, match="desktop_occupied"):
            await worker.keep_only([kept])
    assert [await worker.has(number) for number in (kept, left, busy)] == [True, False, True]
    await worker.keep_only([])
    assert not await worker.has(kept)
    assert await neighbour.has(theirs)


async def test_a_session_is_spoken_to_and_its_walls_follow_the_recipe(keeper: Keeper) -> None:
    worker = keeper.worker(ADA)
    number = (await worker.claim()).number
    async with worker.opened(number, "web", WEB, RATE) as link:
        assert (await link.ask(Run(argv=("hello", "there")))).text == "hello there"
        with pytest.raises(NetworkDown, match="desktop_occupied"):
            await worker.remove(number)
    (needs,) = keeper.walls.begun_with
    assert needs.browser
    assert needs.rate == RATE
    assert needs.origins == ("https://chat.example",)
    assert keeper.walls.open == 0, "who has left a session can have its profile at once"
    await worker.remove(number)


async def test_why_a_session_is_over_is_told(keeper: Keeper) -> None:
    worker = keeper.worker(ADA)
    number = (await worker.claim()).number
    async with worker.opened(number, "web", WEB, RATE) as link:
        keeper.walls.over.set_result(SessionEnd(NetworkDown("desktop_memory", mb="2000")))
        with pytest.raises(NetworkDown, match="desktop_memory") as why:
            async for _ in link.told():
                pass
    assert why.value.facts == {"mb": "2000"}


@pytest.mark.parametrize("recipe", ["no such", "../../../etc/passwd", "/bin/sh"])
async def test_a_recipe_that_the_host_does_not_have(keeper: Keeper, recipe: str) -> None:
    worker = keeper.worker(ADA)
    number = (await worker.claim()).number
    with pytest.raises(SetupFault, match="no_recipe"):
        async with worker.opened(number, recipe, {}, RATE):
            pytest.fail("it was opened")
    assert keeper.walls.begun_with == []


async def test_a_profile_that_is_not_there(keeper: Keeper) -> None:
    with pytest.raises(LoginRejected, match="sign_in_expired"):
        async with keeper.worker(ADA).opened(-1, "web", WEB, RATE):
            pytest.fail("it was opened")


async def test_a_worker_that_dies_leaves_no_session(keeper: Keeper) -> None:
    line = keeper.line(ADA)
    worker = KeptSessions(line)
    number = (await worker.claim()).number
    serving = asyncio.create_task(_held(worker, number))
    await until(lambda: keeper.walls.open == 1, "a session")
    serving.cancel()  # its descriptors are closed, as the kernel does with a dead process's
    line.close()
    await until(lambda: keeper.walls.open == 0 and keeper.serves == 0, "its end")
    await asyncio.gather(serving, return_exceptions=True)
    assert keeper.folders(ADA).find(number).occupied is not None  # type: ignore[union-attr]


async def test_a_line_without_a_keeper(keeper: Keeper) -> None:
    worker = keeper.worker(ADA)
    await worker.claim()
    await keeper.ends()
    with pytest.raises(NetworkDown, match="desktop_lost"):
        await worker.claim()


async def _held(worker: KeptSessions, number: int) -> None:
    async with worker.opened(number, "web", WEB, RATE):
        await asyncio.Future()
