"""The user phones in from a real phone: keys, words, and the people he reaches."""

import time
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bridge.api.commands.calls import ListVoicemails
from bridge.api.commands.contacts import CallContact, ListContacts
from bridge.api.commands.preferences import ChangeSettings, SetPin
from bridge.terms import Cause, Direction
from tests.peers.programs import so_long_after, until
from tests.peers.speech import say
from tests.real.household import Household, picks_up
from tests.real.phone_in_hall import ADAS_NAME, PIN, Hall, phone_in_hall

pytestmark = pytest.mark.asyncio(loop_scope="package")

IN_A_ROW = 60


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def _hall(_one_home: Household) -> AsyncIterator[Hall]:
    async with phone_in_hall(_one_home) as hall:
        yield hall


@pytest_asyncio.fixture(loop_scope="package")
async def hall(home: Household, _hall: Hall) -> AsyncIterator[Hall]:
    _hall.ada.forget()
    await home.front_desk.ask(
        ChangeSettings(user=home.owner, patch={"barge_in": False, "voice": True})
    )
    yield _hall
    await home.front_desk.ask(SetPin(user=home.owner, pin=PIN))  # whatever was locked


async def test_a_contact_by_her_number(hall: Hall) -> None:
    desk = await hall.phones_in(f"{PIN}#1{hall.adas_key}")
    await picks_up(hall.ada)
    await desk.hears(hall.ada.speaks)
    await hall.ada.hears(hall.home.desk_says)
    await desk.press("**")
    await hall.ada.happens("closed")
    await desk.hears(await hall.introduction())
    await desk.hang_up()
    await hall.home.is_quiet()
    [made] = await hall.records(Direction.OUTGOING, 1)
    assert (made.caller_name, made.cause, made.answered_on) == (
        "Ada Lovelace",
        Cause.NORMAL.word,
        "Desk",
    )
    [phoned] = await hall.records(Direction.PHONED_IN, 1)
    assert phoned.talk_seconds > made.talk_seconds > 3


async def test_a_contact_by_her_name(hall: Hall) -> None:
    """She is not called before the name is confirmed."""
    async with hall.caller() as phone:
        await phone.dial(hall.number.uri)
        await phone.happens("established")
        await phone.press(f"{PIN}#1")
        await phone.hears(await hall.introduction(), 20)
        await phone.says(say(ADAS_NAME))
        await phone.hears(await hall.question(), 20)
        assert hall.ada.is_quiet
        await phone.press("1")
        await picks_up(hall.ada)
        await phone.hears(hall.ada.speaks)
        await hall.ada.hang_up()
        await phone.hang_up()


async def test_three_wrong_pins_lock_it_and_the_chat_says_so(hall: Hall) -> None:
    wrong = await hall.home.spoken("That was wrong. Please type your PIN, then hash.")
    told, _ = wrong.parts(2)
    desk = await hall.phones_in("1111#")
    for listened in (0.0, (await desk.hears(told)).match.delay + told.seconds):
        await desk.hears(told, after=listened)
        await desk.press("1111#")
    await desk.happens("closed", 20)
    await hall.home.service.sees("PIN")
    again = await hall.phones_in()
    await again.happens("closed", 20)
    assert all(one.answered is None for one in await hall.records(Direction.PHONED_IN, 2))


async def test_messages_by_phone(hall: Hall) -> None:
    async with hall.home.friend() as friend:
        await hall.home.rings("Desk", seconds=5)
        await friend.dial(hall.home.number.uri)
        await friend.happens("established", 15)
        await hall.home.is_recording(10)
        await friend.hang_up()
    await until(lambda: hall.home.messages(), "the message to be kept")
    desk = await hall.phones_in(f"{PIN}#3")
    await desk.hears(hall.home.ada_says, 25)
    heard = await hall.home.front_desk.ask(ListVoicemails(user=hall.home.owner))
    assert heard[0].heard
    await desk.press("7")
    await until(_no_message(hall), "the message to be gone")
    await desk.hang_up()


def _no_message(hall: Hall):  # type: ignore[no-untyped-def]
    async def gone() -> bool:
        return await hall.home.messages() == 0

    return gone


async def test_calling_from_the_chat(hall: Hall) -> None:
    await hall.home.rings("Desk")
    people = await hall.home.front_desk.ask(ListContacts(user=hall.home.owner))
    await hall.home.front_desk.ask(CallContact(user=hall.home.owner, contact=people.contacts[0].id))
    shown = await picks_up(hall.home.desk)
    assert shown.display_name == "Ada Lovelace"
    await hall.home.desk.press("1")
    await picks_up(hall.ada)
    await hall.home.desk.hears(hall.ada.speaks)
    await hall.ada.hears(hall.home.desk_says)
    await hall.home.desk.hang_up()
    await hall.ada.happens("closed")
    [made] = await hall.records(Direction.OUTGOING, 1)
    assert made.cause == Cause.NORMAL.word


async def test_sixty_in_a_row(hall: Hall) -> None:
    for _ in range(IN_A_ROW):
        dialled = time.monotonic()
        desk = await hall.phones_in(f"{PIN}#6")
        await desk.hang_up()
        await hall.home.is_quiet()
        # more than ten in ten seconds are a flood, and refused
        await so_long_after(dialled, 1.1, "no flood to be made")
    assert len(await hall.records(Direction.PHONED_IN, IN_A_ROW)) == IN_A_ROW
