from collections.abc import Awaitable, Callable

import pytest

from tests.house import House
from tests.people import OwnPhone

PhonesIn = Callable[..., Awaitable[OwnPhone]]


@pytest.fixture
def phones_in(house: House) -> PhonesIn:
    """The user rings the house from his desk phone, and is in the main menu (or at the door)."""

    async def call(pin: str | None = "2468") -> OwnPhone:
        house.rings("desk")
        house.subscriber.change(has_pin=True)
        desk = house.phone("desk")
        await desk.calls("bridge")
        await desk.is_told("PIN")
        if pin is not None:
            await desk.presses(f"{pin}#")
            await desk.is_told("Main menu")
        return desk

    return call
