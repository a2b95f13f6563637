"""Everything that a new owner does in the chat."""

from tests.demo.stage import RING_SECONDS, Stage


async def by_chat(stage: Stage) -> None:
    await stage.house.claim()
    await stage.house.add_phone("Desk", stage.desk)
    await stage.house.choose_ring_time("Desk", RING_SECONDS)
    await stage.house.add_account(stage.number)
