"""Into the room of the user's people."""

from tests.house import House
from tests.people import OwnPhone
from tests.scenes.phone_in.conftest import PhonesIn


async def among_people(house: House, phones_in: PhonesIn) -> OwnPhone:
    desk = await phones_in()
    await desk.presses("1")
    await desk.is_told("Your people")
    return desk
