"""The block list: by typing, by a button, and off again."""

from bridge.api.commands.calls import Block
from bridge.api.views import BlockedView
from bridge.errors import BadInput
from tests.bot.fake_desk import FakeDesk, Home, now
from tests.bot.person import Person


async def test_blocking_by_typing_and_unblocking(ada: Person, home: Home, desk: FakeDesk) -> None:
    await ada.says("/block")
    await ada.sees("Nobody is blocked.")
    await ada.presses("Block somebody")
    await ada.sees("Please type the number")
    await ada.says("+49900*")
    await ada.presses("Unblock +49900*")
    await ada.sees("Nobody is blocked.")
    assert desk.last(Block).address == "+49900*"
    assert not home.blocked


async def test_what_cannot_be_blocked_can_be_typed_again(
    ada: Person, home: Home, desk: FakeDesk
) -> None:
    desk.refusals[Block] = BadInput("invalid_number")
    await ada.says("/block")
    await ada.presses("Block somebody")
    await ada.sees("Please type the number")
    await ada.says("???")
    await ada.sees("I cannot read this as a telephone number.")
    await ada.says("+4930777")
    await ada.sees("Unblock +49 30 777")


async def test_hidden_numbers(ada: Person, home: Home) -> None:
    await ada.says("/block")
    await ada.presses("Block hidden numbers")
    shown = await ada.sees("Unblock hidden numbers")
    assert "Block hidden numbers" not in [button["text"] for button in shown.buttons]


async def test_addresses_of_any_length_and_many_pages(ada: Person, home: Home) -> None:
    home.blocked = [
        BlockedView(
            address=f"sip:{number}{'x' * 170}@example.org", name=f"Caller {number}", since=now()
        )
        for number in range(12)
    ]
    await ada.says("/block")
    await ada.sees("Unblock Caller 9")
    await ada.presses("More")
    await ada.presses("Unblock Caller 11")
    await ada.sees("Unblock Caller 0")
    assert len(home.blocked) == 11
    await ada.presses("More")
    await ada.presses("Previous")
    await ada.sees("Unblock Caller 9")


async def test_unblocking_twice_is_no_fault(ada: Person, home: Home) -> None:
    home.blocked = [BlockedView(address="+4930777", name="", since=now())]
    await ada.says("/block")
    await ada.sees("Unblock")
    home.blocked = []
    await ada.presses("Unblock")
    await ada.sees("Nobody is blocked.")
